"""Who notes the heads of the chains outside the database, and when?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from bot.clock import Clock
from bot.settings import Settings
from storage import anchors, log
from storage.db import Database, StorageError

_EVERY_SECONDS = 300.0  # with 10,000 chains it takes 80 ms of a core
_AT_THE_END_SECONDS = 2.0  # of the five in which a process has to stop
_log = structlog.get_logger()


@dataclass(frozen=True)
class Noted:
    """What came of noting: the heads that were new, of how many, and where chains broke."""

    new: int
    chains: int
    broken: list[log.Broken]


def place(settings: Settings, database: Database) -> Path | None:
    """Where heads are noted: as set, else beside a SQLite file; None for nowhere."""
    if settings.warroom_anchors:
        return settings.warroom_anchors
    return Path(f"{database.path}.anchors") if database.path else None


def compared(database: Database, path: Path) -> tuple[anchors.Anchored, list[log.Broken]]:
    """What was noted in the file, and which chains are not as they were noted.

    Raises:
        StorageError: the file or the database cannot be read.
    """
    noted = anchors.read(path)
    return noted, database.read_now(lambda conn: anchors.faults(conn, noted.heads))


class Notary:
    """Notes the heads that are new since it noted last, its past self included."""

    def __init__(self, database: Database, path: Path) -> None:
        self._database = database
        self._path = path
        self._newest: dict[str, anchors.Head] | None = None

    def note(self, now: datetime) -> Noted:
        """Note what is new. A chain that is not as it was noted keeps its note.

        Raises:
            StorageError: the file cannot be read or written, or the database not read.
        """
        if self._newest is None:
            self._newest = dict(anchors.read(self._path).newest)
        before = self._newest
        heads = self._database.read_now(anchors.heads)
        # A chain that did not change is as it was noted.
        doubtful = {chain: [head] for chain, head in before.items() if heads.get(chain) != head}
        broken = self._database.read_now(lambda conn: anchors.faults(conn, doubtful))
        lost = {one.chain for one in broken}
        new = {
            chain: head
            for chain, head in heads.items()
            if before.get(chain) != head and chain not in lost
        }
        if new:
            anchors.append(self._path, now, new)
            self._newest |= new
        return Noted(len(new), len(heads), broken)


@contextlib.asynccontextmanager
async def anchoring(database: Database, path: Path | None, clock: Clock) -> AsyncIterator[None]:
    """Heads are noted every five minutes and at the end; a None `path` notes nothing."""
    if path is None:
        yield
        return
    notary = Notary(database, path)
    running = asyncio.create_task(_now_and_then(notary, clock))
    try:
        yield
    finally:
        running.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_AT_THE_END_SECONDS):
                await _note(notary, clock)


async def _now_and_then(notary: Notary, clock: Clock) -> None:
    while True:
        await _note(notary, clock)
        await asyncio.sleep(_EVERY_SECONDS)


async def _note(notary: Notary, clock: Clock) -> None:
    try:
        noted = await asyncio.to_thread(notary.note, clock.now())
    except StorageError as error:
        _log.warning("anchors.not_written", reason=error.sentence)
        return
    for one in noted.broken:
        found = {"chain": one.chain, "seq": one.seq, "reason": one.reason}
        _log.error("anchors.broken", **found, see="warroom verify")
