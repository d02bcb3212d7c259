"""When is the next update owed?"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core import calendar, telling
from bot.core.deadlines import Deadline
from bot.core.incident import Incident
from bot.core.outcome import Shown
from bot.features.updates.state import Grade, Updates
from runbooks.model import Policy, Severity, Span

LONGEST_SNOOZE = timedelta(hours=4)


def deadlines(shown: Shown) -> list[Deadline]:
    """The next update; none while updates are paused without an end.

    Once it is resolved only executives go on being told, more slowly, until it is closed.
    """
    incident, updates = shown.incident, shown.states.of(Updates)
    if incident.declared_at is None or (updates.pause and updates.pause.until is None):
        return []
    if incident.status == "resolved":
        return _for_executives(shown, updates)
    return _owed(shown, updates) if incident.is_open else []


def _owed(shown: Shown, updates: Updates) -> list[Deadline]:
    begun = _begun(shown.incident, updates)
    moved = _reckoned(updates, begun, shown.incident, shown.policy)
    if moved is None:
        return []
    start, due_at, rule = moved
    return [
        Deadline(
            name=telling.UPDATE,
            label="Status update",
            starts_at=start,
            due_at=due_at,
            remedy=f"Post one with `{shown.command} update`.",
            owner_roles=("comms", "ic"),
            rule=rule,
            actions=(("update_asked", "Update"), ("update_no_change", "No change")),
            snooze_at_most=LONGEST_SNOOZE,
        )
    ]


def _for_executives(shown: Shown, updates: Updates) -> list[Deadline]:
    """The executive summary between resolved and closed, where somebody reads one."""
    read, incident = shown.policy.stakeholders, shown.incident
    audiences = {one.audience for one in read.channels} | {one.audience for one in read.mail}
    if incident.ended_at is None or "executives" not in audiences:
        return []
    start = max(incident.ended_at, _begun(incident, updates))
    every = shown.policy.habits.resolved_update_every
    return [
        Deadline(
            name=telling.UPDATE,
            label="Executive summary",
            starts_at=start,
            due_at=max(start + every, updates.snoozed_until or start),
            remedy=f"Post one with `{shown.command} update`, or close the incident.",
            owner_roles=("comms", "ic"),
            rule="until it is closed",
            climbs=False,
            actions=(("update_asked", "Update"), ("update_no_change", "No change")),
            snooze_at_most=LONGEST_SNOOZE,
        )
    ]


def _begun(incident: Incident, updates: Updates) -> datetime:
    """From when the cadence counts, whatever the severity did since."""
    until = updates.pause.until if updates.pause else None
    last = (incident.last_update_at, updates.taken_up_at, updates.waived_at, until)
    since = [incident.declared_at, *last]
    return max(one for one in since if one)


def _reckoned(
    updates: Updates, begun: datetime, incident: Incident, policy: Policy
) -> tuple[datetime, datetime, str] | None:
    """Start, moment and rule. Raised, it is never owed later than before; lowered, from then on."""
    before = [one for one in updates.grades if one.at <= begun] or list(updates.grades[:1])
    moved = _one(before[-1], begun, incident, policy)
    rank = before[-1].rank
    for grade in updates.grades[len(before) :]:
        anew = _one(grade, grade.at, incident, policy)
        was = _snoozed(moved, updates, grade.at)
        is_raised = grade.rank < rank and was is not None and anew is not None
        moved = min(was, anew, key=lambda one: one[1]) if is_raised and was and anew else anew
        rank = grade.rank
    is_raised_since = any(
        later.rank < earlier.rank and updates.snoozed_at and later.at > updates.snoozed_at
        for earlier, later in zip(updates.grades, updates.grades[1:], strict=False)
    )
    return moved if is_raised_since else _snoozed(moved, updates, None)


def _snoozed(
    moved: tuple[datetime, datetime, str] | None, updates: Updates, at: datetime | None
) -> tuple[datetime, datetime, str] | None:
    """Put off where a snooze was given before `at`; None: at any time."""
    until, since = updates.snoozed_until, updates.snoozed_at
    if moved is None or until is None or until <= moved[1] or (at and since and since > at):
        return moved
    return moved[0], until, "snoozed"


def _one(
    grade: Grade, start: datetime, incident: Incident, policy: Policy
) -> tuple[datetime, datetime, str] | None:
    severity = policy.severities.of(grade.severity, grade.rank)
    every = _every(severity, incident.declared_at or start, start)
    if every is None:
        return None
    rule = calendar.explain(every, start, policy.calendar)
    return start, calendar.due(every, start, policy.calendar), rule


def _every(severity: Severity, declared_at: datetime, start: datetime) -> Span | None:
    """The cadence: after some time it may be calmer."""
    after = severity.update_later_after
    if severity.update_later and after and start - declared_at >= after:
        return severity.update_later
    return severity.update_every
