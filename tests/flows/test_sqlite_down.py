"""What do people read while the SQLite file takes nothing, and what is left of what they said?"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from pathlib import Path

from storage.faults import MOVED
from tests.disks import small_disk
from tests.flows.load import under_load
from tests.room import IDRIS, Room, war_room

BUSY = "The log is busy and did not take it within 2 s."


async def test_a_full_disk_is_told_and_work_resumes_by_itself_when_there_is_room() -> None:
    with small_disk(megabytes=12) as disk:
        async with war_room(f"sqlite:///{disk.folder}/warroom.db") as room:
            load = await under_load(room)
            async with load.going_on():
                await load.is_at_work()
                with disk.full():
                    await load.is_refused()
                    told = await load.note(IDRIS)
                    assert room.sandbox.link.is_open
                await load.is_at_work()
            cause = "the disk is full" if disk.is_real else "the disk reports an error"
            assert told == (
                f"The log cannot be written: {cause}. Nothing was changed; please try again."
            )
            await load.nothing_is_lost()


async def test_a_file_that_another_program_holds_is_told_to_everybody_in_time(
    sqlite_url: str,
) -> None:
    async with war_room(sqlite_url) as room:
        load = await under_load(room)
        async with load.going_on():
            await load.is_at_work()
            path = sqlite_url.removeprefix("sqlite:///")
            with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
                other.execute("BEGIN EXCLUSIVE")
                await load.is_refused(6)
                told = await load.note(IDRIS)
                assert await room.bot.readiness.reasons() == [BUSY]
            await load.is_at_work()
        assert told == f"{BUSY} Nothing was changed; please try again."
        await load.nothing_is_lost()
        assert await room.bot.readiness.reasons() == []


async def test_a_file_that_is_moved_away_is_told_and_nothing_is_written_into_it(
    sqlite_url: str,
) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    async with war_room(sqlite_url) as room:
        load = await under_load(room)
        async with load.going_on():
            await load.is_at_work()
            path.rename(path.with_suffix(".moved"))
            await load.is_refused()
            told = await load.note(IDRIS)
            assert await room.bot.readiness.reasons() == [MOVED]
            path.with_suffix(".moved").rename(path)
            await load.is_at_work()
        assert told == f"{MOVED} Nothing was changed; please try again."
        await load.nothing_is_lost()


async def test_another_file_in_its_place_is_told_too(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    async with war_room(sqlite_url) as room:
        load = await under_load(room)
        was = path.rename(path.with_suffix(".moved"))
        path.write_bytes(was.read_bytes())  # an older copy, say
        assert await load.note(IDRIS) == f"{MOVED} Nothing was changed; please try again."
        was.replace(path)
        assert (await load.note(IDRIS)).startswith("Noted")
        await load.nothing_is_lost()


async def test_a_file_that_may_only_be_read_is_told_and_work_resumes_by_itself(
    sqlite_url: str,
) -> None:
    async with war_room(sqlite_url) as room:
        load = await under_load(room)
        async with load.going_on():
            await load.is_at_work()
            # No mount becomes read-only while a file on it is open for writing, but by a fault.
            await asyncio.to_thread(set_read_only, room, "ON")
            await load.is_refused()
            told = await load.note(IDRIS)
            await asyncio.to_thread(set_read_only, room, "OFF")
            await load.is_at_work()
        assert told == (
            "The log cannot be written: the file is read-only, or was moved away. "
            "Nothing was changed; please try again."
        )
        await load.nothing_is_lost()


def set_read_only(room: Room, value: str) -> None:
    """Let the writer's connection refuse what it would refuse of a file that is read-only."""
    with room.database._writers.connect() as conn:
        driver = conn.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.execute(f"PRAGMA query_only={value}")
