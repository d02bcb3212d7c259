"""Is what is done again and again done on, whatever happens in one round?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.clock import Clock
from bot.reads import NotWritten
from bot.rounds import Round, going
from storage.db import LogBusy


class _Counted:
    """Rounds that are counted; the first of them fails."""

    def __init__(self, fault: Exception) -> None:
        self.fault: Exception | None = fault
        self.begun = 0
        self.changed = asyncio.Event()
        self.wake: Callable[[], None] = lambda: None

    async def run(self) -> None:
        self.begun += 1
        self.changed.set()
        if self.fault:
            fault, self.fault = self.fault, None
            raise fault

    def wakes_by(self, wake: Callable[[], None]) -> None:
        self.wake = wake

    async def reaches(self, count: int) -> None:
        async with asyncio.timeout(5):
            while self.begun < count:
                self.changed.clear()
                await self.changed.wait()


@pytest.mark.parametrize(
    "fault", [NotWritten(LogBusy("The database is busy.")), LookupError("a bug")]
)
async def test_a_round_that_fails_is_followed_by_the_next(fault: Exception) -> None:
    counted, clock = _Counted(fault), Clock()
    async with going([Round("counted", 3600, counted.run, counted.wakes_by)], clock):
        await counted.reaches(1)
        counted.wake()
        await counted.reaches(2)
        clock.move(timedelta(hours=1))
        await counted.reaches(3)


async def test_rounds_go_on_by_themselves_and_end_with_the_work() -> None:
    counted = _Counted(LookupError("a bug"))
    async with going([Round("counted", 0.01, counted.run, counted.wakes_by)], Clock()):
        await counted.reaches(3)
    begun = counted.begun
    counted.wake()
    await asyncio.sleep(0)
    assert counted.begun == begun
