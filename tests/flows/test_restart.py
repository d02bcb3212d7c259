"""Does a bot that was away remember what is owed, and say it once?"""

from __future__ import annotations

from datetime import timedelta

from bot.sandbox.model import Message
from tests.flows.story import TITLE
from tests.room import MARA, Room, until

AT_ONCE = timedelta(0)


def _reminders(room: Room) -> list[tuple[object, object]]:
    return [
        (fact.payload["stage"], fact.payload.get("rung", 0))
        for fact in room.facts(1)
        if fact.kind == "DeadlineReminded" and fact.payload["name"] == "acknowledge"
    ]


def _told(room: Room) -> list[Message]:
    """Every message about it, in the room and to whoever declared."""
    everything = [*room.posts(room.channel(1)), *room.direct(MARA)]
    return [one for one in everything if "First acknowledgement" in one.text]


async def test_an_incident_nobody_owns_is_alarmed_once_by_a_bot_that_was_away(
    any_room: Room,
) -> None:
    room = any_room
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    before = _reminders(room)
    await room.restart(timedelta(minutes=16))
    await until(lambda: _reminders(room) != before)
    await room.settled()
    said, told = _reminders(room), [one.ts for one in _told(room)]
    assert len(said) == len(before) + 1
    assert told
    for _ in range(2):
        await room.restart(AT_ONCE)
        await room.pass_time(seconds=1)
    assert _reminders(room) == said
    assert [one.ts for one in _told(room)] == told


async def test_what_was_decided_before_a_restart_holds_after_it(room: Room) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    channel = room.channel(1).id
    await room.type(MARA, channel, "/incident take ic")
    await room.settled()
    posts = len(room.posts(room.channel(1)))
    await room.restart(timedelta(minutes=1))
    await room.settled()
    assert len(room.posts(room.channel(1))) == posts
    told = await room.type(MARA, channel, "/incident take ic")
    assert told == "You are Incident Commander already."
