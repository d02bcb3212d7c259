"""How do several processes share one clock that can be moved?"""

from __future__ import annotations

import asyncio
import mmap
import struct
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import Clock

_FORM = struct.Struct("d")


class SharedClock(Clock):
    """A clock whose lead, in seconds, stands in a file."""

    path = Path("lead")  # in the folder that a bot is started in

    def __init__(self) -> None:
        super().__init__()
        if not self.path.exists():
            self.path.write_bytes(_FORM.pack(0.0))
        with self.path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _FORM.size)

    def now(self) -> datetime:
        """The moment it is for all who share the file."""
        return super().now() + self._lead

    def wall(self, moment: datetime) -> datetime:
        """When the wall's clock shows what this one calls `moment`, if it is not moved again."""
        return moment - self._lead

    def move(self, by: timedelta) -> None:
        """Put the clock forward for everybody; others have to be told."""
        ahead = self._lead + by
        _FORM.pack_into(self._shared, 0, ahead.total_seconds())
        self.moved()

    def moved(self) -> None:
        """Somebody put it forward."""
        for tell in self._on_move:
            tell()

    def on_move(self, tell: Callable[[], None]) -> None:
        """Call `tell` in this loop whenever the clock is put forward, by whatever thread."""
        loop = asyncio.get_running_loop()

        def pass_on() -> None:
            loop.call_soon_threadsafe(tell)

        super().on_move(pass_on)

    @property
    def _lead(self) -> timedelta:
        return timedelta(seconds=_FORM.unpack_from(self._shared, 0)[0])


def clock_in(folder: Path) -> SharedClock:
    """The clock of all who are started in this folder."""
    kind = type("SharedClockHere", (SharedClock,), {"path": folder / "lead"})
    clock: SharedClock = kind()
    return clock
