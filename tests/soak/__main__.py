"""Which long runs are there? `python -m tests.soak [part ...]`, all of them without a word."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from tests.soak import drain, matrix, moments, results, weather
from tests.soak.children import Nursery, nursery
from tests.soak.ground import Ground, on_postgres, on_sqlite, postgres
from tests.soak.judge import Verdict


class Part(StrEnum):
    """What is done."""

    MATRIX = "matrix"
    MOMENTS = "moments"
    WEATHER = "weather"
    DRAIN = "drain"


class Where(StrEnum):
    """On which ground: a SQLite file, or Postgres with one worker or with many."""

    SQLITE = "sqlite"
    ONE = "one"
    MANY = "many"


_FOUR = ("lost", "doubled", "out of order", "half made", "faults")
_WITHIN = 1.1  # of the bound, for what was queued
out = Console(highlight=False, soft_wrap=True)


@dataclass
class Run:
    """What a soak works with, and all that it found wrong."""

    part: Part
    command: str
    seed: int
    kills: int
    on: dict[Where, Ground]
    only: list[Where]
    wrong: list[str]

    def chosen(self, *places: Where) -> list[Where]:
        """Those of these grounds on which bots are to be killed."""
        return [one for one in places if one in (self.only or places)]

    def say(self, sentence: str) -> None:
        """Tell how far it is."""
        out.print(sentence)

    def write(self, *paragraphs: str, on: Where | None = None) -> None:
        """Write down what was found so far, on this ground alone where one is given."""
        section = f"{self.part} on {self.on[on].name}" if on else self.part
        command = f"{self.command} --on {on}" if on else self.command
        results.write(section, command, "\n\n".join(paragraphs))

    def counted(self, verdict: Verdict) -> list[int]:
        """The numbers of a verdict; what is wrong is kept for the end."""
        self.wrong += verdict.sentences()
        return list(verdict.counts().values())


async def kill_matrix(run: Run) -> None:
    """Every await point, on SQLite and with many processes on Postgres."""
    for where in run.chosen(Where.SQLITE, Where.MANY):
        ground = run.on[where]
        points = await matrix.points(ground, runs=3)
        result = await matrix.killed_at_each(ground, points, run.say)
        run.wrong += [f"{at}: {one}" for at, all_ in result.wrong.items() for one in all_]
        run.wrong += [f"{ground.name}: {phase}: not met: {one}" for phase, one in result.owed()]
        run.write(*_told_of_matrix(points, result), on=where)


def _told_of_matrix(points: matrix.Points, result: matrix.Matrix) -> list[str]:
    rows = [
        [
            *(phase, len(named), sum(where == phase for where, _ in result.killed)),
            sum(where == phase for where, _ in result.missed),
        ]
        for phase, named in points.items()
    ]
    excused = [
        [phase, f"`{one}`", why] for phase, one in result.missed if (why := matrix.by_chance(one))
    ]
    kinds = ("lost", "doubled", "out_of_order", "half_made", "faults")
    found = [len(result.killed), *map(result.count, kinds)]
    return [
        "A point is met when a bot died at it. Not every run passes each point: one that is "
        "not met is tried twelve times. Those left over stand below with what it takes; any "
        "other that is not met makes the run fail.",
        results.table(("Phase", "Await points", "Met", "Not met"), rows),
        results.table(("Phase", "Not met in twelve tries", "It takes that"), excused),
        results.table(("Kills", *_FOUR), [found]),
    ]


async def kill_moments(run: Run) -> None:
    """Random moments."""
    for where in run.chosen(*Where):
        one = await moments.killed_at_random(run.on[where], run.kills, run.seed, run.say)
        row = [one.seed, one.kills, one.cut, one.acked, one.facts, *run.counted(one.verdict)]
        heads = ("Seed", "Kills", "With a claim held", "Acked", "Facts", *_FOUR)
        run.write(results.table(heads, [row]), on=where)


async def slack_faults(run: Run) -> None:
    """Ten minutes of each kind of fault, of all mixed, and two hours without Slack."""
    ground, many, days = run.on[Where.SQLITE], run.on[Where.MANY], []
    for name, faults in (*weather.WEATHERS.items(), ("all mixed", weather.MIXED)):
        days.append((ground, faults, await weather.through(ground, name, faults, run.seed)))
        run.say(f"{name}: {days[-1][2].verdict.counts()}")
        for sentence in days[-1][2].verdict.sentences():
            run.say(sentence)
    mixed = await weather.through(many, "all mixed", weather.MIXED, run.seed)
    days.append((many, weather.MIXED, mixed))
    for where in (ground, many):
        days.append((where, ("*:outage:seconds=7200",), await weather.outage(where)))
        run.say(f"{where.name}: outage: {days[-1][2].verdict.counts()}")
    for day in (mixed, *[one for *_, one in days[-2:]]):
        for sentence in day.verdict.sentences():
            run.say(sentence)
    rows = [
        [
            *(where.name, day.weather, " ".join(f"`{one}`" for one in faults)),
            *(day.struck, day.acked, day.reminded, *run.counted(day.verdict)),
        ]
        for where, faults, day in days
    ]
    run.wrong += [f"{day.weather}: nobody was reminded" for *_, day in days if not day.reminded]
    told = ("Ground", "Weather", f"Faults (seed {run.seed})", "Struck", "Acked", "Reminded")
    run.write(results.table((*told, *_FOUR), rows))


async def queue_drained(run: Run) -> None:
    """1,000 messages over 100 rooms, queued while Slack was away for two hours."""
    ground = run.on[Where.SQLITE]
    one = await drain.timed(ground, 100, 10)
    counts = run.counted(one.verdict)
    if drain.ratio(one) > _WITHIN:
        run.wrong.append(f"drained in {one.seconds:.0f} s, more than 1.1 of {one.steady:.0f} s")
    rows = [
        [
            *(ground.name, one.rooms, one.messages, one.besides, f"{one.seconds:.1f} s"),
            *(f"{one.steady:.0f} s", f"{drain.ratio(one):.2f}", f"{one.bound:.0f} s", one.refused),
            *counts,
        ]
    ]
    told = ("Ground", "Rooms", "Messages", "Besides", "Drained in", "Bound", "Ratio (wanted 1.1)")
    run.write(
        "Bound: 300 messages a minute in the workspace and one a second in a channel, the rates "
        "that the sandbox keeps; its bursts (300 and 5 at once) would allow the second one. Wall "
        "clock, from Slack's return to the last message; what two hours made due besides is posted "
        "meanwhile and takes of the same rate.",
        results.table((*told, "With bursts", "429s", *_FOUR), rows),
    )


_BY_NAME: dict[Part, Callable[[Run], Coroutine[Any, Any, None]]] = {
    Part.MATRIX: kill_matrix,
    Part.MOMENTS: kill_moments,
    Part.WEATHER: slack_faults,
    Part.DRAIN: queue_drained,
}


@contextlib.contextmanager
def _grounds(folder: Path, home: Nursery) -> Iterator[dict[Where, Ground]]:
    with postgres() as new:
        one, three = (on_postgres(home, folder / f"pg{n}", new, n) for n in (1, 3))
        sqlite = on_sqlite(home, folder / "sqlite")
        yield {Where.SQLITE: sqlite, Where.ONE: one, Where.MANY: three}


async def _soak(parts: list[Part], seed: int, kills: int, on: list[Where]) -> list[str]:
    folder = Path(tempfile.mkdtemp(prefix="warroom-soak-"))
    out.print(f"Seed {seed}; what bots wrote is under {folder}.")
    wrong: list[str] = []
    async with nursery() as home:
        for part in parts:
            with _grounds(folder / part, home) as grounds:
                command = f"python -m tests.soak {part} --seed {seed} --kills {kills}"
                await _BY_NAME[part](Run(part, command, seed, kills, grounds, on, wrong))
    return wrong


def main(
    parts: Annotated[list[Part] | None, typer.Argument()] = None,
    seed: Annotated[int | None, typer.Option(help="Repeats a run.")] = None,
    kills: Annotated[int, typer.Option(help="At random moments, on each ground.")] = 500,
    on: Annotated[list[Where] | None, typer.Option(help="Where bots are killed.")] = None,
) -> None:
    """Run these parts and write what they found into RESULTS.md; exit 1 if anything is wrong.

    Each ground of the kills is written down when it is done, and can be run by itself: on SQLite,
    with one process of each kind on Postgres, or with many.
    """
    drawn = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    wrong = asyncio.run(_soak(parts or list(Part), drawn, kills, on or []))
    for one in wrong:
        out.print(one, markup=False)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    typer.run(main)
