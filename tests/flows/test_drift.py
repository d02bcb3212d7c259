"""What becomes of a room that people change, and of what is owed to it meanwhile?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from bot import app
from bot.features.drift import due
from bot.features.drift.slack import PACE, Looker
from bot.sandbox import posts
from bot.sandbox import rooms as from_slack
from bot.sandbox.model import Message
from bot.settings import Settings
from storage.db import Database
from tests.flows.story import TITLE
from tests.room import (
    BOT,
    GENERAL,
    IDRIS,
    MARA,
    NOOR,
    SANDBOX_CONTENT,
    Room,
    StillClock,
    war_room,
)  # fmt: skip
from tests.screen import shown

TOPIC = f"INC-1 · SEV3 · Investigating · \u2068{TITLE}\u2069"


@pytest.fixture
async def room(database_url: str) -> AsyncIterator[Room]:
    """A room that Mara declared, with everything in it, on a clock that stands still."""
    async with war_room(database_url, clock=StillClock()) as room:
        await room.declare(TITLE, severity="SEV3")
        await room.settled()
        yield room


def _kinds(room: Room, *kinds: str) -> list[tuple[str, object]]:
    """What the record says of the room: each fact of these kinds, and what it is about."""
    wanted = kinds or ("RoomRepaired", "RoomDrifted", "RoomRenamed", "RoomLost", "RoomRecovered")
    facts = [fact for fact in room.facts(1) if fact.kind in wanted]
    return [(fact.kind, next(iter(fact.payload.values()))) for fact in facts]


async def _recorded(room: Room, *facts: tuple[str, object]) -> None:
    """Wait until just this is on record of the room, and everything owed for it has arrived."""
    await room.comes(lambda: _kinds(room) == list(facts))
    await room.settled()
    assert _kinds(room) == list(facts)


async def _rings(room: Room, minutes: float = 61) -> None:
    """Let time pass until the room's turn to be looked at has come, and was taken."""
    calls = len(room.sandbox.calls)
    await room.pass_time(minutes=minutes)
    await room.comes(lambda: _looked(room, calls))
    await room.settled()
    await room.pass_time(minutes=1)  # a look that something overtook is begun again
    await room.settled()


def _looked(room: Room, since: int) -> bool:
    later = list(room.sandbox.calls)[since:]
    return any(call.method == "conversations.info" for call in later)


def _delete(room: Room, message: Message) -> None:
    """What an admin of the workspace can do with anybody's message."""
    posts.take_away(room.sandbox.workspace, room.channel(1), message)


def _direct(room: Room, person: str, words: str) -> list[str]:
    return [one.text for one in room.direct(person) if words in one.text]


async def test_a_deleted_summary_is_posted_anew_and_updates_go_to_the_new_one(room: Room) -> None:
    channel, old = room.channel(1), room.pinned(1)
    _delete(room, old)
    await _recorded(room, ("RoomRepaired", "summary"))
    new = room.pinned(1)
    assert new.ts != old.ts
    assert TITLE in room.summary(1)
    assert [one.link for one in channel.bookmarks if new.ts.replace(".", "") in one.link]
    assert len(channel.bookmarks) == 1
    await room.type(MARA, channel.id, "/incident title Adult doses")
    await room.settled()
    assert "Adult doses" in room.summary(1)
    assert "*INC-1*" in await room.type(MARA, channel.id, "/incident here")
    assert room.owed("failed", "undeliverable") == []


async def test_a_summary_with_replies_that_was_deleted_is_posted_anew(room: Room) -> None:
    channel, old = room.channel(1), room.pinned(1)
    await room.sandbox.as_person(MARA).say(channel.id, "Is this true?", thread_ts=old.ts)
    _delete(room, old)
    await _recorded(room, ("RoomRepaired", "summary"))
    assert TITLE in room.summary(1)


async def test_an_update_that_finds_no_summary_leads_to_a_new_one_and_is_no_loss(
    room: Room,
) -> None:
    channel = room.channel(1)
    channel.pins.clear()
    channel.messages.remove(next(one for one in channel.messages if one.bot_id))  # no event came
    await room.type(MARA, channel.id, "/incident title Adult doses")
    await _recorded(room, ("RoomRepaired", "summary"))
    assert "Adult doses" in room.summary(1)
    assert _direct(room, MARA, "Slack refused") == []
    assert room.owed("failed", "undeliverable") == []


async def test_whoever_has_each_summary_deleted_gets_one_an_hour(room: Room) -> None:
    _delete(room, room.pinned(1))
    await _recorded(room, ("RoomRepaired", "summary"))
    _delete(room, room.pinned(1))
    repaired = ("RoomRepaired", "summary")
    await _recorded(room, repaired, ("RoomDrifted", "summary"))
    await room.type(MARA, room.channel(1).id, "/incident title Adult doses")
    await room.settled()
    assert _direct(room, MARA, "Slack refused") == []
    await room.pass_time(minutes=61)
    await _recorded(room, repaired, ("RoomDrifted", "summary"), repaired)
    assert "Adult doses" in room.summary(1)


async def test_a_person_who_insists_on_no_pin_has_their_way(room: Room) -> None:
    channel, summary = room.channel(1), room.pinned(1)
    mara = room.sandbox.as_person(MARA)
    await mara.unpin(channel.id, summary.ts)
    await _recorded(room, ("RoomRepaired", "pin"))
    assert channel.pins == [summary.ts]
    await room.pass_time(minutes=30)
    await mara.unpin(channel.id, summary.ts)
    await _recorded(room, ("RoomRepaired", "pin"), ("RoomDrifted", "pin"))
    assert channel.pins == []
    await _rings(room)
    await _recorded(room, ("RoomRepaired", "pin"), ("RoomDrifted", "pin"))
    assert channel.pins == []
    told = await room.type(MARA, channel.id, "/incident timeline detail")
    assert "warroom pinned the summary again" in told
    assert "warroom left the summary unpinned, as somebody took the pin off again" in told


async def test_a_pin_taken_off_hours_later_is_put_back_again(room: Room) -> None:
    channel, summary = room.channel(1), room.pinned(1)
    for times in (1, 2):
        await room.sandbox.as_person(MARA).unpin(channel.id, summary.ts)
        await _recorded(room, *([("RoomRepaired", "pin")] * times))
        assert channel.pins == [summary.ts]
        await room.pass_time(hours=2)


async def test_the_topics_beginning_is_put_back_once_and_words_behind_it_stay(room: Room) -> None:
    channel = room.channel(1)
    _set_topic(room, f"{TOPIC} · bridge: ask Jun")
    await _rings(room)
    assert _kinds(room) == []
    assert channel.topic == f"{TOPIC} · bridge: ask Jun"
    _set_topic(room, "bridge: ask Jun")
    await _recorded(room, ("RoomRepaired", "topic"))
    assert channel.topic == f"{TOPIC} · bridge: ask Jun"
    _set_topic(room, "All quiet")
    await _recorded(room, ("RoomRepaired", "topic"), ("RoomDrifted", "topic"))
    await _rings(room)
    assert channel.topic == "All quiet"


async def test_a_bookmark_is_put_back_once(room: Room) -> None:
    channel = room.channel(1)
    [bookmark] = channel.bookmarks
    channel.bookmarks.clear()
    await _rings(room)
    await _recorded(room, ("RoomRepaired", "bookmark"))
    assert [one.link for one in channel.bookmarks] == [bookmark.link]
    channel.bookmarks.clear()
    await _rings(room)
    await _recorded(room, ("RoomRepaired", "bookmark"), ("RoomDrifted", "bookmark"))
    assert channel.bookmarks == []


async def test_a_persons_name_for_the_room_is_kept(room: Room) -> None:
    channel = room.channel(1)
    _rename(room, "doses-war-room")
    await _recorded(room, ("RoomRenamed", "doses-war-room"))
    await _rings(room)
    await _recorded(room, ("RoomRenamed", "doses-war-room"))
    assert channel.name == "doses-war-room"
    told = await room.type(MARA, channel.id, "/incident timeline detail")
    assert "warroom saw that the room is called doses-war-room now" in told


async def test_nothing_is_said_in_an_archived_room_and_all_of_it_comes_when_it_is_opened(
    room: Room,
) -> None:
    channel, mara = room.channel(1), room.sandbox.as_person(MARA)
    await mara.archive(channel.id)
    await _recorded(room, ("RoomLost", "archived"))
    [told] = _direct(room, MARA, "Unarchive")
    assert told == (
        f"Unarchive <#{channel.id}>: INC-1 is not over, and nothing can be posted there until "
        "somebody does. Open the channel and choose Unarchive in its settings; an app cannot. "
        "What is owed waits. If it is over, say so: `/incident resolve INC-1 why`."
    )
    said = len(channel.messages)
    await room.type(MARA, GENERAL, "/incident title INC-1 Adult doses")
    await room.comes(lambda: _all_waits(room))
    await room.type(MARA, GENERAL, "/incident severity INC-1 sev2 because it is worse")
    await room.comes(lambda: _all_waits(room))
    assert len(channel.messages) == said
    await mara.unarchive(channel.id)
    await _recorded(room, ("RoomLost", "archived"), ("RoomRecovered", "archived"))
    assert "Adult doses" in room.summary(1)
    assert channel.topic == "INC-1 · SEV2 · Investigating · \u2068Adult doses\u2069"
    assert room.owed("failed", "undeliverable") == []


async def test_what_is_owed_waits_for_the_bot_to_be_let_in_again(room: Room) -> None:
    channel, mara = room.channel(1), room.sandbox.as_person(MARA)
    await mara.remove(channel.id, BOT)
    await _recorded(room, ("RoomLost", "bot"))
    [told] = _direct(room, MARA, "Let me back")
    assert told == (
        f"Let me back into <#{channel.id}>: type `/invite` and my name, <@{BOT}>, there. I am not "
        "in the room of INC-1 any more and can post nothing there. What is owed waits, and comes "
        "as soon as I am in."
    )
    await room.type(MARA, GENERAL, "/incident title INC-1 Adult doses")
    await room.type(MARA, GENERAL, f"/incident add INC-1 <@{NOOR}>")
    await room.comes(lambda: _all_waits(room))
    assert NOOR not in channel.members
    await mara.invite(channel.id, BOT)
    await _recorded(room, ("RoomLost", "bot"), ("RoomRecovered", "bot"))
    assert NOOR in channel.members
    assert "Adult doses" in channel.topic
    assert "Adult doses" in room.summary(1)
    assert room.owed("failed", "undeliverable") == []
    assert _direct(room, MARA, "Slack refused") == []


async def test_who_commands_and_who_declared_are_both_told_how_to_let_the_bot_in(
    room: Room,
) -> None:
    channel = room.channel(1)
    await room.sandbox.as_person(IDRIS).join(channel.id)
    await room.comes(lambda: _kinds(room, "PersonCame"))
    await room.type(MARA, channel.id, f"/incident role ic <@{IDRIS}>")
    await room.settled()
    await room.press_direct(IDRIS, "accept_role")
    await room.settled()
    await room.sandbox.as_person(MARA).remove(channel.id, BOT)
    await _recorded(room, ("RoomLost", "bot"))
    assert len(_direct(room, MARA, "Let me back")) == 1
    assert len(_direct(room, IDRIS, "Let me back")) == 1


async def test_whoever_leaves_with_a_role_is_asked_once_and_the_summary_shows_the_gap(
    room: Room,
) -> None:
    channel, idris = room.channel(1), room.sandbox.as_person(IDRIS)
    await idris.join(channel.id)
    await room.comes(lambda: _kinds(room, "PersonCame"))
    await room.type(IDRIS, channel.id, "/incident take safety")
    await room.settled()
    await idris.leave(channel.id)
    await room.comes(lambda: _kinds(room, "PersonLeft"))
    await room.pass_time(minutes=2)
    assert "the Safety Lead has left the room" in room.summary(1)
    [told] = _direct(room, IDRIS, "You left")
    assert told == (
        "You left the room of INC-1 and are still Safety Lead. Come back, or let somebody in the "
        "room take it over: the summary shows the gap."
    )
    await room.press_direct(IDRIS, "join")
    await room.settled()
    assert IDRIS in channel.members
    await idris.leave(channel.id)
    await room.comes(lambda: len(_kinds(room, "PersonLeft")) == 2)
    await room.pass_time(minutes=2)
    assert len(_direct(room, IDRIS, "You left")) == 1


async def test_who_left_while_slack_told_of_nothing_is_found_by_looking(room: Room) -> None:
    channel = room.channel(1)
    await room.sandbox.as_person(IDRIS).join(channel.id)
    await room.comes(lambda: _kinds(room, "PersonCame"))
    channel.members.remove(IDRIS)
    channel.members.append(NOOR)
    await _rings(room)
    await room.comes(lambda: _kinds(room, "PersonLeft"))
    assert _kinds(room, "PersonLeft") == [("PersonLeft", IDRIS)]
    assert _kinds(room, "PersonCame") == [("PersonCame", IDRIS), ("PersonCame", NOOR)]


async def test_two_workers_who_look_at_once_put_it_right_once(postgres_url: str) -> None:
    async with contextlib.AsyncExitStack() as stack:
        room = await stack.enter_async_context(war_room(postgres_url))
        await room.declare(TITLE, severity="SEV3")
        await room.settled()
        database = Database.open(postgres_url)
        stack.callback(database.close)
        settings = Settings.model_validate(
            {
                "slack_bot_token": "xoxb-sandbox",
                "slack_signing_secret": "sandbox",
                "slack_api_url": room.bot.calls.client.base_url,
                "database_url": postgres_url,
                "warroom_content": SANDBOX_CONTENT,
            }
        )
        other = await stack.enter_async_context(app.assembled(settings, room.clock, database))
        channel, calls = room.channel(1), len(room.sandbox.calls)
        channel.pins.clear()
        lookers = [Looker(bot.engine, bot.calls, bot.me) for bot in (room.bot, other)]
        await asyncio.gather(*(one.look(1, room.clock.now()) for one in lookers))
        await _recorded(room, ("RoomRepaired", "pin"))
        assert len(channel.pins) == 1
        later = [call.method for call in list(room.sandbox.calls)[calls:]]
        assert later.count("conversations.info") == 2
        assert later.count("pins.add") == 1
        await room.bot.engine.ask_look(1)
        taken = await asyncio.gather(
            *(bot.engine.begin_looks(due.most_overdue, PACE) for bot in (room.bot, other))
        )
        assert sorted(len(one) for one in taken) in ([0, 0], [0, 1])  # or the round had it first


async def test_a_room_as_it_should_be_is_left_alone(room: Room) -> None:
    before, calls = len(room.facts(1)), len(room.sandbox.calls)
    await _rings(room)
    facts = [fact.kind for fact in room.facts(1)[before:]]
    assert set(facts) <= {"DeadlineReminded"}
    looked = [call.method for call in list(room.sandbox.calls)[calls:]]
    assert looked.count("conversations.info") >= 1
    assert "pins.add" not in looked


async def test_what_is_over_is_not_looked_at(room: Room) -> None:
    channel = room.channel(1).id
    await room.type(MARA, channel, "/incident resolve It was noise after all")
    await room.type(MARA, channel, "/incident close Nothing is left")
    if not _kinds(room, "IncidentClosed"):
        assert await room.open_form(MARA).submit(reason="Nothing is left") == {}
    await room.settled()
    await room.sandbox.as_person(MARA).archive(channel)
    await room.pass_time(hours=2)
    assert _kinds(room) == []
    assert _direct(room, MARA, "Unarchive") == []


async def test_of_a_private_room_nobody_outside_learns_anything(database_url: str) -> None:
    async with war_room(database_url, clock=StillClock()) as room:
        await room.declare(TITLE, severity="SEV3", switches=("private",))
        await room.settled()
        channel, mara = room.channel(1), room.sandbox.as_person(MARA)
        await mara.invite(channel.id, IDRIS)
        await room.comes(lambda: _kinds(room, "PersonCame"))
        await room.type(IDRIS, channel.id, "/incident take safety")
        await room.settled()
        await room.sandbox.as_person(IDRIS).leave(channel.id)
        await room.comes(lambda: _kinds(room, "PersonLeft"))
        before = len(room.direct(IDRIS))
        await room.pass_time(minutes=2)
        assert len(room.direct(IDRIS)) == before
        assert _direct(room, MARA, "is still Safety Lead")
        await mara.remove(channel.id, BOT)
        await room.comes(lambda: _kinds(room) == [("RoomLost", "bot")])
        await room.settled()
        assert len(_direct(room, MARA, "Let me back")) == 1
        assert len(room.direct(IDRIS)) == before
        seen = [shown(one.blocks) + one.text for one in room.direct(NOOR)]
        assert seen == []


def _all_waits(room: Room) -> bool:
    """Everything owed was tried and put off, or is done."""
    return bool(room.owed()) and all(row.error and row.state == "pending" for row in room.owed())


def _set_topic(room: Room, topic: str) -> None:
    from_slack.set_topic(room.sandbox.workspace, room.channel(1), MARA, topic)


def _rename(room: Room, name: str) -> None:
    from_slack.rename(room.sandbox.workspace, room.channel(1), MARA, name)
