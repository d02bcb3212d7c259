"""What is left in Slack when the bot is killed at each of its await points, one after the other?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from tests.soak.acts import PHASES, Incident
from tests.soak.ground import Ground
from tests.soak.judge import judged
from tests.soak.points import EVERY
from tests.soak.stage import Stage

Points = Mapping[str, Sequence[str]]  # of each phase
_TIMES = 3  # so often a point is tried that does not come up each time, such as a new connection


@dataclass
class Matrix:
    """What came of it: the points at which a bot died, those not met, and all that was wrong."""

    killed: list[tuple[str, str]] = field(default_factory=list)
    missed: list[tuple[str, str]] = field(default_factory=list)
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def count(self, kind: str) -> int:
        """How much is lost, doubled, out_of_order or half_made."""
        return sum(one.startswith(kind) for found in self.wrong.values() for one in found)


async def points(ground: Ground) -> dict[str, list[str]]:
    """The points that each phase of an incident passes, by an undisturbed run."""
    found = {}
    async with ground.stage() as stage:
        incident = Incident(stage, "Nobody dies")
        await stage.die_at(EVERY)
        for phase in PHASES:
            for bot in stage.bots.values():
                bot.points.clear()
            await incident.go_through(phase)
            await stage.settled()
            passed = [point for bot in stage.bots.values() for point in bot.points]
            found[phase] = list(dict.fromkeys(passed))
        verdict = judged(stage.record())
        assert verdict.is_clean, verdict.sentences()
    return found


async def killed_at_each(
    ground: Ground,
    wanted: Points,
    say: Callable[[str], None] = lambda _: None,
    times: int = _TIMES,
) -> Matrix:
    """Kill a bot at each of these points; a stage sees at most one kill in each phase."""
    matrix = Matrix()
    left = {phase: list(wanted.get(phase, ())) for phase in PHASES}
    for _ in range(times):
        matrix.missed = []
        for row in zip_longest(*left.values()):
            kills = {phase: point for phase, point in zip(PHASES, row, strict=True) if point}
            await _round(ground, kills, matrix)
            say(f"{ground.name}: {len(matrix.killed)} kills, {len(matrix.wrong)} rounds gone wrong")
        left = {
            phase: [point for where, point in matrix.missed if where == phase] for phase in PHASES
        }
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
    await stage.die_at("")
    if point:
        met = matrix.killed if stage.deaths > before else matrix.missed
        met.append((phase, point))
