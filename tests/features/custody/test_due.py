"""When does retention end?"""

from __future__ import annotations

from datetime import timedelta

from bot.core.facts import Fact, Words
from bot.core.facts.evidence import EvidenceErased, HoldLifted, HoldPlaced
from bot.core.facts.incidents import IncidentClosed, IncidentReopened
from bot.features.custody import due
from tests.features.evidence.values import preserved
from tests.features.values import NOW, as_shown, declared

CLOSED = IncidentClosed(reason=Words("done"))
WHY = Words("x")


def days(*facts: Fact) -> list[int]:
    """In how many days each item goes."""
    return [(alarm.at - NOW).days for alarm in due.alarms(as_shown(declared(), *facts))]


def test_it_counts_from_the_end_by_kind() -> None:
    facts = (preserved(), preserved(2, kind="pasted"))
    assert days(*facts) == []
    assert days(*facts, CLOSED) == [730, 90]


def test_a_hold_stops_it_until_it_is_lifted() -> None:
    facts = (preserved(), preserved(2), CLOSED)
    assert days(*facts, HoldPlaced(reason=WHY)) == []
    assert days(*facts, HoldPlaced(number=1, reason=WHY)) == [730]
    assert days(*facts, HoldPlaced(reason=WHY), HoldLifted(reason=WHY)) == [730, 730]


def test_what_was_erased_or_goes_on_again_is_not_counted() -> None:
    facts = (preserved(), CLOSED)
    assert days(*facts, EvidenceErased(number=1, reason=WHY)) == []
    assert days(*facts, IncidentReopened(reason=WHY)) == []


def test_what_came_after_the_end_is_kept_as_long() -> None:
    [alarm] = due.alarms(as_shown(declared(), CLOSED, preserved()))
    assert alarm.at - NOW == timedelta(days=730)
