"""Does a bot that meets what newer code wrote leave it alone, and go on with all the rest?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import structlog

from bot import app, registry, ticker, ways
from bot.clock import Clock
from bot.core.facts import Fact
from bot.core.facts.timeline import NoteAdded
from bot.core.incident import OPEN
from bot.courier import LeftToNewer
from bot.engine import Asked, Engine, Existing, NotWritten, Opening
from bot.features.finding.slack import seen_by
from bot.features.incidents import rules as incidents
from bot.features.timeline import rules as timeline
from bot.settings import Settings
from bot.slack import pacing
from runbooks import load
from storage import log, lookup, outbox
from storage.db import Database
from tests.declared import DECLARE, reminders
from tests.declared import engine as newer_engine
from tests.test_pacing import claimed

MARA = "UMARA"
SENTENCE = (
    "A newer version of the bot has written here, and this process cannot read it. "
    "In a minute another one will answer."
)
Kinds = dict[str, type[Fact]]


class NoteOfToday(NoteAdded):
    """A note as it was before its present version."""

    version = 0


def _without_notes(kinds: Kinds) -> Kinds:
    return {name: kind for name, kind in kinds.items() if kind is not NoteAdded}


def _with_older_notes(kinds: Kinds) -> Kinds:
    return {**kinds, NoteAdded.__name__: NoteOfToday}


OLDER = pytest.mark.parametrize("older", [_without_notes, _with_older_notes])


def older_engine(
    database: Database, clock: Clock, older: Callable[[Kinds], Kinds] = _without_notes
) -> Engine:
    """One that knows no notes, or none of this version."""
    house = app.house(load.policy(), Settings())
    house = replace(house, kinds=older(dict(house.kinds)))
    return Engine(database, clock, house, registry.RINGS)


async def declared(engine: Engine, count: int, **rest: Any) -> None:
    """So many incidents, into the first of which something newer is written."""
    for number in range(1, count + 1):
        request, asked = replace(DECLARE, **rest), Asked(f"declare {number}", MARA)
        await engine.carry_out(incidents.declare, request, Opening(), asked)
    await noted(engine, 1)


async def noted(engine: Engine, number: int) -> None:
    """A note."""
    request, asked = timeline.Note("Rolled back"), Asked(f"note {engine} {number}", MARA)
    await engine.carry_out(timeline.note, request, Existing(number), asked)


def due_at(database: Database, number: int) -> object:
    """When the incident has to be looked at."""
    entry = database.write_now(lambda conn: lookup.lock(conn, number))
    assert entry
    return entry.next_due_at


async def comes(holds: Callable[[], bool]) -> None:
    """Wait until it holds."""
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.01)


@OLDER
async def test_people_read_one_calm_sentence_and_nothing_is_changed(
    database: Database, older: Callable[[Kinds], Kinds]
) -> None:
    clock = Clock()
    engine = older_engine(database, clock, older)
    await declared(newer_engine(database, clock), 2)
    before = database.read_now(lambda conn: log.read(conn, "incident/1"))
    for asking in (noted(engine, 1), engine.case(1), engine.facts(1)):
        with pytest.raises(NotWritten) as told:
            await asking
        assert str(told.value) == SENTENCE
        assert told.value.is_newer
        assert not told.value.is_unknown
    assert database.read_now(lambda conn: log.read(conn, "incident/1")) == before
    await noted(newer_engine(database, clock), 1)


async def test_what_lists_incidents_leaves_out_the_one_it_cannot_read(database: Database) -> None:
    clock = Clock()
    engine = older_engine(database, clock)
    await declared(newer_engine(database, clock), 3, is_person_at_risk=True)
    assert [one.incident.number for one in await engine.cases(OPEN)] == [3, 2]
    listed = await engine.listed()
    assert [one.number for one in listed] == [3, 2, 1]
    seen = await seen_by(engine, listed, MARA)
    assert [one.number for one, _ in seen] == [3, 2]


async def test_its_moment_stays_for_newer_code_and_every_other_one_rings(
    database: Database,
) -> None:
    clock = Clock()
    newer, older = newer_engine(database, clock), older_engine(database, clock)
    await declared(newer, 12)  # more than are rung in one transaction
    before = due_at(database, 1)
    with structlog.testing.capture_logs() as lines:
        async with ticker.ticking(older, clock):
            clock.move(timedelta(minutes=8))
            await comes(lambda: all(reminders(database, number) for number in range(2, 13)))
            assert due_at(database, 1) == before
            assert reminders(database, 1) == 0
            # It is left alone by itself alone: whoever can read it rings at once.
            async with ticker.ticking(newer, clock):
                await comes(lambda: bool(reminders(database, 1)))
    left = [line for line in lines if line["event"] == "bell.left_to_newer"]
    assert {(line["number"], line["kind"]) for line in left} == {(1, "NoteAdded")}
    assert len(left) <= 2  # by the reckoning at its start, and by the bell: it does not spin


async def test_it_is_looked_at_again_after_half_a_minute_and_not_before(
    database: Database,
) -> None:
    clock = Clock()
    older = older_engine(database, clock)
    await declared(newer_engine(database, clock), 1)
    clock.move(timedelta(minutes=8))
    assert await older.ring_due() == (1, None)
    assert await older.next_due_at() is None
    assert await older.due(clock.now()) == []
    assert await older.ring_due() == (0, None)
    clock.move(timedelta(seconds=31))
    assert await older.due(clock.now()) == [1]
    assert await older.ring_due() == (1, None)


async def test_its_slots_are_tried_once_and_then_left_for_half_a_minute(
    database: Database,
) -> None:
    clock = Clock()
    older = older_engine(database, clock)
    await declared(newer_engine(database, clock), 2)
    draws = ways.drawn_by_who_can(pacing.draws, older)
    slots = {
        row.name: row
        for number in (1, 2)
        for row in [claimed("keep", {"shape": "slots"}, name=f"slots/{number}")]
    }

    def goes_out() -> list[str]:
        return [name for name, row in slots.items() if all(one.at_once for one in draws(row))]

    assert goes_out() == ["slots/1", "slots/2"]
    with pytest.raises(NotWritten):
        await older.draw(1)
    await older.draw(2)
    assert goes_out() == ["slots/2"]
    clock.move(timedelta(seconds=31))
    assert goes_out() == ["slots/1", "slots/2"]


async def test_a_start_beside_newer_code_reckons_all_others_anew(database: Database) -> None:
    clock = Clock()
    await declared(newer_engine(database, clock), 3)
    for number in (1, 2, 3):
        database.write_now(partial(lookup.defer, number=number, until=None))
    await older_engine(database, clock).reckon_anew()
    assert [due_at(database, number) is None for number in (1, 2, 3)] == [True, False, False]


async def test_a_refusal_about_it_is_told_by_newer_code_alone(database: Database) -> None:
    clock = Clock()
    newer = newer_engine(database, clock)
    await declared(newer, 2)
    with pytest.raises(LeftToNewer):
        _tell(database, older_engine(database, clock), 1)
    _tell(database, older_engine(database, clock), 2)
    _tell(database, newer, 1)
    for number in (1, 2):
        facts = database.read_now(partial(log.read, chain=f"incident/{number}"))
        assert [fact.kind for fact in facts].count("DeliveryFailed") == 1


def _tell(database: Database, engine: Engine, number: int) -> None:
    chain = f"incident/{number}"
    lost = outbox.Lost(f"{chain} invite UX", chain, "cant_invite", "failed")
    database.write_now(lambda conn: app.teller(engine)(conn, lost))
