"""What is remembered of how an incident goes on between its beginning and its end?"""

from __future__ import annotations

from bot.core.facts import Fact, Words


class Mitigated(Fact):
    """Harm is held off: what was done, who is still exposed, and the measure that shows it."""

    done: Words
    exposed: Words
    measure: Words


class MonitoringStarted(Fact):
    """The cure is in place and is being watched."""

    reason: Words


class IncidentCancelled(Fact):
    """It was a false alarm; the fix of what raised it is named.

    `despite` says why what was still open may stay open; None: nothing was.
    """

    reason: Words
    detector_fix: Words
    despite: Words | None = None


class IncidentMerged(Fact):
    """It is the same as another incident, and goes on there; `channel` is that one's room.

    `tasks` are the numbers of those that were open and went along, `runs` the runs of runbooks
    that go on there, each with its number there.
    """

    into: int
    channel: str | None = None
    reason: Words | None = None
    tasks: tuple[int, ...] = ()
    runs: tuple[tuple[int, int], ...] = ()


class DuplicateTaken(Fact):
    """Another incident turned out to be this one; `channel` is its room."""

    number: int
    channel: str | None = None


class DuplicateReopened(Fact):
    """What was taken for a duplicate turned out to be an incident of its own."""

    number: int


class TitleChanged(Fact):
    """It is called something else from now on."""

    title: Words


class MadePrivate(Fact):
    """It goes on in a private room; the public one is frozen."""

    reason: Words | None = None


class SideRoomOpened(Fact):
    """An invite-only room beside the war room, for counsel."""

    room: str
    people: tuple[str, ...]


class IdleAsked(Fact):
    """Nothing had been heard for long; whoever commands was asked whether it goes on."""


class RoomArchived(Fact):
    """The room was closed for good."""


KINDS: tuple[type[Fact], ...] = (
    Mitigated,
    MonitoringStarted,
    IncidentCancelled,
    IncidentMerged,
    DuplicateTaken,
    DuplicateReopened,
    TitleChanged,
    MadePrivate,
    SideRoomOpened,
    IdleAsked,
    RoomArchived,
)
