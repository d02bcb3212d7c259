"""What happened to the room, and what is it waiting for?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core import ids
from bot.core.facts import Recorded
from bot.core.facts.incidents import IncidentReopened
from bot.core.facts.status import IdleAsked, RoomArchived, SideRoomOpened


@dataclass(frozen=True)
class Rooms:
    """`idle_asked_at` None: nobody was asked since something last happened."""

    last_at: datetime | None = None
    idle_asked_at: datetime | None = None
    is_archived: bool = False
    side_rooms: tuple[str, ...] = ()


def fold(rooms: Rooms, recorded: Recorded) -> Rooms:
    """The rooms after one more fact."""
    match recorded.fact:
        case IdleAsked():
            return replace(rooms, idle_asked_at=recorded.at)
        case RoomArchived():
            return replace(rooms, is_archived=True)
        case SideRoomOpened(room=room):
            rooms = replace(rooms, side_rooms=(*rooms.side_rooms, room))
        case IncidentReopened():  # it is unarchived, or goes on in another room, until its next end
            rooms = replace(rooms, is_archived=False)
    if recorded.actor == ids.BOT:  # what the bot does by itself is no sign of life
        return rooms
    return replace(rooms, last_at=recorded.at, idle_asked_at=None)
