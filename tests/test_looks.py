"""Do all workers together look at rooms no more often than Slack bears?"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from bot import app
from bot.clock import Clock
from bot.engine import Engine
from bot.features.drift import due
from bot.features.drift.slack import PACE
from bot.settings import Settings
from runbooks import load
from storage import tables
from storage.db import Database

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


class _HandMoved(Clock):
    def __init__(self) -> None:
        super().__init__()
        self.at = START

    def now(self) -> datetime:
        return self.at


def _workers(database: Database, clock: Clock) -> list[Engine]:
    return [app.engine(database, clock, load.policy(), Settings()) for _ in range(2)]


def _open(database: Database, count: int) -> None:
    """So many incidents that were never looked at, one in a hundred of them severe."""
    rows = [
        {
            "number": number,
            "chain": f"incident/{number}",
            "status": "investigating",
            "rank": 1 if number % 100 == 0 else 3,
            "is_private": False,
            "is_test": False,
            "opened_at": START,
            "last_seq": 1,
        }
        for number in range(1, count + 1)
    ]
    database.write_now(lambda conn: conn.execute(insert(tables.lookup), rows))


async def _begun(workers: list[Engine], clock: _HandMoved, minutes: int) -> list[datetime]:
    """When looks began in these minutes, with each worker asking every six seconds."""
    begun: list[datetime] = []
    for _ in range(minutes * 10):
        clock.at += timedelta(seconds=6)
        for worker in workers:
            for number, at in await worker.begin_looks(due.most_overdue, PACE):
                begun.append(at)
                await worker.end_look(number, at)
    return begun


def _most_in_a_minute(begun: list[datetime]) -> int:
    return max(
        sum(1 for other in begun if one <= other < one + timedelta(minutes=1)) for one in begun
    )


async def test_with_ten_thousand_open_incidents_ten_rooms_a_minute_are_looked_at(
    database: Database,
) -> None:
    clock = _HandMoved()
    _open(database, 10_000)
    workers = _workers(database, clock)
    clock.at += timedelta(hours=2)
    begun = await _begun(workers, clock, minutes=3)
    assert len(begun) == 30
    assert _most_in_a_minute(begun) == PACE.by_turns


async def test_what_events_ask_for_comes_on_top_and_stays_within_half_of_a_tier(
    database: Database,
) -> None:
    clock = _HandMoved()
    _open(database, 200)
    workers = _workers(database, clock)
    clock.at += timedelta(hours=2)
    for number in range(1, 61):
        await workers[0].ask_look(number)
    begun = await _begun(workers, clock, minutes=4)
    assert _most_in_a_minute(begun) == PACE.at_most == 25
    assert len(begun) >= 60


async def test_one_of_two_workers_gets_a_look(database: Database) -> None:
    clock = _HandMoved()
    _open(database, 3)
    workers = _workers(database, clock)
    for number in (1, 2, 3):
        await workers[0].ask_look(number)
    taken = Counter[int]()
    for worker in workers:
        taken.update(number for number, _ in await worker.begin_looks(due.most_overdue, PACE))
    assert taken == {1: 1, 2: 1, 3: 1}
