"""Does a courier act only while nobody else may do the same?"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.core.failures import Away, Retryable
from bot.courier import LEASE, Courier
from bot.slack.calls import Calls
from bot.slack.effects import Owed
from storage import outbox
from storage.db import Database
from storage.tables import outbox as rows
from tests.clocks import StillClock
from tests.room import until
from tests.servers import free_port
from tests.storage.owed import Outbox, post


async def nobody_is_told(_: object) -> None:
    """Nothing is lost here."""


def _held_until(database: Database) -> datetime:
    held = database.read_now(lambda conn: conn.execute(select(rows.c.lease_until)).scalar_one())
    assert isinstance(held, datetime)
    return held


async def test_what_somebody_else_may_have_taken_over_is_not_sent_any_more(
    database: Database,
) -> None:
    box, clock = Outbox(database), StillClock()
    is_begun, may_go_on, said = asyncio.Event(), asyncio.Event(), list[str]()
    async with Calls.connected("xoxb-any", f"http://127.0.0.1:{free_port()}/api/") as calls:

        async def deliver(_: Owed) -> dict[str, Any] | None:
            is_begun.set()
            await may_go_on.wait()
            try:
                return await calls("chat.postMessage", channel="C1", text="Hello")
            except Retryable as error:
                said.append(str(error))
                raise

        stalled = Courier(database, clock, deliver, lambda _: (), nobody_is_told)
        box.put(post("hello"), at=clock.now())
        running = asyncio.create_task(stalled.run(is_only_owner=False))
        await is_begun.wait()
        running.cancel()  # as if the machine had stood still: it settles nothing and holds nothing
        clock.move(LEASE + timedelta(seconds=1))
        other = box.claim(clock.now(), worker="other")["hello"]
        assert other.is_uncertain
        may_go_on.set()
        await until(lambda: bool(said))
    assert said == ["chat.postMessage: its lease ended before it was called"]
    done = outbox.Done(other.id, other.attempts, other.version, {"channel": "C1", "ts": "1.0"})
    box.settle(done, at=clock.now(), worker="other")
    assert box.states() == {"hello": "done"}


async def test_what_is_under_way_is_sent_though_the_clock_was_put_forward(
    database: Database,
) -> None:
    box, clock = Outbox(database), StillClock()
    is_begun, may_go_on, said = asyncio.Event(), asyncio.Event(), list[str]()
    async with Calls.connected("xoxb-any", f"http://127.0.0.1:{free_port()}/api/") as calls:

        async def deliver(_: Owed) -> dict[str, Any] | None:
            is_begun.set()
            await may_go_on.wait()
            try:
                return await calls("chat.postMessage", channel="C1", text="Hello")
            except Away as error:
                said.append(str(error))
                return {}

        courier = Courier(database, clock, deliver, lambda _: (), nobody_is_told)
        box.put(post("hello"), at=clock.now())
        running = asyncio.create_task(courier.run(is_only_owner=False))
        await is_begun.wait()
        clock.move(LEASE * 3)
        courier.wake()
        await until(lambda: _held_until(database) > clock.now())
        may_go_on.set()
        await until(lambda: box.states() == {"hello": "done"})
        await courier.stop()
        await running
    assert said == ["chat.postMessage: no connection to Slack"]
