"""What does a command cost on an incident with 20,000 things said and 500 decisions?"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median

from sqlalchemy import Connection

from bot.clock import Clock
from bot.core.facts.decisions import DecisionDetails
from bot.engine import Asked, Engine, Existing, Opening
from bot.features.decisions import rules as decisions
from bot.features.incidents import rules as incidents
from bot.features.timeline import rules as timeline
from bot.reads import Talk, chain_of
from storage import log, migrate, texts
from storage.db import Database
from tests.bench import many
from tests.bench.figures import Figure
from tests.declared import DECLARE

_SAID, _DECIDED, _FEW = 20_000, 500, 10
_TIMES, _WALKS = 60, 5
_WHO = "UMARA"
Command = Callable[[Engine, int, int], Awaitable[None]]
_keys = (f"command {number}" for number in count())


async def measure(folder: Path) -> list[Figure]:
    """A command on a long incident beside one on short ones, and a walk over all facts."""
    database = Database.open(f"sqlite:///{folder}/long.db")
    migrate.upgrade(database)
    engine = many.engine(database, Clock())
    lengthy = await _declared(engine)
    for one in range(_DECIDED):
        await _decide(engine, lengthy, one)
    _say(database, lengthy)
    found = [
        await _compared(engine, lengthy, "note", _note),
        await _compared(engine, lengthy, "decision", _decide),
        _verified(database),
    ]
    database.close()
    return found


async def _declared(engine: Engine) -> int:
    asked = Asked(next(_keys), _WHO)
    done = await engine.carry_out(incidents.declare, DECLARE, Opening(), asked)
    return done.case.incident.number


async def _short(engine: Engine) -> int:
    """An incident of ten facts, looked at before as the long one was."""
    number = await _declared(engine)
    await _decide(engine, number, 0)
    while (case := await engine.case(number)) and case.incident.last_seq < _FEW:
        await _note(engine, number, case.incident.last_seq)
    return number


async def _decide(engine: Engine, number: int, one: int) -> None:
    why = DecisionDetails.model_validate({"why": "It harms people who trust it."})
    request = decisions.Record(f"Switch the model off for group {one}", why)
    await engine.carry_out(decisions.record, request, Existing(number), Asked(next(_keys), _WHO))


async def _note(engine: Engine, number: int, one: int) -> None:
    request = timeline.Note(f"The fallback model is live in region {one}")
    await engine.carry_out(timeline.note, request, Existing(number), Asked(next(_keys), _WHO))


def _say(database: Database, number: int) -> None:
    """What people said, kept at a stroke as it is kept one by one."""
    chain, at = chain_of(Talk(number)), datetime.now(UTC)  # noqa: TID251

    def say(conn: Connection) -> None:
        words = [f"We see it in region {one} too; the fallback answers." for one in range(_SAID)]
        said = [
            log.Draft(
                "MessageSaid",
                1,
                _WHO,
                at,
                {"ts": f"1700000000.{one:06d}", "text": {"words": digest}},
            )
            for one, digest in enumerate(texts.put(conn, chain, words))
        ]
        log.append(conn, chain, said)

    database.write_now(say)


async def _compared(engine: Engine, lengthy: int, what: str, command: Command) -> Figure:
    """They take turns, so that the machine's moods meet both."""
    few = [await _short(engine) for _ in range(_TIMES)]
    short_ones, long_ones = [], []
    for one, number in enumerate(few):
        short_ones.append(await _took_ms(command(engine, number, one)))
        long_ones.append(await _took_ms(command(engine, lengthy, one)))
    (took, worked), (few_took, few_worked) = map(_medians, (long_ones, short_ones))
    return Figure(
        f"A {what} on an incident of {_SAID:,} messages and {_DECIDED} decisions / of {_FEW} facts",
        took / few_took,
        1.5,
        detail=f"p50 {took:.1f} ms / {few_took:.1f} ms, CPU {worked:.1f} ms / {few_worked:.1f} ms",
    )


def _medians(took: Sequence[tuple[float, float]]) -> tuple[float, float]:
    wall, worked = zip(*took, strict=True)
    return median(wall), median(worked)


async def _took_ms(work: Awaitable[None]) -> tuple[float, float]:
    """By the clock, and of a core."""
    began, worked = time.perf_counter(), time.process_time()
    await work
    return (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000


def _verified(database: Database) -> Figure:
    """A core's seconds: a walk waits for nobody, but the machine may be busy with other work."""
    rates = []
    for _ in range(_WALKS):
        began, worked = time.perf_counter(), time.process_time()
        walked = database.read_now(log.verify)
        seconds, worked = time.perf_counter() - began, time.process_time() - worked
        rates.append((walked.facts / worked, walked.facts / seconds))
        if walked.broken:
            raise AssertionError(f"The log is broken: {walked.broken}")
    rate, by_the_clock = map(median, zip(*rates, strict=True))
    return Figure(
        "Verify: a core's seconds for 50,000 facts",
        50_000 / rate,
        1.0,
        "s",
        f"{rate:,.0f} facts a second of a core, {by_the_clock:,.0f} by the clock",
    )
