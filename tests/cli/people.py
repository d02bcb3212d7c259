"""What do people do in the workspace while the bot runs as a process of its own?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from bot.sandbox.hands import Hands
from bot.sandbox.model import Channel, Message, View
from bot.sandbox.sandbox import Sandbox
from storage import outbox
from storage.db import Database

MARA = "U0ONCALL"
GENERAL = "C0GENERAL"
INCIDENTS = "C0INCIDENTS"
SUPPORT = "C0SUPPORT"
SECONDS = 60.0


async def until(sandbox: Sandbox, condition: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Wait until the workspace is as it should be."""
    changed = asyncio.Event()
    forget = sandbox.workspace.watch(lambda _topic: changed.set())
    try:
        async with asyncio.timeout(seconds):
            while not condition():
                changed.clear()
                await changed.wait()
    finally:
        forget()


async def declare(sandbox: Sandbox, words: str) -> Channel:
    """Mara declares an incident; its room, when all of it is there."""
    mara = sandbox.as_person(MARA)
    await mara.slash(GENERAL, f"/incident declare {words}")
    await mara.submit(_view(mara).id)
    return await complete_room(sandbox)


async def declare_from_message(sandbox: Sandbox, title: str) -> Channel:
    """Mara declares an incident from what the support agent reported; its room."""
    mara = sandbox.as_person(MARA)
    ts = sandbox.workspace.channels[SUPPORT].messages[1].ts
    await mara.use_message_shortcut(SUPPORT, ts, "declare_from_message")
    view = _view(mara)
    mara.fill(view.id, "title", "title", {"type": "plain_text_input", "value": title})
    await mara.submit(view.id)
    return await complete_room(sandbox)


async def report_near_miss(sandbox: Sandbox, what: str, caught_by: str) -> None:
    """Mara reports a near miss."""
    mara = sandbox.as_person(MARA)
    await mara.slash(GENERAL, f"/incident nearmiss {what}")
    view = _view(mara)
    typed = {"type": "plain_text_input", "value": caught_by}
    mara.fill(view.id, "caught_by", "caught_by", typed)
    await mara.submit(view.id)
    assert "NM-1" in str(_view(mara).content)


async def complete_room(sandbox: Sandbox) -> Channel:
    """The only war room, with declarer, pin, bookmark, topic and announcement."""
    await until(sandbox, lambda: any(map(_is_complete, rooms(sandbox))) and announced(sandbox))
    return rooms(sandbox)[0]


async def everything_delivered(url: str) -> None:
    """Wait until nothing is owed any more."""
    with contextlib.closing(Database.open(url)) as database:
        async with asyncio.timeout(SECONDS):
            while await database.read(lambda conn: outbox.listing(conn, ("pending", "claimed"))):
                await asyncio.sleep(0.02)


def rooms(sandbox: Sandbox) -> list[Channel]:
    channels = sandbox.workspace.channels.values()
    return [channel for channel in channels if channel.name.startswith("inc-")]


def announced(sandbox: Sandbox) -> bool:
    return bool(written(sandbox.workspace.channels[INCIDENTS]))


def written(channel: Channel) -> list[Message]:
    """What the app wrote, without Slack's own notices of topics and joins."""
    return [message for message in channel.messages if message.bot_id and not message.subtype]


def shown(channel: Channel) -> str:
    """All that the app shows in a channel now, name and topic included."""
    messages = [f"{message.text} {message.blocks}" for message in written(channel)]
    return " ".join([channel.name, channel.topic, channel.purpose, *messages])


def _is_complete(channel: Channel) -> bool:
    parts = (channel.pins, channel.bookmarks, channel.topic, channel.purpose)
    return MARA in channel.members and all(parts)


def _view(hands: Hands) -> View:
    view = hands.open_view()
    assert view is not None
    return view
