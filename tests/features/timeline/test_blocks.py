"""Does what happened read as the room would tell it?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.core.facts import ERASED, Fact, Recorded, Words
from bot.core.facts.all import KINDS
from bot.core.facts.decisions import DecisionRecorded
from bot.core.facts.roles import RoleAccepted
from bot.core.facts.severity import SeverityChanged
from bot.core.facts.timeline import NoteAdded
from bot.core.incident import Incident
from bot.features.timeline import blocks
from tests.features.values import NOW, POLICY, TITLE, WHEN, declared, recorded
from tests.timelines import as_text

NAMES = {"UMARA": "Mara", "UJUN": "Jun"}
EVERYTHING = frozenset(blocks.GROUPS)


def note(minutes: float, text: str, corrects: int | None = None) -> NoteAdded:
    """A note about a moment counted in minutes from now."""
    at = NOW + timedelta(minutes=minutes)
    return NoteAdded(happened_at=at, text=Words(text), corrects=corrects)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_fact_has_a_line_or_is_silent_on_purpose(kind: type[Fact]) -> None:
    assert (kind in blocks.LINES) != (kind in blocks.SILENT)


@pytest.mark.parametrize("kind", blocks.LINES, ids=lambda kind: kind.__name__)
def test_every_line_can_be_told_with_the_longest_words_within_a_block(kind: type[Fact]) -> None:
    fact = filled(kind)
    [entry] = blocks.entries(recorded(fact), POLICY)
    assert entry.group in blocks.GROUPS
    assert 3 < len(entry.line) <= 700


FILLING: dict[str, Any] = {
    "Words": Words("<&>" * 1000),
    "atetime": NOW,
    "tuple[tuple[int": ((1, 2),),
    "tuple[int": (1, 2),
    "tuple": ("one", "two"),
    "int": 7,
    "bool": True,
    "str": "USOMEBODY",
}


def filled(kind: type[Fact]) -> Fact:
    """A fact of this kind with every field filled, typed ones with what escaping lengthens."""
    values = {name: filling(str(field.annotation)) for name, field in kind.model_fields.items()}
    if "permalink" in values:
        values["permalink"] = "https://example.slack.com/archives/C1/p12"
    return kind.model_validate(values)


def filling(shape: str) -> object:
    """A value for a field of this annotation."""
    if "Literal[" in shape:
        return shape.split("Literal['")[1].split("'")[0]
    return next(value for name, value in FILLING.items() if name in shape)


def test_a_whole_timeline_is_told_by_time_and_not_by_writing() -> None:
    facts = recorded(
        declared(),
        RoleAccepted(role="safety", person="UJUN"),
        note(-12, "First <wrong> answer"),
        SeverityChanged(severity="SEV0", rank=0, reason=Words("a child")),
        note(-10, "It was at 03:02", corrects=3),
        DecisionRecorded(number=1, text=Words("Roll back"), rank=0),
    )
    assert as_text(blocks.entries(facts, POLICY), NAMES).splitlines() == [
        "03:00 Mara noted: First <wrong> answer (note 3, corrected later)",
        "03:02 Mara corrected note 3: It was at 03:02 (note 5)",
        f"03:12 Mara declared it as SEV1: {TITLE}",
        "03:12 Mara made Jun Safety Lead",
        "03:12 Mara set severity SEV0: a child",
        "03:12 Mara recorded decision 1: Roll back",
    ]


def test_only_the_kinds_asked_for_are_shown() -> None:
    facts = recorded(declared(), note(0, "x1"), note(1, "x2"))
    groups = frozenset({"declared"})
    assert [one.group for one in blocks.entries(facts, POLICY, groups)] == ["declared"]


def test_erased_words_show_as_erased() -> None:
    fact = NoteAdded(happened_at=NOW, text=ERASED)
    [entry] = blocks.entries([Recorded(4, NOW, "UMARA", fact)], POLICY)
    assert entry.line == "noted: [erased] (note 4)"


def test_a_short_timeline_is_one_page_without_buttons() -> None:
    lines = blocks.entries(recorded(declared(), note(0, "<!here>")), POLICY)
    page = blocks.timeline(Incident(12), lines, EVERYTHING)
    assert page.text == (
        "Timeline of INC-12, 1 to 2 of 2, newest last:\n"
        f"{WHEN} <@UMARA> declared it as SEV1: {TITLE}\n"
        f"{WHEN} <@UMARA> noted: &lt;!here&gt; (note 2)"
    )
    assert [block.type for block in page.blocks] == ["section", "section"]


def test_a_long_timeline_is_paged_and_fits_a_message() -> None:
    facts = recorded(*(note(at, "<&>" * 1000) for at in range(40)))
    lines = blocks.entries(facts, POLICY)
    last = blocks.timeline(Incident(12), lines, EVERYTHING)
    assert last.text.startswith("Timeline of INC-12, 26 to 40 of 40")
    assert buttons(last.to_json()) == ["timeline_earlier"]
    middle = blocks.timeline(Incident(12), lines, EVERYTHING, 25)
    assert middle.text.startswith("Timeline of INC-12, 11 to 25 of 40")
    assert buttons(middle.to_json()) == ["timeline_earlier", "timeline_later"]
    first = blocks.timeline(Incident(12), lines, EVERYTHING, 10)
    assert first.text.startswith("Timeline of INC-12, 1 to 10 of 40")
    assert buttons(first.to_json()) == ["timeline_later"]
    shown = [str(block.to_dict().get("text", "")) for block in last.blocks]
    assert sum(map(len, shown)) < 12_000
    assert max(map(len, shown)) < 3_000


def test_an_empty_timeline_says_so() -> None:
    page = blocks.timeline(Incident(12), [], frozenset({"task"}))
    assert page.text == "The timeline of INC-12 has nothing of that kind yet."


def buttons(content: dict[str, Any]) -> list[str]:
    """The action ids of a message's buttons."""
    rows = (block for block in content["blocks"] if block["type"] == "actions")
    return [element["action_id"] for row in rows for element in row["elements"]]
