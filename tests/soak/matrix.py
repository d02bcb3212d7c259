"""What is left in Slack when the bot is killed at each of its await points, one after the other?"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from tests.room import until
from tests.soak.acts import PHASES, Incident
from tests.soak.ground import Ground
from tests.soak.judge import judged
from tests.soak.points import EVERY
from tests.soak.stage import Stage

Points = Mapping[str, Sequence[str]]  # of each phase
_TIMES = 12  # so often a point is tried that does not come up each time
_BREATH_SECONDS = 0.3  # what was committed last is told after everybody can see it
# What no run can bring about at will; every other point that was not met is owed.
CHANCE: Mapping[str, str] = {
    r">StreamReader\._wait$": "an answer of Slack's came in two pieces",
    r">Base(EventLoop\._create_connection_transport|SelectorEventLoop\.sock_connect)$": (
        "a connection had to be made anew"
    ),
    r"^commit Ringing\.(_reckon|reckon_anew): ": "the reckoning after a start was as late as that",
    r"^commit Courier\._took_over: ": "the start of a worker was as late as that",
    r"^deliver decisions/#/asked/.* in conversations\.open": (
        "the worker that took it had not written to this person before"
    ),
}


def by_chance(point: str) -> str | None:
    """Why this point comes up in some runs and not in others; None where it has to be met."""
    return next((why for sign, why in CHANCE.items() if re.search(sign, point)), None)


@dataclass
class Matrix:
    """What came of it: the points at which a bot died, those not met, and all that was wrong."""

    killed: list[tuple[str, str]] = field(default_factory=list)
    missed: list[tuple[str, str]] = field(default_factory=list)
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def owed(self) -> list[tuple[str, str]]:
        """The points not met that chance does not excuse."""
        return [(phase, point) for phase, point in self.missed if by_chance(point) is None]

    def count(self, kind: str) -> int:
        """How much is lost, doubled, out_of_order or half_made."""
        return sum(one.startswith(kind) for found in self.wrong.values() for one in found)


async def points(ground: Ground, runs: int = 1) -> dict[str, list[str]]:
    """The points that each phase of an incident passes, by so many undisturbed runs."""
    found: dict[str, dict[str, None]] = {phase: {} for phase in PHASES}
    for _ in range(runs):
        async with ground.stage() as stage:
            incident = Incident(stage, "Nobody dies")
            await stage.die_at(EVERY)
            for phase in PHASES:
                for bot in stage.bots.values():
                    bot.points.clear()
                await incident.go_through(phase)
                await stage.settled()
                await asyncio.sleep(_BREATH_SECONDS)
                passed = [point for bot in stage.bots.values() for point in bot.points]
                found[phase].update(dict.fromkeys(passed))
            verdict = judged(stage.record())
            assert verdict.is_clean, verdict.sentences()
    return {phase: list(named) for phase, named in found.items()}


async def killed_at_each(
    ground: Ground,
    wanted: Points,
    say: Callable[[str], None] = lambda _: None,
    times: int = _TIMES,
) -> Matrix:
    """Kill a bot at each of these points; a stage sees at most one kill in each phase.

    What is not met is tried again on a stage on which nobody dies before, as where it was found.
    """
    matrix = Matrix()
    in_rows = zip_longest(*(wanted.get(phase, ()) for phase in PHASES))
    rounds = [
        {phase: point for phase, point in zip(PHASES, row, strict=True) if point} for row in in_rows
    ]
    for _ in range(times):
        matrix.missed = []
        for kills in rounds:
            await _round(ground, kills, matrix)
            say(f"{ground.name}: {len(matrix.killed)} kills, {len(matrix.wrong)} rounds gone wrong")
        rounds = [{phase: point} for phase, point in matrix.missed]
    return matrix


async def _round(ground: Ground, kills: Mapping[str, str], matrix: Matrix) -> None:
    """One incident on a stage of its own, until the last phase in which somebody dies."""
    last = max(map(PHASES.index, kills))
    async with ground.stage() as stage:
        incident = Incident(stage, "Kill")
        try:
            for phase in PHASES[: last + 1]:
                await _phase(stage, incident, phase, kills.get(phase, ""), matrix)
            wrong = judged(stage.record()).sentences()
        except (AssertionError, TimeoutError) as error:
            wrong = [f"half_made: it does not come to an end: {error!r}"]
        if wrong:
            matrix.wrong[f"{ground.name}: {dict(kills)} in {stage.folder}"] = wrong


async def _phase(stage: Stage, incident: Incident, phase: str, point: str, matrix: Matrix) -> None:
    await stage.settled()
    before = stage.deaths
    await stage.die_at(point)
    await incident.go_through(phase)
    await stage.settled()
    if point:
        with contextlib.suppress(TimeoutError):
            await until(lambda: stage.deaths > before, _BREATH_SECONDS)
        await stage.settled()
    await stage.die_at("")
    if point:
        met = matrix.killed if stage.deaths > before else matrix.missed
        met.append((phase, point))
