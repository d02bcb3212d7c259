"""Where do bots live and die, with a clock for all and somebody who starts them again?"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from bot.clock import Clock
from bot.sandbox.sandbox import Sandbox
from bot.slack import manifest
from storage import migrate
from storage.db import Database
from storage.tables import outbox
from tests.room import SANDBOX_CONTENT, free_port, until
from tests.soak.children import Child, Nursery
from tests.soak.lead import clock_in
from tests.soak.record import Acked, Record, taken

ALONE = (("run",),)
_CALM_SECONDS = 0.25  # so long nothing moves before the clock is put forward
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
        with contextlib.suppress(TimeoutError):  # then whoever held it is dead
            await until(lambda: not self.database.read_now(_claimed), 5)
        self.move(by)

    async def drained(self) -> None:
        """Wait until nothing is owed; the clock goes on to what waits for a moment."""
        ends_at, calm_since, seen = time.monotonic() + _DRAINED_SECONDS, time.monotonic(), None
        while (owed := self.database.read_now(_owed)).count:
            assert time.monotonic() < ends_at, f"still owed: {owed}"
            now = (owed, self.sandbox.workspace.journal._last)
            if now != seen:
                seen, calm_since = now, time.monotonic()
            elif time.monotonic() - calm_since > _CALM_SECONDS:
                calm_since = time.monotonic()
                if owed.next_at and owed.next_at > self.clock.now():
                    self.move(owed.next_at - self.clock.now() + timedelta(milliseconds=1))
            await asyncio.sleep(0.05)

    async def settled(self) -> None:
        """Wait until nothing is owed and what Slack told of it was taken in."""
        await self.at_work()
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
    attempts: int
    next_at: datetime | None


def _claimed(conn: Connection) -> int:
    is_claimed = outbox.c.state == "claimed"
    return int(conn.execute(select(func.count()).where(is_claimed)).scalar_one())


def _owed(conn: Connection) -> _Owed:
    moment = func.min(func.coalesce(outbox.c.lease_until, outbox.c.not_before))
    columns = func.count(), func.coalesce(func.sum(outbox.c.attempts), 0), moment
    count, attempts, next_at = conn.execute(select(*columns).where(_OPEN)).one()
    return _Owed(count, attempts, next_at)


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
