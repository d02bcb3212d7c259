"""How do the tests of the outbox owe, claim and settle?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from storage import outbox
from storage.db import Database
from storage.outbox.rows import Outcome

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)
ALL = ("pending", "claimed", "done", "failed", "undeliverable", "dropped")


def later(seconds: float) -> datetime:
    """That long after nine o'clock."""
    return AT + timedelta(seconds=seconds)


def post(name: str, lane: str | None = None, **rest: Any) -> outbox.Item:
    """A post in a lane of its own, or in the one named."""
    return outbox.Item(name, lane or name, "post", {"text": name}, **rest)


def keep(name: str, shown: str, **rest: Any) -> outbox.Item:
    """A slot that shows this."""
    return outbox.Item(name, name, "keep", {"text": shown}, **rest)


def refusal(held: outbox.Claimed, error: str) -> outbox.Failed:
    """What was claimed is refused for good."""
    return outbox.Failed(held.id, held.attempts, held.version, error)


def until_another_waits(conn: Connection) -> None:
    """Come back once another transaction of the Postgres server waits for a lock."""
    for _ in range(1000):
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        if conn.execute(waiting).scalar_one():
            return
        conn.execute(text("SELECT pg_sleep(0.005)"))
    raise AssertionError("nobody waits")


class Outbox:
    """The outbox of a database, one transaction a call."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def put(self, *items: outbox.Item, at: datetime = AT) -> int:
        """How many are new or changed."""
        return self.database.write_now(lambda conn: outbox.put(conn, items, at))

    def again(self, item: outbox.Item, at: datetime = AT) -> None:
        """Owe a keep once more."""
        self.database.write_now(lambda conn: outbox.again(conn, [item], at))

    def hand_back(self, worker: str, at: datetime) -> int:
        """How much the worker gave back."""
        return self.database.write_now(lambda conn: outbox.hand_back(conn, worker, at))

    def tear(self, name: str) -> None:
        """Leave of what is to be done nothing that can be read."""
        torn = text("UPDATE outbox SET body = '{' WHERE name = :name")
        self.database.write_now(lambda conn: conn.execute(torn, {"name": name}))

    def claim(
        self,
        at: datetime = AT,
        worker: str = "w1",
        limit: int = 10,
        tolls: Callable[[outbox.Claimed], Sequence[outbox.Toll]] = lambda _: (),
    ) -> dict[str, outbox.Claimed]:
        """What the worker got, by name, in the order it came."""
        rows = self.database.write_now(
            lambda conn: outbox.claim(conn, outbox.Worker(worker, LEASE), at, limit, tolls)
        )
        return {row.name: row for row in rows}

    def settle(
        self, *outcomes: Outcome, at: datetime = AT, worker: str = "w1"
    ) -> list[outbox.Lost]:
        """What is lost by it."""
        return self.database.write_now(lambda conn: outbox.settle(conn, worker, outcomes, at))

    def deliver(self, at: datetime = AT, /, **values: dict[str, Any]) -> list[str]:
        """Claim what is due and settle it as done, with the values by name; the names."""
        rows = self.claim(at)
        done = [
            outbox.Done(row.id, row.attempts, row.version, values.get(row.name))
            for row in rows.values()
        ]
        self.settle(*done, at=at)
        return list(rows)

    def release(self, at: datetime) -> int:
        """How many were handed back."""
        return self.database.write_now(lambda conn: outbox.release(conn, at))

    def retry(self, row_id: int, at: datetime = AT) -> bool:
        """Whether it was refused before."""
        return self.database.write_now(lambda conn: outbox.retry(conn, row_id, at))

    def ref(self, name: str) -> dict[str, Any] | None:
        """What the name stands for."""
        return self.database.read_now(lambda conn: outbox.ref(conn, name))

    def next_at(self, at: datetime = AT) -> datetime | None:
        """When something becomes due by itself."""
        return self.database.read_now(lambda conn: outbox.next_at(conn, at))

    def states(self) -> dict[str, str]:
        """The state of everything, by name."""
        return {row.name: row.state for row in self.rows()}

    def rows(self) -> list[outbox.Row]:
        """Everything, the oldest first."""
        return self.database.read_now(lambda conn: outbox.listing(conn, ALL))
