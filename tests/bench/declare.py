"""How soon is a war room ready, beside a bare Bolt app that makes the same calls?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import aiohttp
import psutil

from storage import lookup
from storage.db import Database
from tests.bench.fake import LATENCY_SECONDS
from tests.bench.figures import Figure, ms
from tests.bench.people import Declared, People
from tests.processes import Process, start

ABOUT = (
    "Bot (`python -m bot run`, Socket Mode, SQLite) and bare Bolt (`tests/bench/bare.py`: the same "
    "calls in the same depth, no log, no outbox) take turns in front of one fake Slack that "
    f"answers each call after {ms(LATENCY_SECONDS)}. Each is a process of its own. Ready is the "
    "time from the submit to the answer of the last of the eight calls that set the room up. Slack "
    "takes 20 new channels at once and then 20 a minute: each crowd meets a bot that has rested."
)
_MIB = 2**20
_ALONE = 15
_CROWD, _CROWDS = 20, 4
_REST_SECONDS = 4  # in which Slack's limit has room for one declare more
_STORM = 100


@dataclass(frozen=True)
class Stage:
    """Both apps in front of one fake Slack."""

    bot: People
    bare: People
    bot_pid: int
    database: Database

    async def declare(self, by: People, count: int) -> list[Declared]:
        """So many declares at once; of the bot's, each has to be committed when it is acked."""
        return await by.declare(count, self._all_committed(by, count))

    async def acks(self, count: int) -> list[float]:
        """So many declares at once; the seconds of each ack."""
        return await self.bot.acks(count, self._all_committed(self.bot, count))

    def _all_committed(self, by: People, count: int) -> Callable[[], None]:
        before = self._committed()

        def check() -> None:
            if by is self.bot and self._committed() != before + count:
                raise AssertionError("A declare was acked before it was committed.")

        return check

    def _committed(self) -> int:
        return len(self.database.read_now(lookup.entries))


@dataclass
class Run:
    """All declares of one run; `resident_bytes` of the bot afterwards."""

    bot_alone: list[Declared] = field(default_factory=list)
    bare_alone: list[Declared] = field(default_factory=list)
    bot_crowd: list[Declared] = field(default_factory=list)
    bare_crowd: list[Declared] = field(default_factory=list)
    storm: list[float] = field(default_factory=list)
    resident_bytes: int = 0

    def figures(self) -> list[Figure]:
        """Everything that has a target."""
        invited = median(one.invited for one in self.bot_alone)
        floor = 2 * LATENCY_SECONDS
        return [
            _ready("one at a time", (self.bot_alone, self.bare_alone), 1.05),
            _ready(f"{_CROWD} at once", (self.bot_crowd, self.bare_crowd), 1.20),
            Figure(
                "Declarer invited, as a ratio",
                invited / floor,
                1.10,
                detail=f"p50 {ms(invited)}",
                beside=f"two round trips: {ms(floor)}",
            ),
            *self._acks(),
            Figure(
                "Resident memory of the bot after all that",
                self.resident_bytes / _MIB,
                160,
                "MiB",
            ),
        ]

    def _acks(self) -> list[Figure]:
        alone, bare = (
            [one.submit_ack for one in declares] for declares in (self.bot_alone, self.bare_alone)
        )
        return [
            Figure(
                "Submit ack, commit made, p50",
                median(alone) * 1000,
                5.0,
                "ms",
                f"worst {ms(max(alone))}",
                beside=f"bare Bolt: {ms(median(bare))}",
            ),
            Figure(
                f"Slowest ack, {_STORM} declares at once",
                max(self.storm),
                3.0,
                "s",
                f"p50 {ms(median(self.storm))}",
                beside="Slack waits 3 s",
            ),
        ]


def _ready(who: str, of: tuple[Sequence[Declared], Sequence[Declared]], wanted: float) -> Figure:
    bot, bare = (median(one.ready for one in declares) for declares in of)
    return Figure(
        f"Declare ready, {who}, as a ratio",
        bot / bare,
        wanted,
        detail=f"p50 {ms(bot)}",
        beside=f"bare Bolt: {ms(bare)}",
    )


async def measure(folder: Path) -> list[Figure]:
    """One run; the apps take turns, so that the machine's moods meet both."""
    run = Run()
    async with _rested(folder / "alone") as stage:
        for _ in range(_ALONE):
            run.bot_alone += await stage.declare(stage.bot, 1)
            run.bare_alone += await stage.declare(stage.bare, 1)
    for number in range(_CROWDS):
        async with _rested(folder / f"crowd {number}") as stage:
            run.bot_crowd += await stage.declare(stage.bot, _CROWD)
            run.bare_crowd += await stage.declare(stage.bare, _CROWD)
    async with _rested(folder / "storm") as stage:
        run.storm += await stage.acks(_STORM)
        run.resident_bytes = psutil.Process(stage.bot_pid).memory_info().rss
    return run.figures()


@contextlib.asynccontextmanager
async def _rested(folder: Path) -> AsyncIterator[Stage]:
    """Both have declared once: the first is slower by what is loaded or looked up once."""
    folder.mkdir()
    async with staged(folder) as stage:
        for people in (stage.bot, stage.bare):
            await stage.declare(people, 1)
        await asyncio.sleep(_REST_SECONDS)
        yield stage


@contextlib.asynccontextmanager
async def staged(folder: Path) -> AsyncIterator[Stage]:
    """Start the fake Slack, the bot and the bare app, each as a process of its own."""
    async with contextlib.AsyncExitStack() as stack:

        async def started(
            words: list[str], name: str, says: str, **variables: str
        ) -> tuple[Process, str]:
            process = await start(words, folder / f"{name}.log", variables)
            stack.push_async_callback(process.kill)
            return process, await process.said(says)

        _, port = await started(["-m", "tests.bench.fake"], "fake", "port ")
        base = f"http://127.0.0.1:{port.split()[1]}"
        url = f"sqlite:///{folder}/warroom.db"
        bot, _ = await started(
            ["-m", "bot", "run"],
            "bot",
            "is listening",
            **_tokens(base, "bot"),
            DATABASE_URL=url,
            WARROOM_ANNOUNCE_CHANNEL="incidents",
        )
        await started(["-m", "tests.bench.bare"], "bare", "is listening", **_tokens(base, "bare"))
        limit = aiohttp.ClientTimeout(total=20)
        unlimited = aiohttp.TCPConnector(limit=0)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(timeout=limit, connector=unlimited)
        )
        database = Database.open(url)
        stack.callback(database.close)
        yield Stage(
            People(session, base, "bot"), People(session, base, "bare"), bot.child.pid, database
        )


def _tokens(base: str, name: str) -> dict[str, str]:
    return {
        "SLACK_API_URL": f"{base}/api/",
        "SLACK_BOT_TOKEN": f"xoxb-{name}",
        "SLACK_APP_TOKEN": f"xapp-{name}",
    }
