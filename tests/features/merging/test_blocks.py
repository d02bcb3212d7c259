"""How do links between incidents read?"""

from __future__ import annotations

from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentReopened
from bot.core.facts.status import DuplicateTaken, IncidentMerged
from bot.core.outcome import SummaryPart
from bot.features.merging import blocks
from bot.features.merging.state import Link, Links
from tests.features.values import as_shown, declared, states
from tests.screen import shown

MERGED = IncidentMerged(into=9, channel="C9", reason=Words("Tell <!channel> & co"))


def _parts(*facts: Fact) -> list[SummaryPart]:
    return blocks.summary_parts(as_shown(declared(), *facts))


def _read(*facts: Fact) -> str:
    """The line, which the eye and the screen reader get alike, but for the full stop."""
    (part,) = _parts(*facts)
    content = part.content.to_json()
    assert part.content.text == f"{shown(content['blocks'])}."
    return part.content.text


def test_an_incident_that_stands_on_its_own_says_nothing() -> None:
    assert _parts() == []


def test_a_duplicate_says_where_it_goes_on() -> None:
    assert _read(MERGED) == "It goes on in INC-9 <#C9>."
    (part,) = _parts(MERGED)
    assert (part.place, part.buttons, part.gaps) == (11, (), ())


def test_a_room_that_is_not_open_yet_is_left_out() -> None:
    assert _read(IncidentMerged(into=9)) == "It goes on in INC-9."
    assert blocks.linked(Link(9, None)) == "INC-9"


def test_whoever_took_duplicates_names_them_in_the_order_they_came() -> None:
    taken = (DuplicateTaken(number=14, channel="C14"), DuplicateTaken(number=13))
    assert _read(*taken) == "Duplicates: INC-14 <#C14>, INC-13."


def test_one_that_took_a_duplicate_can_be_one_itself() -> None:
    assert _read(DuplicateTaken(number=14, channel="C14"), MERGED) == (
        "It goes on in INC-9 <#C9> · Duplicates: INC-14 <#C14>."
    )


def test_one_that_is_reopened_stands_on_its_own_again_and_keeps_its_duplicates() -> None:
    assert _parts(MERGED, IncidentReopened()) == []
    taken = DuplicateTaken(number=14, channel="C14")
    assert _read(taken, MERGED, IncidentReopened()) == "Duplicates: INC-14 <#C14>."


def test_a_duplicate_that_came_back_and_went_again_is_named_once() -> None:
    taken = (
        DuplicateTaken(number=14),
        DuplicateTaken(number=13),
        DuplicateTaken(number=14, channel="C14"),
    )
    links = states(declared(), *taken).of(Links)
    assert links.duplicates == (Link(13, None), Link(14, "C14"))
