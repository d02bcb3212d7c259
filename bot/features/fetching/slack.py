"""Who fetches awaited files, and looks through those that are text?"""

from __future__ import annotations

import asyncio

import structlog

from bot.core import ids, plaintext
from bot.core.facts.evidence import FileAwaited, FileScanned
from bot.core.failures import Retryable
from bot.core.preserving import Bytes
from bot.engine import Asked, Engine, Existing
from bot.features.fetching import rules
from bot.reads import NotWritten
from bot.rounds import Round
from bot.slack.fetches import ROUND_SECONDS, Fetches, left
from bot.slack.files import Files, Held, NotHad
from bot.slack.listen import Desk

_log = structlog.get_logger()


def register(desk: Desk) -> None:
    """Whoever takes files has them fetched here."""
    desk.fetch = Fetching(desk.engine, desk.files).begin


class Fetching:
    """Brings awaited files into the vault and says so in the log; one task for each."""

    def __init__(self, engine: Engine, files: Files) -> None:
        self._engine = engine
        self._files = files
        self._fetches = Fetches()

    def begin(self, number: int, awaited: FileAwaited, held: Held | None = None) -> None:
        """Fetch in the background, unless that is under way; what is `held` came already."""
        self._fetches.begin(awaited.item, lambda: self._fetch(number, awaited, held))

    async def collect(self) -> None:
        """Take up what a process that died left, and what Slack did not give at once."""
        async for number, row, evidence in left(self._engine, self._files):
            for one in evidence.awaited:
                if one.record.item == row.item and isinstance(one.record, FileAwaited):
                    held = Held(row.item, row.sha256, row.size_bytes or 0) if row.sha256 else None
                    self.begin(number, one.record, held)

    async def _fetch(self, number: int, awaited: FileAwaited, held: Held | None) -> None:
        try:
            held = held or await self._files.fetch(awaited.file_id, awaited.item)
            await self._tell(number, held)
        except NotHad as error:
            await self._miss(number, rules.Missed(awaited.item, str(error)))
        except (Retryable, NotWritten) as error:
            _log.warning("evidence.not_fetched", reason=str(error))  # the next round tries again

    async def _tell(self, number: int, held: Held) -> None:
        scanned = await self._scanned(number, held)
        taken = rules.Taken(held.item, held.sha256, held.size_bytes, scanned)
        asked = Asked(f"vault {taken.item}", ids.BOT)
        done = await self._engine.carry_out(rules.take, taken, Existing(number), asked)
        seen = [one for one in done.facts if isinstance(one, FileScanned)]
        if scanned and scanned.copy and scanned.copy.item not in {one.item for one in seen}:
            await self._files.forget(scanned.copy.item)  # another worker was first
        if any(not one.is_raw_kept for one in seen):
            await self._files.destroy(held.item)

    async def _scanned(self, number: int, held: Held) -> rules.Scanned | None:
        """What is in a text; None where it is none, or too long to be looked through."""
        policy = self._engine.policy.evidence
        text = await self._files.text(held, policy.scan_at_most_bytes)
        if text is None or not policy.detectors:
            return None
        scan = await asyncio.to_thread(plaintext.scan, text, policy)
        if not scan.found:
            return rules.Scanned()
        kept = await self._files.copy(ids.chain(number), scan.masked, self._engine.now())
        return rules.Scanned(scan.found, Bytes(kept.item, kept.sha256, kept.size_bytes))

    async def _miss(self, number: int, missed: rules.Missed) -> None:
        asked = Asked(f"vault {missed.item}", ids.BOT)
        await self._engine.carry_out(rules.miss, missed, Existing(number), asked)
        await self._files.forget(missed.item)


def collecting(engine: Engine, files: Files) -> Round:
    """The round that brings files which were left on the way."""
    fetching = Fetching(engine, files)
    return Round("evidence", ROUND_SECONDS, fetching.collect, lambda _wake: None)
