"""When is the next update owed?"""

from __future__ import annotations

from datetime import timedelta

from bot.core.deadlines import Deadline
from bot.core.facts import Fact, Recorded, Words
from bot.core.facts.incidents import IncidentClosed, IncidentResolved
from bot.core.facts.severity import SeverityChanged
from bot.core.facts.tasks import DeadlineWaived
from bot.core.facts.updates import UpdatePosted, UpdateSnoozed, UpdatesPaused, UpdatesTakenUp
from bot.core.fold import fold
from bot.core.incident import Incident
from bot.core.outcome import Shown, States
from bot.features.updates import due, state
from bot.features.updates.state import Updates
from runbooks.model import Policy
from runbooks.stakeholders import Channel, Stakeholders
from tests.features.values import NOW, POLICY, declared

UPDATE = UpdatePosted(number=1, harm="unknown", happened=Words("x"))


def _owed(*at_minutes: tuple[int, Fact], policy: Policy = POLICY) -> Deadline | None:
    incident, updates = Incident(12), Updates()
    for seq, (minutes, fact) in enumerate(((0, declared()), *at_minutes), start=1):
        recorded = Recorded(seq, NOW + timedelta(minutes=minutes), "UMARA", fact)
        incident, updates = fold(incident, recorded), state.fold(updates, recorded)
    shown = Shown(incident, States({Updates: updates}), policy, "/incident", announces=True)
    return next(iter(due.deadlines(shown)), None)


def _minutes(*at_minutes: tuple[int, Fact]) -> float | None:
    owed = _owed(*at_minutes)
    return None if owed is None else (owed.due_at - NOW) / timedelta(minutes=1)


def test_a_sev1_owes_the_first_update_after_15_minutes() -> None:
    owed = _owed()
    assert owed
    assert owed.due_at == NOW + timedelta(minutes=15)
    assert owed.owner_roles == ("comms", "ic")
    assert owed.rule == "within 15 min"


def test_an_update_moves_the_deadline() -> None:
    assert _minutes((10, UPDATE)) == 25


def test_after_two_hours_a_sev1_is_told_of_every_half_hour() -> None:
    assert _minutes((119, UPDATE)) == 134
    assert _minutes((120, UPDATE)) == 150


def test_a_snooze_moves_it_until_the_next_update() -> None:
    snoozed = UpdateSnoozed(until=NOW + timedelta(minutes=40), reason=Words("x"))
    assert _minutes((14, snoozed)) == 40
    assert _minutes((14, snoozed), (20, UPDATE)) == 35


def test_paused_updates_are_owed_again_from_when_they_are_taken_up() -> None:
    paused = UpdatesPaused(reason=Words("night"))
    assert _minutes((5, paused)) is None
    assert _minutes((5, paused), (60, UpdatesTakenUp())) == 75


def test_a_severity_that_changed_counts_from_then() -> None:
    lower = SeverityChanged(severity="SEV2", rank=2, reason=Words("narrow"))
    worse = SeverityChanged(severity="SEV0", rank=0, reason=Words("a child"))
    assert _minutes((5, lower)) == 245
    assert _minutes((5, lower), (100, worse)) == 115


def test_raised_it_is_never_owed_later_than_before() -> None:
    worse = SeverityChanged(severity="SEV0", rank=0, reason=Words("a child"))
    assert _minutes((5, worse)) == 15
    snoozed = UpdateSnoozed(until=NOW + timedelta(minutes=90), reason=Words("x"))
    assert _minutes((14, snoozed), (20, worse)) == 35
    assert _minutes((14, snoozed), (85, worse)) == 90


def test_a_waived_update_is_this_one_and_the_next_is_owed_a_cadence_later() -> None:
    waived = DeadlineWaived(
        name="update", due_at=NOW + timedelta(minutes=15), reason=Words("press is on it")
    )
    assert _minutes((5, waived)) == 30
    assert _minutes((60, waived)) == 75
    assert _minutes((5, waived), (6, UPDATE)) == 21


def test_a_pause_with_an_end_ends_by_itself() -> None:
    paused = UpdatesPaused(reason=Words("night"), until=NOW + timedelta(minutes=60))
    assert _minutes((5, paused)) == 75
    assert _minutes((5, paused), (70, UPDATE)) == 85


def test_between_resolved_and_closed_only_executives_are_told_once_a_day() -> None:
    resolved = IncidentResolved(reason=Words("gone"))
    assert _minutes((5, resolved)) is None
    read = (Channel(channel="#execs", audience="executives", from_severity="SEV1"),)
    policy = POLICY.model_copy(update={"stakeholders": Stakeholders(channels=read)})
    owed = _owed((5, resolved), policy=policy)
    assert owed
    assert (owed.label, owed.climbs) == ("Executive summary", False)
    assert owed.due_at == NOW + timedelta(days=1, minutes=5)
    closed = IncidentClosed(reason=Words("done"))
    assert _owed((5, resolved), (9, closed), policy=policy) is None
