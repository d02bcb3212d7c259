"""What do people read while the SQLite file takes nothing, and what is left of what they said?"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import select

from storage.faults import MOVED
from storage.tables import counters
from tests.disks import small_disk
from tests.flows.load import under_load
from tests.room import IDRIS, Room, war_room

BUSY = "The log is busy and did not take it within 2 s."
READ_ONLY = "The log cannot be written: the file is read-only, or was moved away."


async def test_a_full_disk_is_told_and_work_resumes_by_itself_when_there_is_room() -> None:
    with small_disk(megabytes=12) as disk:
        async with war_room(f"sqlite:///{disk.folder}/warroom.db") as room:
            told, reasons = await told_during(disk.full(), room)
            left = room.database.read_now(lambda conn: conn.execute(select(counters.c.name)).all())
    cause = "the disk is full" if disk.is_real else "the disk reports an error"
    assert told == nothing_changed(f"The log cannot be written: {cause}.")
    assert reasons == [f"The log cannot be written: {cause}."]
    assert not [name for (name,) in left if name.startswith("ballast")]


async def test_a_file_that_another_program_holds_is_told_to_everybody_in_time(
    sqlite_url: str,
) -> None:
    async with war_room(sqlite_url) as room:
        told, reasons = await told_during(held(file_of(sqlite_url)), room)
    assert reasons == [BUSY]
    assert told == nothing_changed(BUSY)


async def test_a_file_that_is_moved_away_is_told_and_nothing_is_written_into_it(
    sqlite_url: str,
) -> None:
    async with war_room(sqlite_url) as room:
        told, reasons = await told_during(moved(file_of(sqlite_url)), room)
    assert reasons == [MOVED]
    assert told == nothing_changed(MOVED)


async def test_another_file_in_its_place_is_told_too(sqlite_url: str) -> None:
    path = file_of(sqlite_url)
    async with war_room(sqlite_url) as room:
        load = await under_load(room)
        was = path.rename(path.with_suffix(".moved"))
        path.write_bytes(was.read_bytes())  # an older copy, say
        assert await load.note(IDRIS) == nothing_changed(MOVED)
        was.replace(path)
        assert (await load.note(IDRIS)).startswith("Noted")
        await load.nothing_is_lost()


async def test_a_file_that_may_only_be_read_is_told_and_work_resumes_by_itself(
    sqlite_url: str,
) -> None:
    async with war_room(sqlite_url) as room:
        told, _ = await told_during(read_only(room), room)
    assert told == nothing_changed(READ_ONLY)


async def told_during(fault: AbstractContextManager[None], room: Room) -> tuple[str, list[str]]:
    """What one is told while the fault lasts, and why the bot is not ready then.

    Before and afterwards work goes on, Slack stays connected, and nothing is lost.
    """
    load = await under_load(room)
    async with load.going_on():
        await load.is_at_work()
        with fault:
            await load.is_refused()
            told = await load.note(IDRIS)
            reasons = await room.bot.readiness.reasons()
            assert room.sandbox.link.is_open
        await load.is_at_work()
    await load.nothing_is_lost()
    assert await room.bot.readiness.reasons() == []
    return told, list(reasons)


def nothing_changed(why: str) -> str:
    """What people read."""
    return f"{why} Nothing was changed; please try again."


def file_of(url: str) -> Path:
    """Where the SQLite file of this address lies."""
    return Path(url.removeprefix("sqlite:///"))


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Another program, at a backup, say, has the file for itself."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@contextlib.contextmanager
def moved(path: Path) -> Iterator[None]:
    """The file has another name meanwhile."""
    away = path.rename(path.with_suffix(".moved"))
    yield
    away.rename(path)


@contextlib.contextmanager
def read_only(room: Room) -> Iterator[None]:
    """The writer's connection refuses what it would refuse of a file that is read-only.

    No mount becomes read-only while a file on it is open for writing, but by a fault.
    """
    _set_query_only(room, "ON")
    yield
    _set_query_only(room, "OFF")


def _set_query_only(room: Room, value: str) -> None:
    with room.database._writers.connect() as conn:
        driver = conn.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.execute(f"PRAGMA query_only={value}")
