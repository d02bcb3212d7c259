"""Does a courier act only while nobody else may do the same?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.core.failures import Away, Retryable
from bot.courier import LEASE, Courier, Told
from bot.slack.calls import Calls
from bot.slack.effects import Owed
from storage import outbox
from storage.db import Database
from storage.tables import outbox as rows
from tests.clocks import StillClock
from tests.room import until
from tests.servers import free_port
from tests.storage.owed import Outbox, post


def nobody_is_told(_conn: object, _lost: object) -> Told:
    """Nothing is lost here."""
    return lambda: None


class Slow:
    """A delivery that stands still before its call, and says which error it came to.

    Where it `is_done_by` one, it hears of that one alone, and is done all the same.
    """

    def __init__(self, is_done_by: type[Retryable] | None = None) -> None:
        self._is_done = is_done_by is not None
        self._heard = is_done_by or Retryable
        self._is_begun = asyncio.Event()
        self.may_go_on = asyncio.Event()
        self.said: list[str] = []

    @contextlib.asynccontextmanager
    async def at_work(
        self, box: Outbox, clock: StillClock
    ) -> AsyncIterator[tuple[Courier, asyncio.Task[None]]]:
        """A courier that holds one message, and the task in which it runs."""
        async with Calls.connected("xoxb-any", f"http://127.0.0.1:{free_port()}/api/") as calls:

            async def deliver(_: Owed) -> dict[str, Any] | None:
                self._is_begun.set()
                await self.may_go_on.wait()
                try:
                    return await calls("chat.postMessage", channel="C1", text="Hello")
                except self._heard as error:
                    self.said.append(str(error))
                    if self._is_done:
                        return {}
                    raise

            courier = Courier(box.database, clock, deliver, lambda _: (), nobody_is_told)
            box.put(post("hello"), at=clock.now())
            running = asyncio.create_task(courier.run(is_only_owner=False))
            await self._is_begun.wait()
            yield courier, running


async def test_what_was_claimed_by_a_commit_that_nobody_heard_of_is_not_left_lying(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = database.write

    async def twice(work: Callable[[Connection], Any], **rest: Any) -> Any:
        await write(work, **rest)  # its connection broke in the commit, so that it is done again
        return await write(work, **rest)

    monkeypatch.setattr(database, "write", twice)
    box, clock, brought = Outbox(database), StillClock(), list[tuple[str, bool]]()

    async def deliver(owed: Owed) -> None:
        brought.append((owed.name, owed.is_uncertain))

    courier = Courier(database, clock, deliver, lambda _: (), nobody_is_told)
    box.put(post("hello"), post("again"), at=clock.now())
    running = asyncio.create_task(courier.run(is_only_owner=False))
    await until(lambda: set(box.states().values()) == {"done"})
    await courier.stop()
    await running
    assert sorted(brought) == [("again", False), ("hello", False)]


def _held_until(database: Database) -> datetime:
    held = database.read_now(lambda conn: conn.execute(select(rows.c.lease_until)).scalar_one())
    assert isinstance(held, datetime)
    return held


async def test_what_somebody_else_may_have_taken_over_is_not_sent_any_more(
    database: Database,
) -> None:
    box, clock, slow = Outbox(database), StillClock(), Slow()
    async with slow.at_work(box, clock) as (_, running):
        running.cancel()  # as if the machine had stood still: it settles nothing and holds nothing
        clock.move(LEASE + timedelta(seconds=1))
        other = box.claim(clock.now(), worker="other")["hello"]
        assert other.is_uncertain
        slow.may_go_on.set()
        await until(lambda: bool(slow.said))
    assert slow.said == ["chat.postMessage: its lease ended before it was called"]
    done = outbox.Done(other.id, other.attempts, other.version, {"channel": "C1", "ts": "1.0"})
    box.settle(done, at=clock.now(), worker="other")
    assert box.states() == {"hello": "done"}


async def test_what_is_under_way_is_sent_though_the_clock_was_put_forward(
    database: Database,
) -> None:
    box, clock, slow = Outbox(database), StillClock(), Slow(is_done_by=Away)
    async with slow.at_work(box, clock) as (courier, running):
        clock.move(LEASE * 3)
        courier.wake()
        await until(lambda: _held_until(database) > clock.now())
        slow.may_go_on.set()
        await until(lambda: box.states() == {"hello": "done"})
        await courier.stop()
        await running
    assert slow.said == ["chat.postMessage: no connection to Slack"]
