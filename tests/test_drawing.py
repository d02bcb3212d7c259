"""Is what an incident shows drawn soon and together, and at once where it matters?"""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AwareDatetime
from sqlalchemy import select

from bot import app
from bot.clock import Clock
from bot.core import ids
from bot.core.facts import Fact, Recorded, Words
from bot.core.facts.all import KINDS
from bot.core.fold import fold
from bot.core.incident import Incident
from bot.courier import LEASE
from bot.engine import Asked, Engine, Existing, Opening
from bot.features.incidents import rules as incidents
from bot.features.rooms import rules as rooms
from bot.features.tasks import rules as tasks
from bot.features.updates import rules as updates
from bot.settings import Settings
from bot.slack import pacing
from runbooks import load
from storage import outbox, tables
from storage.db import Database
from tests import declared

MARA = "UMARA"
DECLARE = replace(declared.DECLARE, severity="SEV1")
_READ = ("status", "is_private", "is_moved", "is_person_at_risk", "is_test", "people", "followers",
         "title", "room", "summary")  # fmt: skip
AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
_keys = (f"key {number}" for number in itertools.count())
DRAWN = ids.slots(1)
st.register_type_strategy(Words, st.text(max_size=20).map(Words))
st.register_type_strategy(AwareDatetime, st.datetimes(timezones=st.just(UTC)))


@pytest.fixture
async def engine(database: Database) -> Engine:
    policy = load.policy(load.SHIPPED / "sandbox")  # it has channels in which others are told
    made = app.engine(database, Clock(), policy, Settings(warroom_announce_channel="incidents"))
    await made.carry_out(incidents.declare, DECLARE, Opening(), Asked(next(_keys), MARA))
    return made


async def _give(engine: Engine, words: str) -> None:
    request = tasks.Give(words, MARA)
    await engine.carry_out(tasks.give, request, Existing(1), Asked(next(_keys), MARA))


def _open(database: Database) -> dict[str, outbox.Row]:
    rows = database.read_now(lambda conn: outbox.listing(conn, ("pending", "claimed")))
    return {row.name: row for row in rows}


def _settle_all(database: Database, engine: Engine) -> None:
    """As if everything that is owed had been brought, until nothing is owed."""
    worker = outbox.Worker("test", LEASE)
    while claimed := database.write_now(lambda c: outbox.claim(c, worker, engine.now(), 100)):
        done = [
            outbox.Done(one.id, one.attempts, one.version, {"channel": "C1", "ts": "1.0"})
            for one in claimed
        ]
        database.write_now(lambda c: outbox.settle(c, "test", done, engine.now()))  # noqa: B023


async def test_what_is_declared_is_drawn_in_the_same_transaction(
    database: Database, engine: Engine
) -> None:
    owed = _open(database)
    assert ids.summary(1) in owed
    assert DRAWN not in owed


async def test_many_tasks_owe_one_drawing_which_then_owes_the_summary_once(
    database: Database, engine: Engine
) -> None:
    _settle_all(database, engine)
    for number in range(5):
        await _give(engine, f"Compare answers, part {number}")
    assert [name for name in _open(database) if name.startswith(("slots/", "summary/"))] == [DRAWN]
    await engine.draw(1)
    assert {DRAWN, ids.summary(1)} <= _open(database).keys()


async def test_what_is_to_be_drawn_is_not_read_before_it_may_be(
    database: Database, engine: Engine
) -> None:
    _settle_all(database, engine)
    await _give(engine, "Look at the logs")
    waits = select(tables.outbox.c.waits_for).where(tables.outbox.c.name == DRAWN)
    bucket = database.read_now(lambda conn: conn.execute(waits).scalar_one())
    worker = outbox.Worker("test", LEASE)
    rows = database.write_now(lambda conn: outbox.claim(conn, worker, engine.now(), 100))
    (drawn,) = (row for row in rows if row.name == DRAWN)
    assert bucket in [draw.bucket for draw in pacing.draws(drawn)]


async def test_an_update_that_waits_to_be_drawn_is_not_lost_to_the_next(
    database: Database, engine: Engine
) -> None:
    _settle_all(database, engine)
    for words in ("Fallback is live", "Doses are checked by hand", "Traffic is back"):
        await engine.carry_out(updates.quick, words, Existing(1), Asked(next(_keys), MARA))
    await engine.draw(1)
    told = "update/1/engineering-updates/0 history"
    assert {f"{told} {number}" for number in (1, 2, 3)} <= _open(database).keys()


async def test_drawn_twice_owes_nothing_new(database: Database, engine: Engine) -> None:
    _settle_all(database, engine)
    await _give(engine, "Compare answers")
    await engine.draw(1)  # a worker that died before it could say so is followed by another
    _settle_all(database, engine)
    await engine.draw(1)
    assert _open(database) == {}


async def test_who_may_read_it_is_drawn_in_the_same_transaction(
    database: Database, engine: Engine
) -> None:
    _settle_all(database, engine)
    await _give(engine, "Compare answers")
    asked = Asked(next(_keys), MARA)
    await engine.carry_out(rooms.make_private, "A customer is named", Existing(1), asked)
    announcement = _open(database)[ids.announcement(1)]
    assert announcement.state == "pending"


async def test_an_incident_that_is_not_there_draws_nothing(
    database: Database, engine: Engine
) -> None:
    before = _open(database)
    await engine.draw(99)
    assert _open(database) == before


@pytest.mark.parametrize("kind", [one for one in KINDS if one.is_drawn_later])
@given(data=st.data())
def test_what_is_drawn_later_changes_nothing_of_who_may_read_what(
    kind: type[Fact], data: st.DataObject
) -> None:
    fact = data.draw(st.builds(kind))
    incident = Incident(
        1, status="investigating", title="Doses", people=frozenset({MARA, "UIDRIS"})
    )
    after = fold(incident, Recorded(7, AT, MARA, fact))
    assert [getattr(after, name) for name in _READ] == [getattr(incident, name) for name in _READ]
