"""Where do bots live and die, with a clock for all and somebody who starts them again?"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from bot.clock import Clock
from bot.sandbox.sandbox import Sandbox
from bot.slack import manifest
from storage import lookup, migrate
from storage.db import Database
from storage.outbox import pacing
from storage.tables import Utc, outbox
from tests.room import SANDBOX_CONTENT, free_port, until
from tests.soak.children import Child, Nursery
from tests.soak.lead import clock_in
from tests.soak.record import Acked, Record, taken

ALONE = (("run",),)
_CALM_SECONDS = 0.25  # so long nothing moves before the clock is put forward
_SLOW_SECONDS = 2.0  # the same while somebody holds a lease and may be at work
_LOOK_AT_MOST_SECONDS = 0.1  # what one look may count for
_LEAP_SECONDS = 30.0  # then it is moved all the same
_DRAINED_SECONDS = 240.0
_OPEN = outbox.c.state.in_(("pending", "claimed"))


def crew(workers: int) -> tuple[tuple[str, ...], ...]:
    """One `web` and so many `worker`s, for Postgres."""
    return (("web",), *[("worker",)] * workers)


@dataclass
class Stage:
    """A workspace with bots that are started again whenever one dies."""

    sandbox: Sandbox
    database: Database
    clock: Clock
    folder: Path
    nursery: Nursery
    crew: Sequence[Sequence[str]]
    variables: dict[str, str]
    acked: list[Acked] = field(default_factory=list)
    bots: dict[int, Child] = field(default_factory=dict)
    deaths: int = 0
    is_leaping: bool = True  # over times in which nothing can happen; off where time passes anyway
    is_asked: asyncio.Event = field(default_factory=asyncio.Event)  # somebody waits for an answer

    async def keep(self, place: int) -> None:
        """Start the bot of this place, and another each time it dies."""
        while True:
            bot = await self.nursery.start(self.crew[place], self.folder, self.variables)
            self.bots[place] = bot
            await bot.dead.wait()
            self.deaths += 1

    async def at_work(self) -> None:
        """Wait until every place has a bot that is at work."""
        for place in range(len(self.crew)):
            while True:
                await until(partial(self.bots.__contains__, place), 60)
                with contextlib.suppress(ChildProcessError):
                    await self.bots[place].said("warroom ")
                    if not self.bots[place].dead.is_set():
                        break
                await asyncio.sleep(0.01)

    async def tried(self, act: Coroutine[Any, Any, None]) -> None:
        """Let a person do something; whose bot died meanwhile waits for no answer."""
        before, doing = self.deaths, asyncio.create_task(act)
        self.is_asked.set()
        while not doing.done():
            await asyncio.wait([doing], timeout=0.02)
            if self.deaths > before and not (self.is_http or self.sandbox.link.is_open):
                break
        if not doing.done():
            # What was on its way when the connection broke will not be answered any more.
            doing.cancel()
        await asyncio.wait([doing])
        if not doing.cancelled():
            doing.result()
        await self.at_work()
        # A connection that broke is made anew by whoever lost it; nobody can ask before.
        await until(lambda: self.is_http or self.sandbox.link.is_open, 60)

    @property
    def is_http(self) -> bool:
        """Requests come by HTTP."""
        return len(self.crew) > 1

    async def die_at(self, point: str) -> None:
        """Every bot that lives now dies at this point; "*" tells all, "" none."""
        await self.at_work()
        for bot in [*self.bots.values()]:
            with contextlib.suppress(ChildProcessError):  # it met the last point just now
                await bot.die_at(point)

    def move(self, by: timedelta) -> None:
        """Put everybody's clock forward."""
        self.clock.move(by)
        for bot in self.bots.values():
            bot.clock_moved()

    async def leap(self, by: timedelta) -> None:
        """Put the clock far forward, while nobody alive holds a lease that would run out by it."""
        await self._wait(lambda owed: owed.claimed, _LEAP_SECONDS)
        self.move(by)

    async def drained(self) -> None:
        """Wait until nothing is owed; the clock goes on to what waits for a moment.

        Raises:
            AssertionError: something is owed all the same.
        """
        assert await self._wait(lambda owed: owed.count, _DRAINED_SECONDS), "it is still owed"

    async def _wait(self, holds: Callable[[_Owed], object], seconds: float) -> bool:
        """Wait until this is over; when nothing moves, go to the next moment of the outbox."""
        ends_at, calm, seen, looked_at = time.monotonic() + seconds, 0.0, None, time.monotonic()
        while holds(owed := self.database.read_now(partial(_owed, now=self.clock.now()))):
            if time.monotonic() > ends_at:
                return False
            now = (owed.count, owed.claimed, owed.attempts, self.sandbox.workspace.journal._last)
            # Whoever is alive may be slow, but not so slow that its lease would end in life.
            calm_seconds = _SLOW_SECONDS if owed.claimed else _CALM_SECONDS
            # Where this process itself stood still, so did all others.
            calm += min(time.monotonic() - looked_at, _LOOK_AT_MOST_SECONDS)
            looked_at = time.monotonic()
            if now != seen:
                seen, calm = now, 0.0
            elif calm > calm_seconds:
                calm = 0.0
                if self.is_leaping and owed.next_at:
                    self.move(owed.next_at - self.clock.now() + timedelta(milliseconds=1))
            await asyncio.sleep(0.02)
        return True

    async def settled(self) -> None:
        """Wait until what is due has rung, nothing is owed, and Slack's events were taken in."""
        await self.at_work()
        await until(
            lambda: not self.database.read_now(partial(lookup.due, now=self.clock.now())), 60
        )
        await self.drained()
        await self.sandbox.deliver.settle()
        await self.drained()

    def record(self) -> Record:
        """All the judge hears of."""
        told = (self.folder / "bots.log").read_text()
        return taken(self.sandbox, self.database, self.acked, told)


@dataclass(frozen=True)
class _Owed:
    count: int
    claimed: int
    attempts: int
    next_at: datetime | None


def _owed(conn: Connection, now: datetime) -> _Owed:
    moment = func.coalesce(outbox.c.lease_until, outbox.c.not_before)
    tries = func.coalesce(func.sum(outbox.c.attempts), 0)
    columns = func.count(), func.count(outbox.c.lease_until), tries
    # What waits behind an elder was due long ago.
    due_at = conn.execute(select(func.min(moment, type_=Utc)).where(_OPEN, moment > now))
    moments = filter(None, [due_at.scalar_one(), pacing.waited_for(conn, now)])
    count, claimed, attempts = conn.execute(select(*columns).where(_OPEN)).one()
    return _Owed(count, claimed, attempts, min(moments, default=None))


@contextlib.asynccontextmanager
async def stage(
    nursery: Nursery,
    database_url: str,
    folder: Path,
    *,
    crew: Sequence[Sequence[str]] = ALONE,
    latency: timedelta = timedelta(0),
) -> AsyncIterator[Stage]:
    """A workspace and a database with bots at work; at the end all of them are killed."""
    clock, port = clock_in(folder), free_port()
    url = f"http://127.0.0.1:{port}/slack/events" if len(crew) > 1 else None
    sandbox = Sandbox(manifest.PATH, now=clock.now, app_url=url, latency=latency)
    database = Database.open(database_url)
    migrate.upgrade(database)
    async with sandbox.running() as base:
        variables = {
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "SLACK_SIGNING_SECRET": "sandbox",
            "SLACK_API_URL": f"{base}/api/",
            "DATABASE_URL": database_url,
            "PORT": str(port),
            "WARROOM_ANNOUNCE_CHANNEL": "incidents",
            "WARROOM_CONTENT": str(SANDBOX_CONTENT),
        }
        told = Stage(sandbox, database, clock, folder, nursery, crew, variables)
        keeping = [asyncio.create_task(told.keep(place)) for place in range(len(crew))]
        try:
            await told.at_work()
            yield told
        finally:
            for task in keeping:
                task.cancel()
            for bot in told.bots.values():
                bot.kill()
                await bot.dead.wait()
            database.close()
