"""What do people read while the SQLite file takes nothing, and what is left of what they said?"""

from __future__ import annotations

import contextlib
import sqlite3

from tests.disks import small_disk
from tests.flows.load import under_load
from tests.room import IDRIS, war_room

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
