"""Does every rule that puts words on record mask what somebody types into them?"""

from __future__ import annotations

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module, util
from types import FunctionType, ModuleType

import pytest

from bot import features

# Nobody types these words into the record: systems say them, or they stood on it before.
UNTYPED = {
    "alerts.propose": "a monitor's",
    "alerts.fold_in": "a monitor's",
    "drift.mend": "the room's name, as Slack has it",
    "fetching.miss": "ours: why a file cannot be had",
    "incidents.declare_from_alert": "a monitor's",
    "links.miss": "ours: why a snapshot cannot be had",
    "links.delay": "the other side's",
    "nearmiss.report": "cleared by the rule itself: there is no room to tell anybody in",
    "sending.fire": "ours: why a system was not called",
    "takeover.agree": "the reason of whoever asked, masked when they did",
    "webhooks.record": "another system's",
}


def _rule_modules() -> Iterator[ModuleType]:
    for one in pkgutil.iter_modules(features.__path__):
        name = f"{features.__name__}.{one.name}.rules"
        if util.find_spec(name):
            yield import_module(name)


def _makes_words(module: ModuleType, name: str, seen: set[str]) -> bool:
    """Whether this function of the module makes Words, itself or by others of the module."""
    found = inspect.unwrap(vars(module).get(name, print))
    if name in seen or not isinstance(found, FunctionType) or found.__module__ != module.__name__:
        return False
    seen.add(name)
    calls = [
        one for one in ast.walk(ast.parse(inspect.getsource(found))) if isinstance(one, ast.Call)
    ]
    called = {one.func.id for one in calls if isinstance(one.func, ast.Name)}
    return "Words" in called or any(_makes_words(module, one, seen) for one in called)


def _recording() -> Iterator[tuple[str, bool]]:
    """Every rule that makes words of what somebody asked, and whether it masks them."""
    for module in _rule_modules():
        for name, rule in vars(module).items():
            if name.startswith("_") or not isinstance(rule, FunctionType):
                continue
            about = [one.annotation for one in inspect.signature(rule).parameters.values()]
            is_rule = len(about) == 3 and (about[0], about[2]) == ("Incident", "Context")
            if is_rule and about[1] != "Alarm" and _makes_words(module, name, set()):
                yield f"{module.__name__.split('.')[-2]}.{name}", hasattr(rule, "words_in")


def test_rules_are_found_by_what_they_make() -> None:
    found = dict(_recording())
    assert len(found) > 30
    assert {"timeline.note", "updates.quick", "tasks.give"} <= found.keys()
    assert UNTYPED.keys() <= found.keys()


@pytest.mark.parametrize(("rule", "is_masked"), _recording())
def test_what_is_typed_into_the_record_is_masked(rule: str, is_masked: bool) -> None:
    assert is_masked is not (rule in UNTYPED)
