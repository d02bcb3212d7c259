"""What is remembered of a room that is not as it should be?"""

from __future__ import annotations

from typing import Literal

from bot.core.facts import Fact, Words

Part = Literal["summary", "pin", "topic", "bookmark"]
Away = Literal["archived", "bot"]


class RoomRepaired(Fact):
    """A part of the room was gone or changed, and was put back."""

    part: Part


class RoomDrifted(Fact):
    """A part was taken away again after it had been put back, and is left so."""

    part: Part


class RoomRenamed(Fact):
    """Somebody gave the room another name; it keeps it."""

    name: Words


class RoomLost(Fact):
    """Nothing can be brought into the room: it was archived, or the bot is not in it."""

    why: Away


class RoomRecovered(Fact):
    """What was in the way of the room is over."""

    why: Away


class ReturnAsked(Fact):
    """A person left the room with a role: they were asked once whether they come back.

    Of a private incident whoever commands was told instead.
    """

    person: str


KINDS: tuple[type[Fact], ...] = (
    RoomRepaired,
    RoomDrifted,
    RoomRenamed,
    RoomLost,
    RoomRecovered,
    ReturnAsked,
)
