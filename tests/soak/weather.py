"""What is left in Slack after ten minutes in which Slack itself misbehaves?"""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from storage.tables import facts
from tests.room import IDRIS, JUN, MARA
from tests.soak.acts import PHASES, Incident
from tests.soak.ground import Ground
from tests.soak.judge import Verdict, judged
from tests.soak.stage import Stage

TEN_MINUTES = timedelta(minutes=10)
# A call that hangs does so for 0.2 s, 2 s of the moved clock: far inside a lease, as in life.
STEP, _STEP_SECONDS = timedelta(seconds=2.5), 0.25
# Reminders come by themselves: for what was declared early within the ten minutes, and for all the
# rest by a leap while the weather is still bad.
_BY_PEOPLE = tuple(phase for phase in PHASES if phase != "reminder")
_REMINDER = timedelta(minutes=11)
_RINGING = timedelta(minutes=1)  # in which all of them are owed, under the same faults
_OUTAGE_STEPS = 24
OUTAGE = "a two-hour outage"
# The share of calls that go wrong is as bad as a bad day: one in three to one in ten.
WEATHERS: dict[str, tuple[str, ...]] = {
    "429 storms": ("*:429:chance=0.3:seconds=5",),
    "500s": ("*:500:chance=0.3",),
    "time-outs after the effect": ("*:timeout_after:chance=0.1:seconds=0.2",),
    "time-outs before the effect": ("*:timeout:chance=0.1:seconds=0.2",),
    "connections dropped after the effect": ("*:drop_after:chance=0.2",),
    "connections dropped before the effect": ("*:drop:chance=0.2",),
    "internal_error after the effect": ("*:internal_error:chance=0.2",),
    "doubled deliveries": ("*:doubled",),
    "reconnects": ("*:disconnect:chance=0.2",),
}
MIXED = (
    "*:429:chance=0.1:seconds=5",
    "*:500:chance=0.05",
    "*:timeout_after:chance=0.02:seconds=0.2",
    "*:drop_after:chance=0.05",
    "*:drop:chance=0.05",
    "*:internal_error:chance=0.05",
    "*:doubled:chance=0.3",
    "*:disconnect:chance=0.05",
)


@dataclass
class Day:
    """What came of it; `struck` is how many calls and deliveries went wrong on purpose.

    `reminded` is how many reminders rang before it cleared up.
    """

    weather: str
    struck: int
    acked: int
    reminded: int
    facts: int
    calls: int
    verdict: Verdict


async def through(
    ground: Ground,
    weather: str,
    faults: tuple[str, ...],
    seed: int,
    lasts: timedelta = TEN_MINUTES,
) -> Day:
    """Let people work under these faults for so long by the moved clock, then let it clear up."""
    async with ground.stage() as stage:
        for fault in faults:
            stage.sandbox.faults.add(f"{fault}:seed={seed}")
        stage.is_leaping = False
        is_over = asyncio.Event()
        people = [asyncio.create_task(_work(stage, one, is_over)) for one in (MARA, IDRIS, JUN)]
        await _pass(stage, lasts)
        is_over.set()
        # The clock goes on as before: what others hear 429 for waits by it.
        while not all(one.done() for one in people):
            await _pass(stage, STEP)
        wrong = await _began(people)
        await stage.leap(_REMINDER)
        await _pass(stage, _RINGING)
        reminded = _reminded(stage)
        stage.sandbox.faults.clear()
        stage.is_leaping = True
        wrong += await _drained(stage)
        return _day(stage, weather, wrong, reminded)


async def outage(ground: Ground, lasts: timedelta = timedelta(hours=2)) -> Day:
    """Slack goes away in the middle of three declares, and is back hours later."""
    async with ground.stage() as stage:
        incidents = [
            Incident(stage, f"Outage {n}", one) for n, one in enumerate((MARA, IDRIS, JUN))
        ]
        for incident in incidents:
            await incident.declare()
        stage.sandbox.faults.add(f"*:outage:seconds={lasts.total_seconds():.0f}")
        for _ in range(_OUTAGE_STEPS):
            await stage.leap(lasts / _OUTAGE_STEPS)
            await asyncio.sleep(0.25)
        stage.move(timedelta(seconds=1))
        people = [asyncio.create_task(_finish(incident)) for incident in incidents]
        wrong = [*await _began(people), *await _drained(stage)]
        return _day(stage, OUTAGE, wrong, _reminded(stage))


async def _pass(stage: Stage, lasts: timedelta) -> None:
    for _ in range(lasts // STEP):  # what people wait for moves the clock besides
        stage.move(STEP)
        await asyncio.sleep(_STEP_SECONDS)


async def _work(stage: Stage, person: str, is_over: asyncio.Event) -> None:
    """One incident after the other until its time is over, in the same weather to the last act."""
    for number in itertools.count(1):
        incident = Incident(stage, f"Weather {person[2:].lower()} {number}", person)
        for phase in _BY_PEOPLE:
            await incident.go_through(phase)
            if is_over.is_set():
                return


async def _finish(incident: Incident) -> None:
    for phase in PHASES[1:]:
        await incident.go_through(phase)


async def _began(people: list[asyncio.Task[None]]) -> list[str]:
    """Wait for the end of what people began; what did not end."""
    done = await asyncio.gather(*people, return_exceptions=True)
    return [f"it does not come to an end: {one!r}" for one in done if one is not None]


async def _drained(stage: Stage) -> list[str]:
    """Wait until nothing is owed; that it did not come to that."""
    try:
        await stage.settled()
    except (AssertionError, TimeoutError) as error:
        return [f"it is not drained: {error!r}"]
    return []


def _reminded(stage: Stage) -> int:
    kind = facts.c.kind == "DeadlineReminded"
    count = select(func.count()).select_from(facts).where(kind)
    return stage.database.read_now(lambda conn: conn.execute(count).scalar_one())


def _day(stage: Stage, weather: str, wrong: list[str], reminded: int) -> Day:
    record = stage.record()
    verdict = judged(record)
    verdict.half_made += wrong
    entries = stage.sandbox.journal.entries()
    struck = sum(entry.fault is not None for entry in entries)
    calls = len(stage.sandbox.calls)
    return Day(weather, struck, len(record.acked), reminded, len(record.facts), calls, verdict)
