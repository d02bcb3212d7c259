"""Whose room is looked at next, and when is somebody asked whether they come back?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.core.deadlines import Alarm
from bot.core.incident import Incident
from bot.core.outcome import Shown
from bot.features.drift.state import Drift

KIND = "return"
_GRACE = timedelta(minutes=1)  # a slip of the finger is undone by then
_WORST = timedelta(minutes=10)
_MIDDLE = timedelta(minutes=30)
_REST = timedelta(hours=1)


class Waiting(Protocol):
    """A room of this rank (None: of no severity) that was looked at last at `since`."""

    @property
    def rank(self) -> int | None: ...  # noqa: D102
    @property
    def since(self) -> datetime: ...  # noqa: D102


W = TypeVar("W", bound=Waiting)


def every(rank: int | None) -> timedelta:
    """How often a room of this rank is looked at while there is time for all of them."""
    if rank is None or rank > 2:
        return _REST
    return _MIDDLE if rank == 2 else _WORST


def most_overdue(waiting: Sequence[W], now: datetime) -> W | None:
    """Whose turn it is; None when nobody's time has come.

    Where there is no time for all, each waits longer by the same factor, so that the worst rooms
    are still looked at more often and none is forgotten.
    """
    due = [one for one in waiting if one.since + every(one.rank) <= now]
    return max(due, key=lambda one: (now - one.since) / every(one.rank), default=None)


def alarms(shown: Shown) -> list[Alarm]:
    """When those are asked who hold a role and left the room."""
    incident = shown.incident
    if incident.is_over:
        return []
    return [
        Alarm(at + _GRACE, KIND, person)
        for person, at in shown.states.of(Drift).left_at.items()
        if person not in incident.people
        and incident.roles_of(person)
        and told_of_leaving(incident, person)
    ]


def told_of_leaving(incident: Incident, person: str) -> list[str]:
    """Who hears that somebody left with a role: they themselves, or who is still inside.

    Of a private incident nobody outside hears, so that it may be nobody.
    """
    if not incident.is_private:
        return [person]
    inside = (one for one in (incident.ic, incident.declarer) if one in incident.people)
    return [one for one in inside if one != person][:1]
