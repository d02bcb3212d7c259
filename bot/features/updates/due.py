"""When is the next update owed?"""

from __future__ import annotations

from datetime import datetime

from bot.core import calendar, telling
from bot.core.deadlines import Deadline
from bot.core.outcome import Shown
from bot.features.updates.state import Updates
from runbooks.model import Severity, Span


def deadlines(shown: Shown) -> list[Deadline]:
    """The next update; none while updates are paused, and none once the incident is resolved."""
    incident, updates = shown.incident, shown.states.of(Updates)
    if not incident.is_open or incident.declared_at is None or updates.paused_because:
        return []
    severity = shown.policy.severities.of(incident.severity, incident.rank)
    since = [incident.declared_at, incident.last_update_at, updates.taken_up_at]
    start = max(filter(None, [*since, incident.severity_at]))
    every = _every(severity, incident.declared_at, start)
    if every is None:
        return []
    due_at = calendar.due(every, start, shown.policy.calendar)
    snoozed = updates.snoozed_until
    is_snoozed = snoozed is not None and snoozed > due_at
    owed = Deadline(
        name=telling.UPDATE,
        label="Status update",
        starts_at=start,
        due_at=snoozed if is_snoozed and snoozed else due_at,
        remedy=f"Post one with `{shown.command} update`.",
        owner_roles=("comms", "ic"),
        rule="snoozed" if is_snoozed else calendar.explain(every, start, shown.policy.calendar),
        actions=(("update_asked", "Update"), ("update_no_change", "No change")),
    )
    return [owed]


def _every(severity: Severity, declared_at: datetime, start: datetime) -> Span | None:
    """The cadence: after some time it may be calmer."""
    after = severity.update_later_after
    if severity.update_later and after and start - declared_at >= after:
        return severity.update_later
    return severity.update_every
