"""What does an answer of Slack's mean that nobody can read, or that a proxy wrote?"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web

from bot.core.failures import TooFast, Unknown
from bot.courier.attempts import Attempts
from bot.slack.calls import Calls
from storage.db import Database
from tests.clocks import StillClock
from tests.storage.owed import Outbox, post

JSON = "application/json"
CUT_SHORT = b'{"ok": true, "channel": {"id": "C1'
UNREADABLE = [
    (200, JSON, CUT_SHORT),
    (503, JSON, b"upstream connect error or disconnect/reset before headers"),
    (200, f"{JSON}; charset=utf-8", b'{"ok": true, "text": "\xff"}'),
    (200, "text/plain", b"ok"),
    (502, "text/plain", b"bad gateway"),
    (200, "text/html", b"<html>"),
    (200, JSON, b'["ok"]'),
    (200, "application/gzip", b"\x1f\x8b"),
]


@contextlib.asynccontextmanager
async def answering(
    status: int, kind: str, body: bytes, headers: dict[str, str] | None = None
) -> AsyncIterator[Calls]:
    """Calls that are all answered so."""

    async def any_method(_: web.Request) -> web.Response:
        given = {"Content-Type": kind, **(headers or {})}
        return web.Response(status=status, body=body, headers=given)

    server = web.Application()
    server.router.add_route("*", "/{tail:.*}", any_method)
    runner = web.AppRunner(server)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
        async with Calls.connected("xoxb-any", url) as calls:
            yield calls
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(("status", "kind", "body"), UNREADABLE)
async def test_of_an_answer_that_cannot_be_read_nobody_knows_what_it_says(
    status: int, kind: str, body: bytes
) -> None:
    async with answering(status, kind, body) as calls:
        with pytest.raises(Unknown):
            await calls("chat.postMessage", channel="C1", text="Hello")
        with pytest.raises(Unknown):
            await calls.whoami()
        with pytest.raises(Unknown):
            await calls.open_socket("xapp-any")


@pytest.mark.parametrize("kind", [JSON, "text/plain", "text/html"])
async def test_a_limit_that_is_reached_is_known_whatever_the_answer_says(kind: str) -> None:
    async with answering(429, kind, b"slow down", {"Retry-After": "7"}) as calls:
        with pytest.raises(TooFast) as caught:
            await calls("chat.postMessage", channel="C1", text="Hello")
    assert caught.value.after == timedelta(seconds=7)


async def test_a_room_whose_answer_was_cut_short_is_looked_for_and_not_given_up(
    database: Database,
) -> None:
    box, clock = Outbox(database), StillClock()
    box.put(post("room/1", gives="room/1"), post("summary", needs="room/1"), at=clock.now())
    row = box.claim(clock.now())["room/1"]
    async with answering(200, JSON, CUT_SHORT) as calls:
        attempts = Attempts(clock, lambda _: calls("conversations.create", name="inc-1"))
        box.settle(await attempts.outcome(row), at=clock.now())
    assert box.states() == {"room/1": "pending", "summary": "pending"}
    clock.move(timedelta(minutes=1))
    assert box.claim(clock.now())["room/1"].is_uncertain
