"""How do 10,000 incidents come to be, each with a deadline at its own moment of one minute?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text, update

from bot import app
from bot.clock import Clock
from bot.engine import Asked, Engine, Opening
from bot.features.incidents import rules
from bot.settings import Settings
from runbooks import load
from storage import migrate, tables
from storage.db import Database
from tests.declared import DECLARE

COUNT = 10_000
SPREAD = timedelta(seconds=60)
ANNOUNCES = "incidents"
_ROWS = 5000


class SetClock(Clock):
    """A clock that shows what it is set to."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at

    def now(self) -> datetime:
        """The moment it was set to."""
        return self.at


def engine(database: Database, clock: Clock) -> Engine:
    """An engine as the bot of the benchmark has it."""
    return app.engine(database, clock, load.policy(), Settings(warroom_announce_channel=ANNOUNCES))


async def build(folder: Path) -> str:
    """The address of a SQLite database whose incidents have all been told that it is due soon.

    Nothing is owed to Slack any more. The next deadline of all is a day away.
    """
    url = f"sqlite:///{folder}/many.db"
    database = Database.open(url)
    clock = SetClock(datetime.now(UTC) + timedelta(days=1))  # noqa: TID251
    declaring = await _declared(database, clock, COUNT)
    # Each is told "due soon" at its own moment: the clock goes to the last, and the first are late.
    first = await declaring.next_due_at()
    assert first
    clock.at = first + SPREAD
    while (await declaring.ring_due())[0]:
        pass
    database.write_now(_deliver_all)
    database.close()
    return url


async def stand(url: str, count: int) -> None:
    """Fill an empty database with incidents that were declared now and whose rooms stand."""
    database = Database.open(url)
    clock = SetClock(datetime.now(UTC))  # noqa: TID251
    await _declared(database, clock, count)
    database.write_now(_deliver_all)
    database.close()


async def _declared(database: Database, clock: SetClock, count: int) -> Engine:
    """An engine by which `U1`, `U2`, ... declared one each, within one minute."""
    migrate.upgrade(database)
    declaring = engine(database, clock)
    await declaring.reckon_anew()
    start = clock.at
    for number in range(count):
        clock.at = start + SPREAD * number / count
        asked = Asked(f"key {number}", f"U{number + 1}")
        await declaring.carry_out(rules.declare, DECLARE, Opening(), asked)
    return declaring


def _deliver_all(conn: Connection) -> None:
    """As if Slack had taken everything: what was to exist does, and nothing is owed."""
    given = select(tables.outbox.c.gives, tables.outbox.c.subject, tables.outbox.c.id).where(
        tables.outbox.c.gives.is_not(None)
    )
    refs = []
    for row in conn.execute(given):
        channel = f"C{int(str(row.subject).rpartition('/')[2]):010d}"
        value = {"channel": channel, "ts": f"1700000000.{row.id:06d}"}
        refs.append(
            {
                "name": row.gives,
                "value": json.dumps(value),
                "target": channel,
                "is_dead": False,
                "reason": None,
            }
        )
    conn.execute(insert(tables.refs), refs)
    conn.execute(update(tables.outbox).values(state="done", body=""))


def copied(source: str, target: str) -> None:
    """Fill the empty database at `target` with all that stands in `source`."""
    old, new = Database.open(source), Database.open(target)
    migrate.upgrade(new)
    for table in tables.metadata.sorted_tables:
        rows = iter(old.read_now(partial(_rows, table)))
        while some := list(islice(rows, _ROWS)):
            new.write_now(partial(_put, table, some))
    new.write_now(_count_on)
    with new.unwrapped() as connection:
        connection.execute(text("ANALYZE"))
    old.close()
    new.close()


def _rows(table: Table, conn: Connection) -> list[dict[str, Any]]:
    return [row._asdict() for row in conn.execute(select(table))]


def _put(table: Table, rows: list[dict[str, Any]], conn: Connection) -> None:
    conn.execute(insert(table), rows)


def _count_on(conn: Connection) -> None:
    """New rows of the outbox get ids behind those that were copied."""
    last = select(func.max(tables.outbox.c.id)).scalar_subquery()
    conn.execute(select(func.setval(func.pg_get_serial_sequence("outbox", "id"), last)))


def due(database: Database) -> dict[int, datetime]:
    """When each incident rings next."""
    query = select(tables.lookup.c.number, tables.lookup.c.next_due_at)
    rows = database.read_now(lambda conn: conn.execute(query).all())
    return {row.number: row.next_due_at for row in rows}
