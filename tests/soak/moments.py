"""What is left in Slack when bots are killed at random moments?"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select

from storage.tables import outbox
from tests.room import IDRIS, JUN, MARA, until
from tests.soak.acts import PHASES, Incident
from tests.soak.ground import Ground
from tests.soak.judge import Verdict, judged
from tests.soak.stage import Stage

LATENCY = timedelta(milliseconds=60)  # of each call to Slack, so that a kill often cuts one off
_LONGEST_SECONDS = 0.4  # from when somebody asks or something is under way
_PEOPLE = (MARA, IDRIS, JUN)
_A_STAGE = 25  # kills on one stage: as many incidents as a person can still read in a failure
_CLAIMED = select(func.count()).where(outbox.c.state == "claimed")


@dataclass
class Moments:
    """What came of it; `cut` are kills while something was under way to Slack."""

    seed: int
    kills: int = 0
    cut: int = 0
    acked: int = 0
    facts: int = 0
    incidents: int = 0
    verdict: Verdict = field(default_factory=Verdict)


async def killed_at_random(
    ground: Ground, kills: int, seed: int, say: Callable[[str], None] = lambda _: None
) -> Moments:
    """Kill so many bots while people work; the seed says when, and which one."""
    moments = Moments(seed)
    chance = random.Random(seed)
    while moments.kills < kills:
        at_most = min(_A_STAGE, kills - moments.kills)
        async with ground.stage(LATENCY) as stage:
            await _stage(stage, chance, at_most, moments)
        say(f"{ground.name}, seed {seed}: {moments.kills} kills, {moments.verdict.counts()}")
        for sentence in moments.verdict.sentences():
            say(sentence)
    return moments


async def _stage(stage: Stage, chance: random.Random, kills: int, moments: Moments) -> None:
    killing = asyncio.create_task(_kill(stage, chance, kills, moments))
    try:
        async with asyncio.TaskGroup() as people:
            for person in _PEOPLE:
                people.create_task(_work(stage, person, killing, moments))
        await killing
        await stage.settled()
    except* (AssertionError, TimeoutError) as error:
        killing.cancel()
        moments.verdict.half_made.append(
            f"it does not come to an end in {stage.folder}: {error.exceptions!r}"
        )
    record = stage.record()
    moments.acked += len(record.acked)
    moments.facts += len(record.facts)
    found = judged(record)
    for kind in found.counts():
        told = [f"{one} in {stage.folder}" for one in getattr(found, kind)]
        getattr(moments.verdict, kind).extend(told)


async def _work(stage: Stage, person: str, killing: asyncio.Task[None], moments: Moments) -> None:
    """One person goes through one incident after the other."""
    while not killing.done():
        moments.incidents += 1
        incident = Incident(stage, f"Kill {moments.incidents}", person)
        for phase in PHASES:
            await incident.go_through(phase)
            if killing.done():
                break


async def _kill(stage: Stage, chance: random.Random, kills: int, moments: Moments) -> None:
    for _ in range(kills):
        await stage.at_work()
        await _busy(stage)
        await asyncio.sleep(chance.uniform(0, _LONGEST_SECONDS))
        under_way = _under_way(stage)
        victim = stage.bots[chance.randrange(len(stage.crew))]
        victim.kill()
        await victim.dead.wait()
        moments.kills += 1
        moments.cut += bool(under_way)


async def _busy(stage: Stage) -> None:
    """Wait until somebody asks or something is on its way: who is idle cannot lose much."""
    stage.is_asked.clear()
    with contextlib.suppress(TimeoutError):
        await until(lambda: stage.is_asked.is_set() or _under_way(stage), 5)


def _under_way(stage: Stage) -> int:
    return stage.database.read_now(lambda conn: conn.execute(_CLAIMED).scalar_one())
