"""When does each deadline reach its next stage?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.deadlines import Alarm, Deadline
from bot.core.incident import Incident
from bot.core.outcome import Shown, States
from bot.features.sla.state import Reminder, Sla
from runbooks.model import Policy

KIND = "deadline"
_GRACE = timedelta(minutes=2)  # between due and overdue, at least
_TOO_SHORT = timedelta(minutes=10)  # to say that it is due soon


def adjusted(deadlines: Sequence[Deadline], states: States) -> list[Deadline]:
    """What is still owed, at the moment it is owed: waived is gone, snoozed is later."""
    sla = states.of(Sla)
    moved = [_moved(one, sla) for one in deadlines]
    return [one for one in moved if (one.name, one.due_at) not in sla.waived]


def _moved(deadline: Deadline, sla: Sla) -> Deadline:
    """A snooze is of the moment it was given for, which may be that of an earlier snooze."""
    until = sla.snoozed.get((deadline.name, deadline.due_at))
    if until is None or until <= deadline.due_at:
        return deadline
    return _moved(replace(deadline, due_at=until, rule="snoozed"), sla)


def alarms(shown: Shown) -> list[Alarm]:
    """The next stage of everything that is owed."""
    sla = shown.states.of(Sla)
    found = []
    for one in shown.deadlines:
        last = sla.reminders.get((one.name, one.due_at))
        at = rings_at(shown.incident, one, last, shown.policy)
        if at:
            found.append(Alarm(at, KIND, one.name))
    return found


def is_answered(incident: Incident, deadline: Deadline) -> bool:
    """Whether somebody whom its ladder called is on it: nobody else is woken then."""
    return any(
        one.climbed_for == deadline.name and one.at >= deadline.due_at and one.answered_at
        for one in incident.calls
    )


def rings_at(
    incident: Incident, deadline: Deadline, last: Reminder | None, policy: Policy
) -> datetime | None:
    """When it is looked at next: for the next stage, or to say again that it is still owed."""
    if last and is_at_end(incident, deadline, last, policy):
        return again_at(deadline, last, policy)
    return None if is_answered(incident, deadline) else next_at(deadline, last, policy)


def is_at_end(incident: Incident, deadline: Deadline, last: Reminder, policy: Policy) -> bool:
    """Whether nobody is called any more: the ladder is climbed, or somebody is on it."""
    if last.stage not in {"overdue", "climbed"} or not deadline.climbs:
        return False
    return last.rung >= len(policy.paging.ladder) or is_answered(incident, deadline)


def again_at(deadline: Deadline, last: Reminder, policy: Policy) -> datetime | None:
    """When something overdue is said again; None where it is asked for privately."""
    return None if deadline.is_personal else last.at + policy.habits.remind_again


def next_at(deadline: Deadline, last: Reminder | None, policy: Policy) -> datetime | None:
    """When the stage after `last` begins; None when the ladder has no step left."""
    if last is None:
        is_short = deadline.due_at - deadline.starts_at < _TOO_SHORT
        return deadline.due_at if is_short else deadline.soon_at
    if last.stage == "soon":
        return deadline.due_at
    if last.stage == "due":
        return overdue_at(deadline)
    if not deadline.climbs or last.rung >= len(policy.paging.ladder):
        return None
    return rung_at(deadline, last, policy)


def overdue_at(deadline: Deadline) -> datetime:
    """A further quarter of the span later; deadlines of days are overdue after an hour."""
    quarter = (deadline.due_at - deadline.starts_at) / 4
    return deadline.due_at + min(max(quarter, _GRACE), timedelta(hours=1))


def rung_at(deadline: Deadline, last: Reminder, policy: Policy) -> datetime:
    """When the next step of the ladder is climbed.

    After an outage the steps keep their distance: nobody is woken because the bot was down.
    """
    ladder = policy.paging.ladder
    after = ladder[last.rung].after.time or timedelta(0)
    before = ladder[last.rung - 1].after.time if last.rung else None
    if before is None:
        before = overdue_at(deadline) - deadline.due_at
    return max(deadline.due_at + after, last.at + max(after - before, _GRACE))
