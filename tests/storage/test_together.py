"""Do writes that wait for each other share a commit, and nothing else?"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import IntegrityError

from storage import inbox, together
from storage.db import Database, LogBusy, Unwritable
from storage.tables import inbox as inbox_table

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
_request: ContextVar[str] = ContextVar("request", default="")


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No group ends by the clock, as it would on a machine that is busy."""
    monkeypatch.setattr(together, "_SECONDS", 60.0)


def remember(key: str) -> Callable[[Connection], str]:
    """Work that writes one row."""

    def work(conn: Connection) -> str:
        inbox.remember(conn, key, inbox.Seen("incident/1", 1, 1), AT)
        return key

    return work


def keys(database: Database) -> set[str]:
    """The rows that `remember` wrote."""
    return set(database.read_now(lambda conn: conn.execute(select(inbox_table.c.key)).scalars()))


@asynccontextmanager
async def queue(
    database: Database, *works: Callable[[Connection], Any]
) -> AsyncIterator[list[asyncio.Task[Any]]]:
    """All of them wait for the writer, which goes on when the block ends."""
    may_go, is_at_work = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        is_at_work.set()
        may_go.wait(10)

    first = asyncio.create_task(_run(database.write(hold)))
    await asyncio.to_thread(is_at_work.wait, 10)
    waiting = [asyncio.create_task(_run(database.write(work))) for work in works]
    await asyncio.sleep(0)
    try:
        yield waiting
    finally:
        may_go.set()
        await first
        await asyncio.wait(waiting)


async def _run(writing: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 (whatever the work returns)
    return await writing


def commits(database: Database) -> list[None]:
    """Grows by one with each commit from now on."""
    seen: list[None] = []
    event.listen(database._writers, "commit", lambda _: seen.append(None))  # noqa: SLF001 (its own)
    return seen


async def test_what_waits_together_is_on_disk_with_one_commit(sqlite_database: Database) -> None:
    seen = commits(sqlite_database)
    async with queue(sqlite_database, *map(remember, "abcde")) as waiting:
        pass
    assert [one.result() for one in waiting] == [*"abcde"]
    assert keys(sqlite_database) == {*"abcde"}
    assert len(seen) == 2  # whoever held them up, and they


async def test_one_that_is_passing_waits_for_the_first_few_only(sqlite_database: Database) -> None:
    order: list[str] = []

    def noted(key: str) -> Callable[[Connection], None]:
        return lambda _: order.append(key)

    async with queue(sqlite_database, *map(noted, "abcdefgh")) as waiting:
        passing = _run(sqlite_database.write(noted("passing"), is_passing=True))
        waiting.append(asyncio.create_task(passing))
        await asyncio.sleep(0)
    assert order == [*"abc", "passing", *"defgh"]


async def test_one_that_wrote_nothing_and_raises_holds_up_no_other(
    sqlite_database: Database,
) -> None:
    def refuse(conn: Connection) -> None:
        conn.execute(select(inbox_table.c.key)).all()
        raise LookupError

    seen = commits(sqlite_database)
    async with queue(sqlite_database, remember("a"), refuse, remember("b")) as waiting:
        pass
    assert isinstance(waiting[1].exception(), LookupError)
    assert keys(sqlite_database) == {"a", "b"}
    assert len(seen) == 2  # whoever held them up, and they


async def test_one_that_raises_takes_back_its_own_alone(sqlite_database: Database) -> None:
    def refuse(conn: Connection) -> None:
        remember("never")(conn)
        raise LookupError

    async with queue(sqlite_database, remember("a"), refuse, remember("b")) as waiting:
        pass
    assert isinstance(waiting[1].exception(), LookupError)
    assert keys(sqlite_database) == {"a", "b"}


async def test_one_that_the_database_refuses_spoils_it_for_no_other(
    sqlite_database: Database,
) -> None:
    works = remember("a"), remember("a"), remember("b")
    async with queue(sqlite_database, *works) as waiting:
        pass
    faults = [one.exception() for one in waiting]
    assert [type(one) for one in faults] == [type(None), IntegrityError, type(None)]
    assert keys(sqlite_database) == {"a", "b"}


async def test_when_the_disk_is_full_everybody_is_told_and_nothing_is_there(
    sqlite_database: Database,
) -> None:
    def fill(conn: Connection) -> None:
        inbox.remember(conn, "x" * 100_000, inbox.Seen("incident/1", 1, 1), AT)

    sqlite_database.write_now(
        lambda conn: conn.exec_driver_sql("PRAGMA max_page_count = 1").close()
    )
    async with queue(sqlite_database, fill, fill) as waiting:
        pass
    assert [type(one.exception()) for one in waiting] == [Unwritable, Unwritable]
    assert keys(sqlite_database) == set()


async def test_while_another_program_holds_the_file_all_that_waited_are_told(
    sqlite_database: Database,
) -> None:
    sqlite_database.write_now(lambda conn: conn.exec_driver_sql("PRAGMA busy_timeout = 50").close())
    with sqlite_database.unwrapped() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        writing = (sqlite_database.write(remember(key)) for key in "abcde")
        told = await asyncio.gather(*writing, return_exceptions=True)
        assert [type(one) for one in told] == [LogBusy] * 5
        other.exec_driver_sql("ROLLBACK")
    assert await sqlite_database.write(remember("f")) == "f"
    assert keys(sqlite_database) == {"f"}


async def test_whoever_stops_waiting_in_time_is_not_written(sqlite_database: Database) -> None:
    async with queue(sqlite_database, remember("a"), remember("b")) as waiting:
        waiting[0].cancel()
        await asyncio.sleep(0)
    assert keys(sqlite_database) == {"b"}


async def test_each_knows_its_own_request(sqlite_database: Database) -> None:
    async def write(name: str) -> str:
        _request.set(name)
        return await sqlite_database.write(lambda _: _request.get())

    found = await asyncio.gather(*map(write, "abcdef"))
    assert found == [*"abcdef"]


@pytest.mark.parametrize("count", [1, 40])
async def test_however_many_come_each_gets_its_answer(
    sqlite_database: Database, count: int
) -> None:
    names = [f"key {number}" for number in range(count)]
    answers = await asyncio.gather(*(sqlite_database.write(remember(name)) for name in names))
    assert answers == names
    assert keys(sqlite_database) == set(names)
