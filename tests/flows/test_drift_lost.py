"""What is owed to a room that nothing can be brought to, and to people who left?"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from tests.flows import drifting
from tests.flows.story import TITLE
from tests.room import (
    BOT,
    GENERAL,
    IDRIS,
    MARA,
    NOOR,
    Room,
    StillClock,
    war_room,
)  # fmt: skip
from tests.screen import shown


async def test_nothing_is_said_in_an_archived_room_and_all_of_it_comes_when_it_is_opened(
    quiet_room: Room,
) -> None:
    room = quiet_room
    channel, mara = room.channel(1), room.sandbox.as_person(MARA)
    await mara.archive(channel.id)
    await drifting.recorded(room, ("RoomLost", "archived"))
    [told] = drifting.direct(room, MARA, "Unarchive")
    assert told == (
        f"Unarchive <#{channel.id}>: INC-1 is not over, and nothing can be posted there until "
        "somebody does. Open the channel and choose Unarchive in its settings; an app cannot. "
        "What is owed waits. If it is over, say so: `/incident resolve INC-1 why`."
    )
    said = len(channel.messages)
    await room.type(MARA, GENERAL, "/incident title INC-1 Adult doses")
    await room.comes(lambda: drifting.all_waits(room))
    await room.type(MARA, GENERAL, "/incident severity INC-1 sev2 because it is worse")
    await room.comes(lambda: drifting.all_waits(room))
    assert len(channel.messages) == said
    drifting.moments_pass(room)
    await mara.unarchive(channel.id)
    await drifting.recorded(room, ("RoomLost", "archived"), ("RoomRecovered", "archived"))
    assert "Adult doses" in room.summary(1)
    assert channel.topic == "INC-1 · SEV2 · Investigating · \u2068Adult doses\u2069"
    assert room.owed("failed", "undeliverable") == []


async def test_what_is_owed_waits_for_the_bot_to_be_let_in_again(quiet_room: Room) -> None:
    room = quiet_room
    channel, mara = room.channel(1), room.sandbox.as_person(MARA)
    await mara.remove(channel.id, BOT)
    await drifting.recorded(room, ("RoomLost", "bot"))
    [told] = drifting.direct(room, MARA, "Let me back")
    assert told == (
        f"Let me back into <#{channel.id}>: type `/invite` and my name, <@{BOT}>, there. I am not "
        "in the room of INC-1 any more and can post nothing there. What is owed waits, and comes "
        "as soon as I am in."
    )
    await room.type(MARA, GENERAL, "/incident title INC-1 Adult doses")
    await room.type(MARA, GENERAL, f"/incident add INC-1 <@{NOOR}>")
    await room.comes(lambda: drifting.all_waits(room))
    assert NOOR not in channel.members
    drifting.moments_pass(room)
    await mara.invite(channel.id, BOT)
    await drifting.recorded(room, ("RoomLost", "bot"), ("RoomRecovered", "bot"))
    assert NOOR in channel.members
    assert "Adult doses" in channel.topic
    assert "Adult doses" in room.summary(1)
    assert room.owed("failed", "undeliverable") == []
    assert drifting.direct(room, MARA, "Slack refused") == []


async def test_who_commands_and_who_declared_are_both_told_how_to_let_the_bot_in(
    quiet_room: Room,
) -> None:
    room = quiet_room
    channel = room.channel(1)
    await room.sandbox.as_person(IDRIS).join(channel.id)
    await room.comes(lambda: drifting.kinds(room, "PersonCame"))
    await room.type(MARA, channel.id, f"/incident role ic <@{IDRIS}>")
    await room.settled()
    await room.press_direct(IDRIS, "accept_role")
    await room.settled()
    await room.sandbox.as_person(MARA).remove(channel.id, BOT)
    await drifting.recorded(room, ("RoomLost", "bot"))
    assert len(drifting.direct(room, MARA, "Let me back")) == 1
    assert len(drifting.direct(room, IDRIS, "Let me back")) == 1


async def test_whoever_leaves_with_a_role_is_asked_once_and_the_summary_shows_the_gap(
    quiet_room: Room,
) -> None:
    room = quiet_room
    channel, idris = room.channel(1), room.sandbox.as_person(IDRIS)
    await idris.join(channel.id)
    await room.comes(lambda: drifting.kinds(room, "PersonCame"))
    await room.type(IDRIS, channel.id, "/incident take safety")
    await room.settled()
    await idris.leave(channel.id)
    await room.comes(lambda: drifting.kinds(room, "PersonLeft"))
    await room.pass_time(minutes=2)
    assert "the Safety Lead has left the room" in room.summary(1)
    [told] = drifting.direct(room, IDRIS, "You left")
    assert told == (
        "You left the room of INC-1 and are still Safety Lead. Come back, or let somebody in the "
        "room take it over: the summary shows the gap."
    )
    await room.press_direct(IDRIS, "join")
    await room.settled()
    assert IDRIS in channel.members
    await idris.leave(channel.id)
    await room.comes(lambda: len(drifting.kinds(room, "PersonLeft")) == 2)
    await room.pass_time(minutes=2)
    assert len(drifting.direct(room, IDRIS, "You left")) == 1


async def test_who_left_while_slack_told_of_nothing_is_found_by_looking(quiet_room: Room) -> None:
    room = quiet_room
    channel = room.channel(1)
    await room.sandbox.as_person(IDRIS).join(channel.id)
    await room.comes(lambda: drifting.kinds(room, "PersonCame"))
    channel.members.remove(IDRIS)
    channel.members.append(NOOR)
    await drifting.rings(room)
    await room.comes(lambda: drifting.kinds(room, "PersonLeft"))
    assert drifting.kinds(room, "PersonLeft") == [("PersonLeft", IDRIS)]
    assert drifting.kinds(room, "PersonCame") == [("PersonCame", IDRIS), ("PersonCame", NOOR)]


async def test_what_is_over_is_not_looked_at(quiet_room: Room) -> None:
    room = quiet_room
    channel = room.channel(1).id
    await room.type(MARA, channel, "/incident resolve It was noise after all")
    await room.type(MARA, channel, "/incident close Nothing is left")
    if not drifting.kinds(room, "IncidentClosed"):
        assert await room.open_form(MARA).submit(reason="Nothing is left") == {}
    await room.settled()
    await room.sandbox.as_person(MARA).archive(channel)
    await room.pass_time(hours=2)
    assert drifting.kinds(room) == []
    assert drifting.direct(room, MARA, "Unarchive") == []


@contextlib.asynccontextmanager
async def _private(database_url: str) -> AsyncIterator[Room]:
    """A private room that Mara declared."""
    async with war_room(database_url, clock=StillClock()) as room:
        await room.declare(TITLE, severity="SEV3", switches=("private",))
        await room.settled()
        yield room


async def test_of_whoever_leaves_a_private_room_those_inside_are_told(database_url: str) -> None:
    async with _private(database_url) as room:
        channel = room.channel(1)
        await room.sandbox.as_person(MARA).invite(channel.id, IDRIS)
        await room.comes(lambda: drifting.kinds(room, "PersonCame"))
        await room.type(IDRIS, channel.id, "/incident take safety")
        await room.settled()
        await room.sandbox.as_person(IDRIS).leave(channel.id)
        await room.comes(lambda: drifting.kinds(room, "PersonLeft"))
        before = len(room.direct(IDRIS))
        await room.pass_time(minutes=2)
        assert len(room.direct(IDRIS)) == before
        assert len(drifting.direct(room, MARA, "is still Safety Lead")) == 1


async def test_of_a_private_room_the_bot_was_removed_from_nobody_outside_learns(
    database_url: str,
) -> None:
    async with _private(database_url) as room:
        channel, mara = room.channel(1), room.sandbox.as_person(MARA)
        before = _read_outside(room)
        await mara.remove(channel.id, BOT)
        await drifting.recorded(room, ("RoomLost", "bot"))
        assert len(drifting.direct(room, MARA, "Let me back")) == 1
        await room.type(MARA, GENERAL, "/incident title INC-1 Adult doses")
        await room.comes(lambda: drifting.all_waits(room))
        assert _read_outside(room) == before
        drifting.moments_pass(room)
        await mara.invite(channel.id, BOT)
        await drifting.recorded(room, ("RoomLost", "bot"), ("RoomRecovered", "bot"))
        assert "Adult doses" in room.summary(1)
        assert room.owed("failed", "undeliverable") == []


def _read_outside(room: Room) -> list[str]:
    """What anybody but Mara reads of the bot's."""
    return [
        shown(message.blocks) + message.text
        for channel in room.sandbox.workspace.channels.values()
        for message in channel.messages
        if message.bot_id and message.ephemeral_to != MARA and set(channel.members) - {MARA, BOT}
    ]
