"""When has evidence been kept for long enough?"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.deadlines import Alarm
from bot.core.evidence import Evidence, Item
from bot.core.outcome import Shown
from runbooks.model import Policy

KIND = "evidence-retention"


def alarms(shown: Shown) -> list[Alarm]:
    """One for each item whose retention ends, unless it is on hold.

    Retention counts from the end of the incident: of what goes on everything is kept.
    """
    incident, evidence = shown.incident, shown.states.of(Evidence)
    if not incident.is_over or incident.ended_at is None:
        return []
    kept = (one for one in evidence.all if not one.erased_at and not evidence.holds(one))
    return [
        Alarm(until(one, incident.ended_at, shown.policy), KIND, str(one.number)) for one in kept
    ]


def until(one: Item, ended_at: datetime, policy: Policy) -> datetime:
    """How long an item is kept when the incident ended at `ended_at`."""
    kind = policy.evidence.kind(one.kind)
    return max(ended_at, one.at) + timedelta(days=kind.keep_days)
