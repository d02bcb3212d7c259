"""Does time do what nobody asks for?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from freezegun import freeze_time

from bot import app, registry, ticker
from bot.clock import Clock
from bot.core.deadlines import Alarm
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome
from bot.engine import Engine, NotWritten
from bot.features.sla import due, rules
from bot.settings import Settings
from runbooks import load
from storage import inbox, lookup
from storage.db import Database, LogBusy
from tests import declared

COUNT = 25  # more than are rung in one transaction


async def _comes(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.01)


async def test_whoever_rings_each_deadline_rings_once(database: Database) -> None:
    clocks = [Clock(), Clock()]
    engines = [declared.engine(database, clock) for clock in clocks]
    await declared.declared(engines[0], COUNT)
    for clock in clocks:
        clock.move(timedelta(minutes=8))  # the classification is due soon
    now = clocks[0].now()
    async with contextlib.AsyncExitStack() as stack:
        for engine, clock in zip(engines, clocks, strict=True):
            await stack.enter_async_context(ticker.ticking(engine, clock))
        await _comes(lambda: not database.read_now(lambda conn: lookup.due(conn, now)))
    assert [declared.reminders(database, number) for number in range(1, COUNT + 1)] == [1] * COUNT


async def test_a_fault_in_one_incident_silences_no_other(database: Database) -> None:
    def faulty(incident: Incident, alarm: Alarm, context: Context) -> Outcome:
        if incident.number == 2:
            raise ZeroDivisionError
        return rules.remind(incident, alarm, context)

    clock = Clock()
    house = registry.house(load.policy(), "/incident", announces=False)
    engine = Engine(database, clock, house, {**registry.RINGS, due.KIND: faulty})
    await declared.declared(engine, 3)
    async with ticker.ticking(engine, clock):
        clock.move(timedelta(minutes=8))
        now = clock.now()
        await _comes(lambda: not database.read_now(lambda conn: lookup.due(conn, now)))
    assert [declared.reminders(database, number) for number in (1, 2, 3)] == [1, 0, 1]
    assert database.read_now(lookup.next_due_at)


async def test_deadlines_are_reckoned_anew_only_when_something_is_another(
    database: Database, tmp_path: Path
) -> None:
    await declared.declared(declared.engine(database, Clock()), 1)
    await declared.engine(database, Clock()).reckon_anew()
    reckoned = database.read_now(lookup.next_due_at)
    assert reckoned
    database.write_now(lambda conn: lookup.defer(conn, 1, None))
    await declared.engine(database, Clock()).reckon_anew()
    assert database.read_now(lookup.next_due_at) is None
    text = (load.SHIPPED / "policy" / "severities.yaml").read_text()
    path = tmp_path / "policy" / "severities.yaml"
    path.parent.mkdir()
    path.write_text(text.replace("classify: PT10M", "classify: PT11M"))
    await declared.engine(database, Clock(), load.policy(tmp_path)).reckon_anew()
    assert database.read_now(lookup.next_due_at) == reckoned + timedelta(seconds=45)


async def test_a_daily_that_the_database_did_not_take_is_tried_again_the_same_day(
    database: Database,
) -> None:
    clock, ran = Clock(), list[datetime]()
    day = timedelta(days=1)
    at = clock.now() + timedelta(minutes=1)

    async def run(moment: datetime) -> None:
        ran.append(moment)
        if len(ran) == 1:
            raise NotWritten(LogBusy("Another program holds the file."))
        if len(ran) == 2:
            raise ZeroDivisionError

    days = [at, at + day, at + 2 * day]
    daily = ticker.Daily("roll-up", lambda now: min(one for one in days if one > now), run)
    engine = declared.engine(database, clock)
    await declared.declared(engine, 1)
    async with ticker.ticking(engine, clock, [daily]):
        clock.move(timedelta(minutes=2))
        await _comes(lambda: len(ran) == 1)
        clock.move(timedelta(minutes=7))  # the next sweep, in which a reminder is due too
        await _comes(lambda: len(ran) == 2)
        await _comes(lambda: declared.reminders(database, 1) == 1)
        clock.move(day)
        await _comes(lambda: len(ran) == 3)
    assert ran == [at, at, at + day]


async def test_a_daily_that_nobody_was_there_for_is_made_up_for_within_the_hour(
    database: Database,
) -> None:
    clock, ran = Clock(), list[tuple[str, datetime]]()
    day, now = timedelta(days=1), clock.now()

    def missed(name: str, at: datetime) -> ticker.Daily:
        async def run(moment: datetime) -> None:
            ran.append((name, moment))

        return ticker.Daily(name, lambda after: at if at > after else at + day, run)

    lately, long_ago = now - timedelta(minutes=50), now - timedelta(minutes=70)
    engine = declared.engine(database, clock)
    dailies = [missed("of long ago", long_ago), missed("of lately", lately)]
    async with ticker.ticking(engine, clock, dailies):
        await _comes(lambda: bool(ran))
    assert ran == [("of lately", lately)]


async def test_what_is_written_during_a_sweep_rings_at_its_moment_and_not_with_the_next_sweep(
    database: Database,
) -> None:
    clock = Clock()
    engine = declared.engine(database, clock)
    await declared.declared(engine, 1)
    await engine.reckon_anew()  # or the first thing it does would be to put the deadline back
    at = clock.now()

    async def write(_: datetime) -> None:
        soon = clock.now() + timedelta(seconds=0.3)
        database.write_now(lambda conn: lookup.defer(conn, 1, soon))
        engine.bells.heard(soon)

    daily = ticker.Daily("roll-up", lambda after: at if after < at else None, write)
    async with ticker.ticking(engine, clock, [daily]):
        deadline = database.read_now(lookup.next_due_at)
        async with asyncio.timeout(4):  # the next sweep comes after 5 s
            await _comes(lambda: database.read_now(lookup.next_due_at) != deadline)
            await _comes(lambda: database.read_now(lookup.next_due_at) == deadline)


async def test_the_hour_forgets_old_requests_and_keeps_young_ones(database: Database) -> None:
    start = datetime(2026, 11, 21, 3, 40, tzinfo=UTC)
    old, young = start - timedelta(days=4), start - timedelta(days=2)
    led_to = inbox.Seen("incident/1", 1, 1)
    database.write_now(lambda conn: inbox.remember(conn, "old", led_to, old))
    database.write_now(lambda conn: inbox.remember(conn, "young", led_to, young))
    with freeze_time(start, real_asyncio=True) as frozen:
        clock = Clock()
        engine = app.engine(database, clock, load.policy(), Settings())
        async with ticker.ticking(engine, clock) as scheduler:
            frozen.tick(timedelta(hours=1, seconds=1))
            scheduler.wakeup()
            async with asyncio.timeout(5):
                while database.read_now(lambda conn: inbox.seen(conn, "old")):
                    await asyncio.sleep(0.01)
        assert database.read_now(lambda conn: inbox.seen(conn, "young")) == led_to
