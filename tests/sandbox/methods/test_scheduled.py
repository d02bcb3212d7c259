"""What becomes of messages that are to be written later?"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.sandbox.foreign import START, HandMovedClock, Json
from tests.sandbox.methods.world import World

NOW = int(START.timestamp())
DAY = 86_400


async def _scheduled(world: World, seconds: int, **more: object) -> Json:
    given = {"channel": "ROOM", "text": "later", "post_at": NOW + seconds, **more}
    return await world("chat.scheduleMessage", given)


async def _said(world: World) -> list[str]:
    history = await world("conversations.history", {"channel": "ROOM"})
    return [message["text"] for message in history["messages"]]


@pytest.mark.rule("chat.scheduleMessage.time_in_past")
async def test_the_past_is_refused(world: World) -> None:
    assert await _scheduled(world, 0) == {"ok": False, "error": "time_in_past"}


@pytest.mark.rule("chat.scheduleMessage.time_too_far")
async def test_120_days_ahead_is_the_most(world: World) -> None:
    assert (await _scheduled(world, 120 * DAY))["ok"]
    assert await _scheduled(world, 120 * DAY + 1) == {"ok": False, "error": "time_too_far"}


@pytest.mark.rule("chat.scheduleMessage.restricted_too_many")
async def test_30_messages_fit_into_five_minutes_of_a_channel(world: World) -> None:
    for number in range(30):
        assert (await _scheduled(world, 600 + number))["ok"]
    assert await _scheduled(world, 600) == {"ok": False, "error": "restricted_too_many"}
    assert (await _scheduled(world, 900))["ok"]


async def test_a_message_is_written_when_its_time_has_come(
    world: World, clock: HandMovedClock
) -> None:
    answer = await _scheduled(world, 60)
    assert (answer["post_at"], answer["message"]["text"]) == (NOW + 60, "later")
    clock.move(timedelta(seconds=59))
    assert "later" not in await _said(world)

    clock.move(timedelta(seconds=1))
    assert (await _said(world))[0] == "later"
    listed = await world("chat.scheduledMessages.list", {})
    assert listed["scheduled_messages"] == []


async def test_it_is_written_without_anybody_calling(world: World, clock: HandMovedClock) -> None:
    written = asyncio.Event()
    room = world.names["ROOM"]
    world.sandbox.workspace.watch(
        lambda topic: written.set() if topic == f"messages:{room}" else None
    )
    await _scheduled(world, 60)
    clock.move(timedelta(seconds=60))
    await asyncio.wait_for(written.wait(), 5)


@pytest.mark.rule("chat.scheduleMessage.metadata")
async def test_with_metadata_it_is_never_written(world: World, clock: HandMovedClock) -> None:
    mark = {"event_type": "mark", "event_payload": {"a": 1}}
    assert (await _scheduled(world, 60, metadata=mark))["ok"]
    clock.move(timedelta(seconds=60))
    assert "later" not in await _said(world)


async def test_scheduled_messages_are_listed_and_can_be_let_go(
    world: World, clock: HandMovedClock
) -> None:
    first = (await _scheduled(world, 600))["scheduled_message_id"]
    second = (await _scheduled(world, 300))["scheduled_message_id"]
    listed = await world("chat.scheduledMessages.list", {"channel": "ROOM"})
    assert [each["id"] for each in listed["scheduled_messages"]] == [second, first]
    assert listed["scheduled_messages"][0] == {
        "id": second,
        "channel_id": world.names["ROOM"],
        "post_at": NOW + 300,
        "date_created": NOW,
        "text": "later",
    }

    gone = {"channel": "ROOM", "scheduled_message_id": first}
    assert await world("chat.deleteScheduledMessage", gone) == {"ok": True}
    refused = await world("chat.deleteScheduledMessage", gone)
    assert refused == {"ok": False, "error": "invalid_scheduled_message_id"}
    clock.move(timedelta(seconds=240))
    late = {"channel": "ROOM", "scheduled_message_id": second}
    refused = await world("chat.deleteScheduledMessage", late)
    assert refused == {"ok": False, "error": "invalid_scheduled_message_id"}
    nowhere = await world("chat.scheduledMessages.list", {"channel": "HIDDEN"})
    assert nowhere == {"ok": False, "error": "invalid_channel"}
