"""Is every loss told of once, whatever dies or fails when?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from bot.core.failures import Permanent
from bot.courier import Courier, LeftToNewer, Tell, Told
from bot.slack.effects import Owed
from storage import outbox
from storage.db import Database
from tests.clocks import StillClock
from tests.room import until
from tests.storage.owed import Outbox, post

BOTH = {"a": "failed", "told a": "done", "b": "failed", "told b": "done"}


class Died(BaseException):
    """The process ends here, as by kill -9."""


class Teller:
    """Owes a word about each loss; the first time something else happens."""

    def __init__(self, clock: StillClock, first: Callable[[outbox.Lost], object]) -> None:
        self._clock = clock
        self._first: Callable[[outbox.Lost], object] | None = first
        self.committed: list[str] = []

    def __call__(self, conn: Connection, lost: outbox.Lost) -> Told:
        outbox.put(conn, [post(f"told {lost.name}")], self._clock.now())
        first, self._first = self._first, None
        if first:
            first(lost)
        return lambda: self.committed.append(lost.name)


async def refuse(owed: Owed) -> None:
    """All but the words about losses."""
    if not owed.name.startswith("told"):
        raise Permanent("chat.postMessage", "is_archived")


@contextlib.asynccontextmanager
async def at_work(box: Outbox, clock: StillClock, tell: Tell) -> AsyncIterator[None]:
    courier = Courier(box.database, clock, refuse, lambda _: (), tell)
    running = asyncio.create_task(courier.run(is_only_owner=True))
    try:
        yield
    finally:
        await courier.stop()
        await running


async def test_what_was_refused_when_the_process_died_is_told_by_the_next(
    database: Database,
) -> None:
    box, clock = Outbox(database), StillClock()
    box.put(post("a"), post("b"), at=clock.now())

    def die(_: outbox.Lost) -> None:
        raise Died

    dying = Courier(database, clock, refuse, lambda _: (), Teller(clock, die))
    with pytest.raises(Died):
        await dying.run(is_only_owner=True)
    teller = Teller(clock, lambda _: None)
    async with at_work(box, clock, teller):
        await until(lambda: set(box.states().values()) == {"pending"})
        clock.move(outbox.SETTLING)
        await until(lambda: box.states() == BOTH)
    assert sorted(teller.committed) == ["a", "b"]


async def test_a_database_that_fails_while_a_loss_is_told_of_is_asked_again_for_all_of_it(
    database: Database,
) -> None:
    box, clock = Outbox(database), StillClock()
    box.put(post("a"), post("b"), at=clock.now())

    def fail(_: outbox.Lost) -> None:
        raise OperationalError("INSERT", {}, OSError("the disk is full"))

    teller = Teller(clock, fail)
    async with at_work(box, clock, teller):
        await until(lambda: box.states() == BOTH)
    assert sorted(teller.committed) == ["a", "b"]


async def test_a_fault_in_telling_of_one_loss_hides_no_other(database: Database) -> None:
    box, clock = Outbox(database), StillClock()
    box.put(post("a"), post("b"), at=clock.now())

    def stumble(lost: outbox.Lost) -> None:
        assert lost.name == "b"

    teller = Teller(clock, stumble)
    async with at_work(box, clock, teller):
        await until(lambda: box.states() == {"a": "failed", "b": "failed", "told b": "done"})
    assert teller.committed == ["b"]


async def test_what_only_newer_code_can_tell_of_is_left_to_it_and_no_other_loss_waits(
    database: Database,
) -> None:
    box, clock = Outbox(database), StillClock()
    box.put(post("a"), post("b", gives="b"), post("on b", needs="b"), post("c"), at=clock.now())
    of_newer = {"b"}

    def read(lost: outbox.Lost) -> None:
        teller._first = read  # noqa: SLF001 (each time, not the first alone)
        if lost.name in of_newer:
            raise LeftToNewer

    teller = Teller(clock, read)
    told = {"a": "failed", "told a": "done", "c": "failed", "told c": "done"}
    async with at_work(box, clock, teller):
        await until(lambda: box.states() == {**told, "b": "pending", "on b": "pending"})
        assert sorted(teller.committed) == ["a", "c"]
        of_newer.clear()
        clock.move(timedelta(seconds=6))
        all_told = {**told, **BOTH, "on b": "undeliverable", "told on b": "done"}
        await until(lambda: box.states() == all_told)
    assert sorted(teller.committed) == ["a", "b", "c", "on b"]


async def test_what_is_refused_while_the_process_stops_is_told_of(database: Database) -> None:
    box, clock = Outbox(database), StillClock()
    box.put(post("a"), at=clock.now())
    is_begun, may_go_on = asyncio.Event(), asyncio.Event()

    async def slowly(owed: Owed) -> None:
        is_begun.set()
        await may_go_on.wait()
        await refuse(owed)

    teller = Teller(clock, lambda _: None)
    courier = Courier(database, clock, slowly, lambda _: (), teller)
    running = asyncio.create_task(courier.run(is_only_owner=True))
    await is_begun.wait()
    stopping = asyncio.create_task(courier.stop())
    await asyncio.wait([running])
    may_go_on.set()
    await stopping
    assert box.states() == {"a": "failed", "told a": "pending"}
    assert teller.committed == ["a"]


async def test_what_cannot_be_read_is_told_and_stops_no_other(database: Database) -> None:
    box, clock = Outbox(database), StillClock()
    lost: list[outbox.Lost] = []
    teller = Teller(clock, lost.append)
    box.put(post("a"), post("told of something else"), at=clock.now())
    box.tear("a")
    async with at_work(box, clock, teller):
        await until(lambda: box.states().get("told a") == "done")
    assert box.states() == {"a": "failed", "told a": "done", "told of something else": "done"}
    assert [one.error for one in lost] == ["it cannot be read"]
