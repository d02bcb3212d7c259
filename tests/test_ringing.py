"""Is what rings together written together, each incident as if it had rung alone?"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine as SqlEngine
from sqlalchemy import event

from bot import registry
from bot.clock import Clock
from bot.core.deadlines import Alarm
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome
from bot.engine import Engine
from bot.features.sla import due, rules
from bot.ledger import Ledger
from runbooks import load
from storage import log, lookup
from storage.db import Database
from tests import declared

_DUE_SOON = timedelta(minutes=8)  # of a classification
_IN_VAIN = timedelta(minutes=5)


@contextlib.contextmanager
def _statements() -> Iterator[list[str]]:
    """What databases are asked meanwhile."""
    asked: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(SqlEngine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(SqlEngine, "before_cursor_execute", note)


async def test_ten_that_ring_ask_no_more_of_the_database_than_two(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    await declared.declared(declared.engine(database, clock), 12)
    clock.move(_DUE_SOON)
    fresh = declared.engine(database, clock)  # as after a start: no case is known
    asked = []
    for at_once in (2, 10):
        monkeypatch.setattr("bot.ringing._INCIDENTS_AT_ONCE", at_once)
        with _statements() as statements:
            assert (await fresh.ring_due())[0] == at_once
        asked.append(len(statements))
    assert asked[0] == asked[1]
    assert [declared.reminders(database, number) for number in range(1, 13)] == [1] * 12
    whole = database.read_now(log.verify)
    assert (whole.chains, whole.broken) == (12, None)
    for entry, _ in database.read_now(lookup.entries):
        facts = database.read_now(partial(log.read, chain=entry.chain))
        assert entry.last_seq == len(facts)
        assert entry.next_due_at
        assert entry.next_due_at > clock.now()


async def test_an_alarm_in_vain_behind_another_of_its_incident_puts_it_off(
    database: Database,
) -> None:
    rung: list[Alarm] = []

    def once(incident: Incident, alarm: Alarm, context: Context) -> Outcome:
        rung.append(alarm)
        return rules.remind(incident, alarm, context) if len(rung) == 1 else Outcome()

    clock = Clock()
    house = registry.house(load.policy(), "/incident", announces=False)
    engine = Engine(database, clock, house, {**registry.RINGS, due.KIND: once})
    await declared.declared(engine, 1)
    clock.move(timedelta(hours=5))  # by now several deadlines are
    before = clock.now()
    assert (await engine.ring_due())[0] == 1
    assert (len(rung), declared.reminders(database, 1)) == (2, 1)
    next_at = await engine.next_due_at()
    assert next_at
    assert next_at >= before + _IN_VAIN


def test_what_is_long_is_read_by_itself(database: Database) -> None:
    ledger = Ledger(registry.house(load.policy(), "/incident", announces=False))
    lasts = {1: (20_000, "hash"), 2: (10_000, "hash")}
    with _statements() as statements:
        database.read_now(lambda conn: ledger.read_ahead(conn, lasts))
    assert [one for one in statements if "facts" in one or "texts" in one] == []
