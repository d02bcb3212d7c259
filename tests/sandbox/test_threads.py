"""Is the right message found by its ts, and does a thread know what was replied in it?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.sandbox import threads
from bot.sandbox.model import Channel, Message
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Api, posted

GENERAL, MARA = "C0GENERAL", "U0ONCALL"
STAMPS = ["999999999.999999", "1000000000.000001", "1000000000.000002", "1700000000.000000"]


@pytest.fixture
def channel() -> Channel:
    """Four messages, the first from before seconds had ten digits."""
    messages = [Message(ts=ts, user=MARA, text=ts) for ts in STAMPS]
    return Channel(GENERAL, "general", MARA, 0, messages=messages)


@pytest.mark.parametrize("ts", STAMPS)
def test_a_message_is_found_by_its_ts(channel: Channel, ts: str) -> None:
    found = threads.find(channel, ts)
    assert found is not None
    assert found.ts == ts


@pytest.mark.parametrize("ts", ["", "1", "1000000000.0000015", "1700000000.000001", "yesterday"])
def test_a_ts_nobody_has_finds_nothing(channel: Channel, ts: str) -> None:
    assert threads.find(channel, ts) is None


@pytest.mark.parametrize(
    ("oldest", "latest", "inclusive", "found"),
    [
        (None, None, False, STAMPS),
        ("1000000000.000001", None, False, STAMPS[2:]),
        ("1000000000.000001", None, True, STAMPS[1:]),
        (None, "1000000000.000002", False, STAMPS[:2]),
        (None, "1000000000.000002", True, STAMPS[:3]),
        ("1000000000", "1700000000", False, STAMPS[1:3]),
        ("1700000000", "1000000000", True, []),
    ],
)
def test_bounds_take_the_messages_between_them(
    channel: Channel, oldest: str | None, latest: str | None, inclusive: bool, found: list[str]
) -> None:
    bounds = (Decimal(bound) if bound else None for bound in (oldest, latest))
    between = threads.between(channel.messages, *bounds, inclusive=inclusive)
    assert [message.ts for message in between] == found


async def test_a_private_note_is_no_reply_and_a_deleted_reply_none_any_more(
    api: Api, sandbox: Sandbox
) -> None:
    await api.ok("conversations.join", channel=GENERAL)
    parent = await posted(api, GENERAL, text="Summary")
    reply = {"channel": GENERAL, "thread_ts": parent, "text": "Noted"}
    first = (await api.ok("chat.postMessage", **reply))["ts"]
    second = (await api.ok("chat.postMessage", **reply))["ts"]
    await api.ok("chat.postEphemeral", **reply, user=MARA)

    async def counted() -> tuple[object, object]:
        history = await api.ok("conversations.history", channel=GENERAL, limit=1)
        return history["messages"][0].get("reply_count"), history["messages"][0].get("latest_reply")

    assert await counted() == (2, second)
    await api.ok("chat.delete", channel=GENERAL, ts=second)
    assert await counted() == (1, first)
    await api.ok("chat.delete", channel=GENERAL, ts=first)
    assert await counted() == (None, None)
    assert sandbox.workspace.messages_seen_by(GENERAL, MARA)[-1].thread_ts == parent
