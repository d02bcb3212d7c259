"""Does a reply that is sent to the channel too stand in both, as Slack has it?"""

from __future__ import annotations

import pytest

from tests.sandbox.foreign import Json
from tests.sandbox.methods.world import World

ELENA = "U0COMMS"


async def in_channel(world: World) -> list[str]:
    """The texts of the channel's history, newest first, without Slack's own lines."""
    shown = (await world("conversations.history", {"channel": "ROOM"}))["messages"]
    return [
        message["text"] for message in shown if "channel_join" not in message.get("subtype", "")
    ]


async def reply(world: World, **more: object) -> Json:
    """The answer to a reply below the first message."""
    arguments = {"channel": "ROOM", "thread_ts": "TS", "text": "below", **more}
    return await world("chat.postMessage", arguments)


@pytest.mark.rule("chat.postMessage.reply_broadcast", "events.thread_broadcast")
async def test_a_broadcast_reply_is_in_the_channel_and_brings_what_it_answers(
    world: World,
) -> None:
    quiet = await reply(world)
    assert "subtype" not in quiet["message"]
    assert await in_channel(world) == ["first", "mine"]

    loud = (await reply(world, text="for all", reply_broadcast=True))["message"]

    assert loud["subtype"] == "thread_broadcast"
    assert loud["thread_ts"] == loud["root"]["ts"] == world.names["TS"]
    assert loud["root"]["reply_count"] == 2
    assert await in_channel(world) == ["for all", "first", "mine"]
    thread = await world("conversations.replies", {"channel": "ROOM", "ts": "TS"})
    assert [message["text"] for message in thread["messages"]] == ["first", "below", "for all"]


@pytest.mark.rule("chat.postMessage.reply_broadcast")
async def test_outside_a_thread_there_is_nothing_to_broadcast(world: World) -> None:
    written = await world(
        "chat.postMessage", {"channel": "ROOM", "text": "x", "reply_broadcast": True}
    )
    assert "subtype" not in written["message"]


@pytest.mark.rule("chat.update.reply_broadcast")
async def test_a_reply_can_be_sent_to_the_channel_later_and_be_changed_and_deleted(
    world: World,
) -> None:
    at = {"channel": "ROOM", "ts": (await reply(world))["ts"]}

    changed = await world("chat.update", {**at, "text": "after all", "reply_broadcast": True})
    assert changed["message"]["subtype"] == "thread_broadcast"
    assert (await world("chat.update", {**at, "text": "once more"}))["ok"]
    assert await in_channel(world) == ["once more", "first", "mine"]

    assert (await world("chat.delete", at))["ok"]
    assert await in_channel(world) == ["first", "mine"]


async def test_who_is_called_in_a_broadcast_reply_hears_it(world: World) -> None:
    rung = len(world.sandbox.workspace.notifications(ELENA))
    await reply(world, text="<!channel> below")
    assert len(world.sandbox.workspace.notifications(ELENA)) == rung
    await reply(world, text="<!channel> for all", reply_broadcast=True)
    *_, last = world.sandbox.workspace.notifications(ELENA)
    assert (last.why, last.text) == ("broadcast", "<!channel> for all")
