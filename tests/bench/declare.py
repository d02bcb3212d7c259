"""How soon is a war room ready, beside a bare Bolt app that makes the same calls?"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
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
    "time from the submit to the answer of the last of the nine set-up calls."
)
_MIB = 2**20
_ALONE = 20
_CROWD, _CROWDS = 20, 5
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
        before = self._committed()

        def is_committed() -> None:
            if by is self.bot and self._committed() != before + count:
                raise AssertionError("A declare was acked before it was committed.")

        return await by.declare(count, is_committed)

    def _committed(self) -> int:
        return len(self.database.read_now(lookup.entries))


@dataclass(frozen=True)
class Run:
    """All declares of one run; `resident_bytes` of the bot afterwards."""

    bot_alone: Sequence[Declared]
    bare_alone: Sequence[Declared]
    bot_crowd: Sequence[Declared]
    bare_crowd: Sequence[Declared]
    storm: Sequence[Declared]
    resident_bytes: int

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
        submits = [one.submit_ack for one in self.storm]
        slowest = max(*submits, *(one.command_ack for one in self.storm))
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
                f"Slowest ack, {len(self.storm)} declares at once",
                slowest,
                3.0,
                "s",
                f"submits p50 {ms(median(submits))}, worst {ms(max(submits))}",
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
    async with staged(folder) as stage:
        return (await _run(stage)).figures()


async def _run(stage: Stage) -> Run:
    for people in (stage.bot, stage.bare):
        await stage.declare(people, 1)  # the first is slower by what is loaded or looked up once
    bot_alone, bare_alone, bot_crowd, bare_crowd = [], [], [], []
    for _ in range(_ALONE):
        bot_alone += await stage.declare(stage.bot, 1)
        bare_alone += await stage.declare(stage.bare, 1)
    for _ in range(_CROWDS):
        bot_crowd += await stage.declare(stage.bot, _CROWD)
        bare_crowd += await stage.declare(stage.bare, _CROWD)
    storm = await stage.declare(stage.bot, _STORM)
    resident = psutil.Process(stage.bot_pid).memory_info().rss
    return Run(bot_alone, bare_alone, bot_crowd, bare_crowd, storm, resident)


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
