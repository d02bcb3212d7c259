"""How does what one process writes wake those that deliver and ring in another?"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import random
import secrets
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from storage.db import Database, StorageError

_AGAIN_SECONDS = (0.5, 1.5)  # apart from each other: all of them lost the same server
_log = structlog.get_logger()

Heard = Callable[[datetime | None], None]


class Wakeups:
    """Tells the other processes on Postgres of what was written here, and hears of theirs.

    Nothing hangs on it: whoever hears nothing finds out by its next sweep.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by = secrets.token_hex(4)
        # Only Postgres has it, and its driver is an extra.
        self._line: Any = None
        if not database.is_sqlite:
            self._line = importlib.import_module("storage.listening")
        self._is_wanted = False
        self._due_at: datetime | None = None
        self._telling: asyncio.Task[None] | None = None

    def tell(self, due_at: datetime | None) -> None:
        """Something was written; `due_at` is when its incident has to be looked at, if at all.

        What is told while the last one is under way is told together.
        """
        if self._line is None:
            return
        self._is_wanted = True
        self._due_at = min(filter(None, [self._due_at, due_at]), default=None)
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell())

    async def told(self) -> None:
        """Wait until what was written here is told; whoever ends now would take it along."""
        if self._telling:
            await self._telling

    async def _tell(self) -> None:
        while self._is_wanted:
            due_at, self._due_at = self._due_at, None
            self._is_wanted = False
            said = f"{self._by} {due_at.isoformat() if due_at else ''}"
            try:
                await self._database.write(partial(self._line.tell, said=said))
            except StorageError as error:
                _log.info("wakeup.not_told", reason=error.sentence)

    @contextlib.asynccontextmanager
    async def heard_by(self, heard: Heard, now: Callable[[], datetime]) -> AsyncIterator[None]:
        """Call `heard` whenever another process wrote; with `now` after anything was missed."""
        if self._line is None:
            yield
            return
        listening = asyncio.create_task(self._listen(heard, now))
        try:
            yield
        finally:
            listening.cancel()
            await asyncio.wait([listening])

    async def _listen(self, heard: Heard, now: Callable[[], datetime]) -> None:
        while True:
            try:
                async for said in self._line.hear(self._database):
                    by, _, due_at = said.partition(" ")
                    if not said:
                        heard(now())
                    elif by != self._by:
                        heard(_moment(due_at, now) if due_at else None)
            except StorageError as error:
                _log.warning("wakeup.line_broke", reason=error.sentence)
            except Exception:  # noqa: BLE001 (its fault must not leave the process deaf)
                _log.exception("wakeup.fault")
            await asyncio.sleep(random.uniform(*_AGAIN_SECONDS))  # noqa: S311 (spreads, hides nothing)


def _moment(said: str, now: Callable[[], datetime]) -> datetime:
    """When to look; now, where nobody here can read it, such as what newer code says."""
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return now()
    return at if at.tzinfo else now()
