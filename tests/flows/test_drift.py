"""What becomes of the parts of a room that people change?"""

from __future__ import annotations

import asyncio
import contextlib

from bot import app
from bot.core.facts import ERASED
from bot.engine import Existing
from bot.features.drift import due
from bot.features.drift.slack import PACE, Looker
from bot.settings import Settings
from storage.db import Database
from tests.flows import drifting
from tests.flows.story import TITLE
from tests.room import (
    MARA,
    SANDBOX_CONTENT,
    Room,
    war_room,
)  # fmt: skip

TOPIC = f"INC-1 · SEV3 · Investigating · \u2068{TITLE}\u2069"


async def test_a_deleted_summary_is_posted_anew_and_updates_go_to_the_new_one(
    quiet_room: Room,
) -> None:
    room = quiet_room
    channel, old = room.channel(1), room.pinned(1)
    drifting.delete(room, old)
    await drifting.recorded(room, ("RoomRepaired", "summary"))
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


async def test_a_summary_with_replies_that_was_deleted_is_posted_anew(quiet_room: Room) -> None:
    room = quiet_room
    channel, old = room.channel(1), room.pinned(1)
    await room.sandbox.as_person(MARA).say(channel.id, "Is this true?", thread_ts=old.ts)
    drifting.delete(room, old)
    await drifting.recorded(room, ("RoomRepaired", "summary"))
    assert TITLE in room.summary(1)


async def test_an_update_that_finds_no_summary_leads_to_a_new_one_and_is_no_loss(
    quiet_room: Room,
) -> None:
    room = quiet_room
    channel = room.channel(1)
    channel.pins.clear()
    channel.messages.remove(next(one for one in channel.messages if one.bot_id))  # no event came
    await room.type(MARA, channel.id, "/incident title Adult doses")
    await drifting.recorded(room, ("RoomRepaired", "summary"))
    assert "Adult doses" in room.summary(1)
    assert drifting.direct(room, MARA, "Slack refused") == []
    assert room.owed("failed", "undeliverable") == []


async def test_whoever_has_each_summary_deleted_gets_one_an_hour(quiet_room: Room) -> None:
    room = quiet_room
    drifting.delete(room, room.pinned(1))
    await drifting.recorded(room, ("RoomRepaired", "summary"))
    drifting.moments_pass(room)
    drifting.delete(room, room.pinned(1))
    repaired = ("RoomRepaired", "summary")
    await drifting.recorded(room, repaired, ("RoomDrifted", "summary"))
    await room.type(MARA, room.channel(1).id, "/incident title Adult doses")
    await room.settled()
    assert drifting.direct(room, MARA, "Slack refused") == []
    await drifting.rings(room)
    await drifting.recorded(room, repaired, ("RoomDrifted", "summary"), repaired)
    assert "Adult doses" in room.summary(1)


async def test_a_person_who_insists_on_no_pin_has_their_way(quiet_room: Room) -> None:
    room = quiet_room
    channel, summary = room.channel(1), room.pinned(1)
    mara = room.sandbox.as_person(MARA)
    await mara.unpin(channel.id, summary.ts)
    await drifting.recorded(room, ("RoomRepaired", "pin"))
    assert channel.pins == [summary.ts]
    await room.pass_time(minutes=30)
    await mara.unpin(channel.id, summary.ts)
    await drifting.recorded(room, ("RoomRepaired", "pin"), ("RoomDrifted", "pin"))
    assert channel.pins == []
    await drifting.rings(room)
    await drifting.recorded(room, ("RoomRepaired", "pin"), ("RoomDrifted", "pin"))
    assert channel.pins == []
    told = await room.type(MARA, channel.id, "/incident timeline detail")
    assert "warroom pinned the summary again" in told
    assert "warroom left the summary unpinned, as somebody took the pin off again" in told


async def test_a_pin_taken_off_hours_later_is_put_back_again(quiet_room: Room) -> None:
    room = quiet_room
    channel, summary = room.channel(1), room.pinned(1)
    for times in (1, 2):
        await room.sandbox.as_person(MARA).unpin(channel.id, summary.ts)
        await drifting.recorded(room, *([("RoomRepaired", "pin")] * times))
        assert channel.pins == [summary.ts]
        await drifting.rings(room, minutes=120)
        drifting.moments_pass(room)


async def test_a_pin_that_slack_refuses_for_good_is_told_once_and_left(quiet_room: Room) -> None:
    room, desk = quiet_room, quiet_room.bot.desk
    room.channel(1).pins[:] = [f"{number}.000100" for number in range(100)]  # as many as it takes
    for _ in range(3):
        await Looker(desk.engine, desk.calls, desk.me).look(1, room.clock.now())
        await room.settled()
        await room.pass_time(minutes=62)
        await room.settled()
    assert drifting.kinds(room) == [("RoomRepaired", "pin")]
    assert len(drifting.direct(room, MARA, "Slack refused the pin")) == 1


async def test_the_topics_beginning_is_put_back_once_and_words_behind_it_stay(
    quiet_room: Room,
) -> None:
    room = quiet_room
    channel = room.channel(1)
    drifting.set_topic(room, f"{TOPIC} · bridge: ask Jun")
    await drifting.rings(room)
    assert drifting.kinds(room) == []
    assert channel.topic == f"{TOPIC} · bridge: ask Jun"
    drifting.set_topic(room, "bridge: ask Jun")
    await drifting.recorded(room, ("RoomRepaired", "topic"))
    assert channel.topic == f"{TOPIC} · bridge: ask Jun"
    drifting.moments_pass(room)
    drifting.set_topic(room, "All quiet")
    await drifting.recorded(room, ("RoomRepaired", "topic"), ("RoomDrifted", "topic"))
    await drifting.rings(room)
    assert channel.topic == "All quiet"


async def test_a_topic_in_which_ours_stands_twice_is_put_right(quiet_room: Room) -> None:
    room = quiet_room
    elder = TOPIC.replace("SEV3", "SEV1")
    drifting.set_topic(room, f"{TOPIC} · {elder} · bridge: ask Jun")
    await drifting.recorded(room, ("RoomRepaired", "topic"))
    assert room.channel(1).topic == f"{TOPIC} · bridge: ask Jun"


async def test_a_bookmark_is_put_back_once(quiet_room: Room) -> None:
    room = quiet_room
    channel = room.channel(1)
    [bookmark] = channel.bookmarks
    channel.bookmarks.clear()
    await drifting.rings(room)
    await drifting.recorded(room, ("RoomRepaired", "bookmark"))
    assert [one.link for one in channel.bookmarks] == [bookmark.link]
    channel.bookmarks.clear()
    await drifting.rings(room)
    await drifting.recorded(room, ("RoomRepaired", "bookmark"), ("RoomDrifted", "bookmark"))
    assert channel.bookmarks == []


async def test_a_persons_name_for_the_room_is_kept(quiet_room: Room) -> None:
    room = quiet_room
    channel = room.channel(1)
    drifting.rename(room, "doses-war-room")
    await drifting.recorded(room, ("RoomRenamed", "doses-war-room"))
    await drifting.rings(room)
    await drifting.recorded(room, ("RoomRenamed", "doses-war-room"))
    assert channel.name == "doses-war-room"
    told = await room.type(MARA, channel.id, "/incident timeline detail")
    assert "warroom saw that the room is called doses-war-room now" in told


async def test_a_name_that_was_erased_leaves_slack_and_comes_back_by_no_look(
    quiet_room: Room,
) -> None:
    room, engine = quiet_room, quiet_room.bot.engine
    drifting.rename(room, "inc-1-ruth-a-insulin")
    await drifting.recorded(room, ("RoomRenamed", "inc-1-ruth-a-insulin"))
    words = engine.words_of(Existing(1))
    places = [at for at, (kind, _) in words.items() if kind == "RoomRenamed"]
    assert await asyncio.to_thread(engine.erase, Existing(1), places, "a patient", MARA) == 1
    looker = Looker(engine, room.bot.desk.calls, room.bot.desk.me)
    await looker.look(1, room.clock.now())  # before the courier came to it
    await room.settled()
    assert room.channel(1).name == "inc-1-incident"
    for _ in range(2):
        await looker.look(1, room.clock.now())
        await room.settled()
    names = [name for _, name in drifting.kinds(room, "RoomRenamed")]
    assert names == [ERASED, "inc-1-incident"]


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
        await drifting.recorded(room, ("RoomRepaired", "pin"))
        assert len(channel.pins) == 1
        later = [call.method for call in list(room.sandbox.calls)[calls:]]
        assert later.count("conversations.info") == 2
        assert later.count("pins.add") == 1
        await room.bot.engine.ask_look(1)
        taken = await asyncio.gather(
            *(bot.engine.begin_looks(due.most_overdue, PACE) for bot in (room.bot, other))
        )
        assert sorted(len(one) for one in taken) in ([0, 0], [0, 1])  # or the round had it first


async def test_a_room_as_it_should_be_is_left_alone(quiet_room: Room) -> None:
    room = quiet_room
    before, calls = len(room.facts(1)), len(room.sandbox.calls)
    await drifting.rings(room)
    facts = [fact.kind for fact in room.facts(1)[before:]]
    assert set(facts) <= {"DeadlineReminded"}
    looked = [call.method for call in list(room.sandbox.calls)[calls:]]
    assert looked.count("conversations.info") >= 1
    assert "pins.add" not in looked
