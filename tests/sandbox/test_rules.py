"""Is every rule of the table held by a test, and does the README say the same?"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from pathlib import Path

from bot.sandbox import rules
from bot.sandbox.chosen import Chosen

TESTS = Path(__file__).parent
SANDBOX = Path(rules.__file__).parents[1]
BEGIN, END = "<!-- rules -->\n", "\n<!-- end of rules -->"


def test_every_rule_has_an_id_of_its_own_a_source_and_either_a_place_or_a_reason() -> None:
    ids = [rule.id for rule in rules.ALL]
    assert len(ids) == len(set(ids))
    for rule in rules.ALL:
        assert rule.says, rule.id
        assert rule.source, rule.id
        assert bool(rule.where) != bool(rule.why_not), rule.id
        assert not rule.where or (SANDBOX / rule.where).exists(), rule.id


def test_every_rule_that_is_enforced_is_named_by_a_test_and_every_name_is_a_rule() -> None:
    enforced = {rule.id for rule in rules.ALL if rule.where}
    assert set(_named()) == enforced


def test_what_is_not_verified_can_be_switched_off_and_each_switch_belongs_to_a_rule() -> None:
    switches = {rule.switch for rule in rules.ALL if rule.switch}
    assert switches == {field.name for field in dataclasses.fields(Chosen)}


def test_a_rule_that_is_a_number_shows_it() -> None:
    lines = [line for line in rules.table().splitlines() if line.startswith("| `")]
    for rule, line in zip(rules.ALL, lines, strict=True):
        figure = line.split(" | ")[2].strip()
        assert figure == ("" if rule.value is None else f"{rule.value:,}"), rule.id


def test_of_the_verified_rules_at_least_95_percent_are_enforced() -> None:
    verified = [rule for rule in rules.ALL if rule.is_verified]
    assert verified
    assert sum(bool(rule.where) for rule in verified) >= 0.95 * len(verified)


def test_the_readme_lists_the_rules_as_they_are() -> None:
    text = (SANDBOX / "README.md").read_text(encoding="utf-8")
    listed = text.partition(BEGIN)[2].partition(END)[0]
    assert listed == rules.table(), "python -m bot.sandbox.rules writes it anew"


def _named() -> Iterator[str]:
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rule":
                yield from (str(ast.literal_eval(one)) for one in node.args)
