"""Which long runs are there? `python -m tests.soak [part ...]`, all of them without a word."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from tests.soak import drain, matrix, moments, results, weather
from tests.soak.children import Nursery, nursery
from tests.soak.ground import Ground, on_postgres, on_sqlite, postgres
from tests.soak.judge import Verdict

PARTS = ("matrix", "moments", "weather", "drain")
_FOUR = ("lost", "doubled", "out of order", "half made", "faults")
_WITHIN = 1.1  # of the bound, for what was queued
out = Console(highlight=False, soft_wrap=True)


@dataclass
class Run:
    """What a soak works with, and all that it found wrong."""

    part: str
    command: str
    seed: int
    kills: int
    grounds: list[Ground]
    wrong: list[str]

    def say(self, sentence: str) -> None:
        """Tell how far it is."""
        out.print(sentence)

    def write(self, *paragraphs: str) -> None:
        """Write down what was found so far."""
        results.write(self.part, self.command, "\n\n".join(paragraphs))

    def counted(self, verdict: Verdict) -> list[int]:
        """The numbers of a verdict; what is wrong is kept for the end."""
        self.wrong += verdict.sentences()
        return list(verdict.counts().values())


async def kill_matrix(run: Run) -> None:
    """Every await point, on SQLite and with many processes on Postgres."""
    rows: list[list[object]] = []
    excused: list[list[object]] = []
    told = []
    for ground in (run.grounds[0], run.grounds[-1]):
        points = await matrix.points(ground, runs=3)
        result = await matrix.killed_at_each(ground, points, run.say)
        run.wrong += [f"{where}: {one}" for where, all_ in result.wrong.items() for one in all_]
        for phase, named in points.items():
            met = sum(where == phase for where, _ in result.killed)
            missed = sum(where == phase for where, _ in result.missed)
            rows.append([ground.name, phase, len(named), met, missed])
        kinds = ("lost", "doubled", "out_of_order", "half_made", "faults")
        told.append([ground.name, len(result.killed), *map(result.count, kinds)])
        run.wrong += [f"{ground.name}: {phase}: not met: {one}" for phase, one in result.owed()]
        excused += [
            [ground.name, phase, f"`{one}`", matrix.by_chance(one)]
            for phase, one in result.missed
            if matrix.by_chance(one)
        ]
        run.write(
            "A point is met when a bot died at it. Not every run passes each point: one that is "
            "not met is tried twelve times. Those left over stand below with what it takes; any "
            "other that is not met makes the run fail.",
            results.table(("Ground", "Phase", "Await points", "Met", "Not met"), rows),
            results.table(("Ground", "Phase", "Not met in twelve tries", "It takes that"), excused),
            results.table(("Ground", "Kills", *_FOUR), told),
        )


async def kill_moments(run: Run) -> None:
    """Random moments."""
    rows = []
    for ground in run.grounds:
        one = await moments.killed_at_random(ground, run.kills, run.seed, run.say)
        counts = run.counted(one.verdict)
        rows.append([ground.name, one.seed, one.kills, one.cut, one.acked, one.facts, *counts])
        heads = ("Ground", "Seed", "Kills", "With a claim held", "Acked", "Facts", *_FOUR)
        run.write(results.table(heads, rows))


async def slack_faults(run: Run) -> None:
    """Ten minutes of each kind of fault, of all mixed, and two hours without Slack."""
    ground, days = run.grounds[0], []
    for name, faults in (*weather.WEATHERS.items(), ("all mixed", weather.MIXED)):
        days.append((ground, faults, await weather.through(ground, name, faults, run.seed)))
        run.say(f"{name}: {days[-1][2].verdict.counts()}")
        for sentence in days[-1][2].verdict.sentences():
            run.say(sentence)
    many = run.grounds[-1]
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
    one = await drain.timed(run.grounds[0], 100, 10)
    counts = run.counted(one.verdict)
    if drain.ratio(one) > _WITHIN:
        run.wrong.append(f"drained in {one.seconds:.0f} s, more than 1.1 of {one.steady:.0f} s")
    rows = [
        [
            *(run.grounds[0].name, one.rooms, one.messages, one.besides, f"{one.seconds:.1f} s"),
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


_BY_NAME: dict[str, Callable[[Run], Coroutine[Any, Any, None]]] = {
    "matrix": kill_matrix,
    "moments": kill_moments,
    "weather": slack_faults,
    "drain": queue_drained,
}


@contextlib.contextmanager
def _grounds(folder: Path, home: Nursery) -> Iterator[list[Ground]]:
    with postgres() as new:
        one, three = (on_postgres(home, folder / f"pg{n}", new, n) for n in (1, 3))
        yield [on_sqlite(home, folder / "sqlite"), one, three]


async def _soak(parts: list[str], seed: int, kills: int) -> list[str]:
    folder = Path(tempfile.mkdtemp(prefix="warroom-soak-"))
    out.print(f"Seed {seed}; what bots wrote is under {folder}.")
    wrong: list[str] = []
    async with nursery() as home:
        for part in parts:
            with _grounds(folder / part, home) as grounds:
                command = f"python -m tests.soak {part} --seed {seed} --kills {kills}"
                await _BY_NAME[part](Run(part, command, seed, kills, grounds, wrong))
    return wrong


def main(
    parts: Annotated[list[str] | None, typer.Argument(help=", ".join(PARTS))] = None,
    seed: Annotated[int | None, typer.Option(help="Repeats a run.")] = None,
    kills: Annotated[int, typer.Option(help="At random moments, on each ground.")] = 500,
) -> None:
    """Run these parts and write what they found into RESULTS.md; exit 1 if anything is wrong."""
    drawn = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    wrong = asyncio.run(_soak(parts or list(PARTS), drawn, kills))
    for one in wrong:
        out.print(one, markup=False)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    typer.run(main)
