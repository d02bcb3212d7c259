"""What can only be told from several fields of an object?"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from bot.sandbox.kinds import Mistake, Mistakes
from bot.sandbox.model import Json

Check = Callable[[Json, str], Mistakes]


def one_of(first: str, second: str) -> Check:
    """Exactly one of two fields is given."""

    def check(value: Json, pointer: str) -> Mistakes:
        if bool(value.get(first)) == bool(value.get(second)):
            told = f"must define either `{first}` or `{second}`"
            yield Mistake(told, pointer, ("one_of", [first, second]))

    return check


def some_of(*names: str) -> Check:
    """At least one of these fields is given."""

    def check(value: Json, pointer: str) -> Mistakes:
        if not any(value.get(name) for name in names):
            listed = " or ".join(f"`{name}`" for name in names)
            yield Mistake(f"must define either {listed}", pointer, ("any_of", list(names)))

    return check


def not_empty(value: Json, pointer: str) -> Mistakes:
    """At least one field is given."""
    if not value:
        yield Mistake("must have minimum 1 properties", pointer, ("min_properties", 1))


def needs(name: str, other: str) -> Check:
    """`name` is true only where `other` is."""

    def check(value: Json, pointer: str) -> Mistakes:
        if value.get(name) and not value.get(other):
            yield Mistake(f"{name} needs {other}", f"{pointer}/{name}", ("requires", other))

    return check


def ordered(low: str, high: str) -> Check:
    """Of two numbers the first is not the greater."""

    def check(value: Json, pointer: str) -> Mistakes:
        first, last = value.get(low), value.get(high)
        if first is not None and last is not None and Decimal(first) > Decimal(last):
            yield Mistake(f"{low} must not be more than {high}", pointer, ("ordered", [low, high]))

    return check


def first_choice(value: Json, pointer: str) -> Mistakes:
    """What is chosen at first is among the options."""
    groups = [value, *(value.get("option_groups") or ())]
    offered = [option["value"] for group in groups for option in group.get("options") or ()]
    for name in ("initial_option", "initial_options"):
        first = value.get(name) or []
        chosen = [first] if isinstance(first, dict) else first
        if any(option["value"] not in offered for option in chosen):
            told = "must match one of the provided options"
            yield Mistake(told, f"{pointer}/{name}", ("enum", offered))


def no_dispatch(value: Json, pointer: str) -> Mistakes:
    """A file_input tells nothing before the modal is sent."""
    if value.get("dispatch_action") and value["element"]["type"] == "file_input":
        told = "file_input does not support dispatch_action"
        yield Mistake(told, f"{pointer}/dispatch_action", ("enum", [False]))
