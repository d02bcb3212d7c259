"""How do people change a room behind the bot's back, and what is on record of it then?"""

from __future__ import annotations

import contextlib
from datetime import timedelta

from bot.sandbox import posts
from bot.sandbox import rooms as from_slack
from bot.sandbox.model import Message
from tests.room import MARA, Room, until

_LOOKS = 4


def kinds(room: Room, *kinds: str) -> list[tuple[str, object]]:
    """What the record says of the room: each fact of these kinds, and what it is about."""
    wanted = kinds or ("RoomRepaired", "RoomDrifted", "RoomRenamed", "RoomLost", "RoomRecovered")
    facts = [fact for fact in room.facts(1) if fact.kind in wanted]
    return [(fact.kind, next(iter(fact.payload.values()))) for fact in facts]


async def recorded(room: Room, *facts: tuple[str, object]) -> None:
    """Wait until just this is on record of the room, and everything owed for it has arrived.

    A look that something overtook is begun again, half a minute later by the room's clock.
    """
    for _ in range(_LOOKS):
        with contextlib.suppress(TimeoutError):
            await until(lambda: kinds(room) == list(facts), seconds=2)
            break
        await room.pass_time(minutes=1)
    await room.comes(lambda: kinds(room) == list(facts))
    await room.settled()
    assert kinds(room) == list(facts)


def moments_pass(room: Room) -> None:
    """A room that was looked at just now is looked at again some seconds later."""
    room.clock.move(timedelta(seconds=10))


async def rings(room: Room, minutes: float = 61) -> None:
    """Let time pass until the room's turn to be looked at has come, and was taken."""
    calls = len(room.sandbox.calls)
    await room.pass_time(minutes=minutes)
    await room.comes(lambda: looked(room, calls))
    await room.settled()
    await room.pass_time(minutes=1)  # a look that something overtook is begun again
    await room.settled()


def looked(room: Room, since: int) -> bool:
    """Whether a room was looked at since so many calls."""
    later = list(room.sandbox.calls)[since:]
    return any(call.method == "conversations.info" for call in later)


def delete(room: Room, message: Message) -> None:
    """What an admin of the workspace can do with anybody's message."""
    posts.take_away(room.sandbox.workspace, room.channel(1), message)


def direct(room: Room, person: str, words: str) -> list[str]:
    """What the bot wrote to this person privately that has these words."""
    return [one.text for one in room.direct(person) if words in one.text]


def all_waits(room: Room) -> bool:
    """Everything owed was tried and put off, or is done."""
    return bool(room.owed()) and all(row.error and row.state == "pending" for row in room.owed())


def set_topic(room: Room, topic: str) -> None:
    """Mara sets the topic of the room."""
    from_slack.set_topic(room.sandbox.workspace, room.channel(1), MARA, topic)


def rename(room: Room, name: str) -> None:
    """Mara gives the room another name."""
    from_slack.rename(room.sandbox.workspace, room.channel(1), MARA, name)
