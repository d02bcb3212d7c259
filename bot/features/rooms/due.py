"""When is a quiet room asked about, and when is a closed one archived?"""

from __future__ import annotations

from datetime import timedelta

from bot.core import calendar
from bot.core.deadlines import Alarm
from bot.core.outcome import Shown
from bot.features.rooms.state import Rooms


def alarms(shown: Shown) -> list[Alarm]:
    """One for quiet, while it is open; one for archiving, once it is over."""
    incident, rooms, habits = shown.incident, shown.states.of(Rooms), shown.policy.habits
    # Of what an alert declared and nobody touched, nothing but the declaring is known.
    heard = [at for at in (incident.declared_at, rooms.last_at, rooms.idle_asked_at) if at]
    if incident.is_open and heard:
        start = max(heard)
        return [Alarm(calendar.due(habits.idle_after, start, shown.policy.calendar), "idle")]
    if incident.is_over and incident.ended_at and not rooms.is_archived:
        at = calendar.due(habits.archive_after, incident.ended_at, shown.policy.calendar)
        return [Alarm(max(at, incident.ended_at + timedelta(minutes=1)), "archive")]
    return []
