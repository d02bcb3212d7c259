"""How fast and how big is the bot, beside a bare Bolt app on the same machine?"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil
from rich.console import Console
from rich.table import Table

from storage import lookup
from storage.db import Database
from tests.bench import figures
from tests.bench.people import Declared, People
from tests.processes import Process, start

RESULTS = Path(__file__).with_name("RESULTS.md")
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


async def measure(stage: Stage) -> figures.Run:
    """One run; the apps take turns, so that the machine's moods meet both."""
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
    return figures.Run(bot_alone, bare_alone, bot_crowd, bare_crowd, storm, resident)


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


async def main() -> int:
    """Measure, show, write down; 1 when a target is missed."""
    with tempfile.TemporaryDirectory(prefix="warroom-bench-") as folder:
        async with staged(Path(folder)) as stage:
            found = (await measure(stage)).figures()
    table = Table("What", "Measured", "Wanted", "", "Detail")
    for figure in found:
        table.add_row(*figure.cells(), style=None if figure.holds else "bold red")
    Console().print(table)
    RESULTS.write_text(figures.markdown(found), encoding="utf-8")
    return 0 if all(figure.holds for figure in found) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
