"""Whose Home is drawn anew when an incident changes, and how many of them at once?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core import ids
from bot.core.messages import Content, Keep
from bot.core.outcome import Rule
from bot.engine import Asked, Engine, Existing
from bot.features.rooms import rules as rooms
from bot.features.severity import rules as severity
from storage import outbox
from storage.db import Database
from tests import declared
from tests.clocks import StillClock
from tests.storage.owed import Outbox

MARA = "UMARA"
LOOKED = [f"UNOOR{number:02}" for number in range(60)]


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def engine(database: Database, clock: StillClock) -> Engine:
    """An incident that everybody saw in their Home; nothing is owed any more."""
    made = declared.engine(database, clock)
    await declared.declared(made, 1)
    for person in LOOKED:
        await made.owe([Keep(ids.home(person), ids.person(person), Content("looked"), "home")])
        clock.move(timedelta(seconds=1))
    _settle(database, clock)
    clock.move(timedelta(minutes=5))
    return made


def _settle(database: Database, clock: StillClock) -> list[outbox.Claimed]:
    """What is due, settled as if it had been brought."""
    box, brought = Outbox(database), list[outbox.Claimed]()
    while claimed := box.claim(at=clock.now(), limit=100):
        for one in claimed.values():
            value = {"channel": f"C{one.id}", "ts": f"{one.id}.0"}
            box.settle(outbox.Done(one.id, one.attempts, one.version, value), at=clock.now())
        brought += claimed.values()
    return brought


async def _carry_out(engine: Engine, rule: Rule, request: object) -> None:
    await engine.carry_out(rule, request, Existing(1), Asked(str(request), MARA))


async def test_all_homes_are_drawn_anew_some_at_a_time_those_of_longest_ago_first(
    database: Database, clock: StillClock, engine: Engine
) -> None:
    await _carry_out(engine, rooms.make_private, "a patient is named")
    (walk,) = (one for one in _settle(database, clock) if one.name.startswith(ids.ALL_HOMES))
    turns = []
    clock.move(timedelta(minutes=1))
    while await engine.redraw_homes(walk.first_claimed_at):
        turns.append([ids.home_of(one.name) for one in _settle(database, clock)])
    assert turns == [LOOKED[:25], LOOKED[25:50], LOOKED[50:]]


async def test_a_home_that_waits_to_be_drawn_is_not_owed_anew(
    database: Database, clock: StillClock, engine: Engine
) -> None:
    await engine.owe(
        [Keep(ids.home(one), ids.person(one), Content("again"), "home") for one in LOOKED]
    )
    assert not await engine.redraw_homes(clock.now() + timedelta(minutes=1))


async def test_what_takes_nothing_away_draws_no_home_of_others(
    database: Database, clock: StillClock, engine: Engine
) -> None:
    await _carry_out(engine, severity.change, severity.Change("SEV1", "more are exposed"))
    assert not [one for one in _settle(database, clock) if one.name.startswith(ids.ALL_HOMES)]


async def test_a_newer_change_takes_over_what_an_earlier_one_has_still_to_draw(
    database: Database, clock: StillClock, engine: Engine
) -> None:
    await _carry_out(engine, rooms.retitle, "Adult doses")
    await _carry_out(engine, rooms.make_private, "a patient is named")
    states = [
        state for name, state in Outbox(database).states().items() if name.startswith(ids.ALL_HOMES)
    ]
    assert states == ["dropped", "pending"]
