"""How long does the export of 5,000 facts take, and does anybody who writes wait for it?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from statistics import median

import psutil

from bot.clock import Clock
from bot.core.facts.decisions import DecisionDetails
from bot.core.preserving import Bytes, Labels, Preserve
from bot.engine import Asked, Engine, Existing, Opening
from bot.export import verify
from bot.export.bundle import Bundle, bundle
from bot.features.decisions import rules as decisions
from bot.features.evidence import rules as evidence
from bot.features.incidents import rules as incidents
from bot.features.preserving import rules as preserving
from bot.features.runbook import rules as runbook
from bot.features.timeline import rules as timeline
from bot.features.updates import rules as updates
from storage import migrate
from storage.db import Database
from tests.bench import many
from tests.bench.figures import Figure
from tests.declared import DECLARE

ABOUT = (
    "One process, SQLite. 5,000 facts written by the rules that people use: a run of the source "
    "runbook, nine notes to one decision, an update each hundred, and each forty a piece of "
    "evidence and a look at all there are, so that each has a long chain of custody. The export is "
    "all that `warroom export` does but for the disk: snapshot, parts, page, manifest and ZIP. "
    "Meanwhile notes go to another incident, one after the other, as in the same process; beside "
    "them the same notes without an export."
)
_FACTS, _TIMES = 5_000, 3
_WHO = "UMARA"
_items = count(1)
_keys = (f"export {number}" for number in count())


async def measure(folder: Path) -> list[Figure]:
    """The export, what the verifier takes for it, and how long writes wait meanwhile."""
    database = Database.open(f"sqlite:///{folder}/export.db")
    migrate.upgrade(database)
    engine = many.engine(database, Clock())
    long, other = await _declared(engine), await _declared(engine)
    written = await _written(engine, long)
    quiet = await _writing(engine, other, asyncio.sleep(1.0))
    took, during = [], []
    made = await _made(engine, long)
    for _ in range(_TIMES):
        began = time.perf_counter()
        during += await _writing(engine, other, _made(engine, long))
        took.append(time.perf_counter() - began)
    size = len(made.zipped) / 2**20
    peak = psutil.Process().memory_info().rss / 2**20
    found = [
        Figure(f"Export of {written:,} facts", median(took), 5.0, "s", f"ZIP {size:.1f} MiB"),
        Figure(
            "Slowest write meanwhile", max(during), 1000.0, "ms",
            f"p50 {median(during):.1f} ms of {len(during)}",
            f"without: worst {max(quiet):.0f} ms, p50 {median(quiet):.1f} ms",
        ),
        Figure("Resident memory after all that", peak, 300, "MiB"),
        _verified(made, folder),
    ]  # fmt: skip
    database.close()
    return found


async def _made(engine: Engine, number: int) -> Bundle:
    copy = await engine.copy(number)
    made = await asyncio.to_thread(bundle, copy, engine.record_parts)
    await asyncio.to_thread(lambda: made.zipped)
    return made


async def _writing(engine: Engine, number: int, work: object) -> list[float]:
    """How many milliseconds each write took while something went on."""
    going = asyncio.ensure_future(work)  # type: ignore[call-overload]
    took = []
    while not going.done():
        began = time.perf_counter()
        await _note(engine, number)
        took.append((time.perf_counter() - began) * 1000)
    await going
    return took


async def _written(engine: Engine, number: int) -> int:
    book = engine.library.books["model-output-causing-harm"]
    last, asked = 0, Asked(next(_keys), _WHO)
    await engine.carry_out(runbook.start, runbook.Start(book), Existing(number), asked)
    while last < _FACTS:
        if last % 40 == 0:
            await _preserve(engine, number)
        await (_decide if last % 10 == 0 else _note)(engine, number)
        if last % 100 == 0:
            words, asked = f"Region {last} is calm", Asked(next(_keys), _WHO)
            await engine.carry_out(updates.quick, words, Existing(number), asked)
        case = await engine.case(number)
        last = case.incident.last_seq if case else 0
    return last


async def _preserve(engine: Engine, number: int) -> None:
    one = next(_items)
    kept = Bytes(f"{one:032x}", f"{one:064x}", 200)
    taken = Preserve("text", Labels(note="As of 03:40"), text=f"Rollout {one} %", bytes=kept)
    asked = Asked(next(_keys), _WHO)
    await engine.carry_out(preserving.preserve, taken, Existing(number), asked)
    asked = Asked(next(_keys), _WHO)
    await engine.carry_out(evidence.look, evidence.Look(), Existing(number), asked)


async def _declared(engine: Engine) -> int:
    asked = Asked(next(_keys), _WHO)
    done = await engine.carry_out(incidents.declare, DECLARE, Opening(), asked)
    return done.case.incident.number


async def _note(engine: Engine, number: int) -> None:
    request = timeline.Note("The fallback model is live in another region")
    await engine.carry_out(timeline.note, request, Existing(number), Asked(next(_keys), _WHO))


async def _decide(engine: Engine, number: int) -> None:
    why = DecisionDetails.model_validate({"why": "It harms people who trust it."})
    request = decisions.Record("Switch the model off for another group", why)
    await engine.carry_out(decisions.record, request, Existing(number), Asked(next(_keys), _WHO))


def _verified(made: Bundle, folder: Path) -> Figure:
    place = folder / "record.zip"
    place.write_bytes(made.zipped)
    began = time.perf_counter()
    faults: Sequence[str] = verify.faults(verify.Place(place), made.archive)
    assert not faults
    return Figure("Its verifier", time.perf_counter() - began, 5.0, "s")
