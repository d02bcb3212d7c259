"""Who fetches what preserved links lead to?"""

from __future__ import annotations

import re

import structlog

from bot.core import ids
from bot.core.evidence import Evidence, Item
from bot.core.failures import Retryable
from bot.engine import Asked, Engine, Existing
from bot.features.links import due, rules
from bot.hooks.links import Links, NotFetched
from bot.reads import NotWritten
from bot.rounds import Round
from bot.slack.fetches import ROUND_SECONDS, Fetches, left
from bot.slack.files import Files
from bot.slack.listen import Desk

_LINK = re.compile(r"https?://[^\s|<>]+")
_log = structlog.get_logger()


def register(desk: Desk) -> None:
    """Whoever preserves a link has what it leads to fetched here."""
    desk.snap = Snapping(desk.engine, desk.files).begin


class Snapping:
    """Brings what links lead to into the vault and says so in the log; one task for each."""

    def __init__(self, engine: Engine, files: Files) -> None:
        self._engine = engine
        self._files = files
        self._links = Links(engine.policy.evidence.links)
        self._fetches = Fetches()

    def begin(self, number: int, one: Item, said: str | None) -> None:
        """Fetch in the background, unless that is under way.

        `said` holds the link; None where the hash alone was kept and nobody knows it any more.
        """
        if one.snapshot:
            self._fetches.begin(one.snapshot.item, lambda: self._fetch(number, one, said))

    async def collect(self) -> None:
        """Take up what a process that died left, and what the other side did not give at once."""
        now = self._engine.now()
        async for number, row, evidence in left(self._engine, self._files):
            for one in evidence.snapshots_awaited:
                if not one.snapshot or one.snapshot.item != row.item:
                    continue
                if row.sha256:  # it came, and the bot ended before it was on record
                    await self._tell(number, one, rules.Taken(row.item, row.sha256, row.size_bytes))
                elif (due.again_at(one.snapshot) or now) <= now:
                    self.begin(number, one, await self._link(one))

    async def _link(self, one: Item) -> str | None:
        try:
            return str((await self._files.record(one.record.item, one.sha256)).get("text") or "")
        except NotWritten:
            return None

    async def _fetch(self, number: int, one: Item, said: str | None) -> None:
        assert one.snapshot
        item = one.snapshot.item
        found = _LINK.search(said or "")
        try:
            if not found:
                raise NotFetched("Its address is kept as a hash alone, so it is asked for no more.")
            async with self._links.opened(found[0]) as page:
                held = await self._files.take(item, page.pieces())
            given = (page.status, page.content_type)
            await self._tell(number, one, rules.Taken(item, held.sha256, held.size_bytes, *given))
        except NotFetched as error:
            await self._miss(number, rules.Missed(item, str(error)))
        except Retryable as error:
            await self._delay(number, one, str(error).removeprefix("link: "))
        except NotWritten as error:
            _log.warning("snapshot.not_taken", reason=str(error))  # the next round tries again

    async def _tell(self, number: int, one: Item, taken: rules.Taken) -> None:
        asked = Asked(f"vault {taken.item}", ids.BOT)
        await self._engine.carry_out(rules.take, taken, Existing(number), asked)
        if not one.record.is_raw_kept:
            await self._files.destroy(taken.item)

    async def _delay(self, number: int, one: Item, reason: str) -> None:
        assert one.snapshot
        delayed = rules.Missed(one.snapshot.item, reason)
        # One answer is one delay, whoever of several workers asked.
        asked = Asked(f"vault {delayed.item} {len(one.snapshot.delays)}", ids.BOT)
        try:
            done = await self._engine.carry_out(rules.delay, delayed, Existing(number), asked)
            after = done.case.states.of(Evidence).find(one.number)
            if after and not after.awaits_snapshot:
                await self._files.forget(delayed.item)
        except NotWritten as error:
            _log.warning("snapshot.not_delayed", reason=str(error))

    async def _miss(self, number: int, missed: rules.Missed) -> None:
        asked = Asked(f"vault {missed.item}", ids.BOT)
        await self._engine.carry_out(rules.miss, missed, Existing(number), asked)
        await self._files.forget(missed.item)


def collecting(engine: Engine, files: Files) -> Round:
    """The round that fetches what was left on the way."""
    snapping = Snapping(engine, files)
    return Round("snapshots", ROUND_SECONDS, snapping.collect, lambda _wake: None)
