"""How long does a worker keep what it has, and what becomes of it when it stops or dies?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from storage.outbox.rows import SETTLING, Worker, is_open
from storage.tables import outbox

_HOLD = (
    update(outbox)
    .where(
        outbox.c.id.in_(bindparam("ids", expanding=True)),
        outbox.c.state == "claimed",
        outbox.c.worker == bindparam("by"),
    )
    .values(lease_until=bindparam("until"))
    .returning(outbox.c.id)
)
_CURRENT = select(outbox.c.id, outbox.c.version).where(
    outbox.c.id.in_(bindparam("ids", expanding=True)),
    outbox.c.state == "claimed",
    outbox.c.worker == bindparam("by"),
)
_PUT_BACK = (
    update(outbox)
    .where(
        outbox.c.id.in_(bindparam("ids", expanding=True)),
        outbox.c.state == "claimed",
        outbox.c.worker == bindparam("by"),
    )
    .values(state="pending", worker=None, lease_until=None)
)
_RELEASE = (
    update(outbox)
    .where(outbox.c.state == "claimed", is_open())
    .values(
        state="pending",
        is_uncertain=True,
        not_before=bindparam("at"),
        worker=None,
        lease_until=None,
    )
)
_HAND_BACK = _RELEASE.where(outbox.c.worker == bindparam("by"))


def current(conn: Connection, worker: str, ids: Collection[int]) -> dict[int, int]:
    """Which of these this worker still holds, each with the version it has now."""
    rows = conn.execute(_CURRENT, {"ids": list(ids), "by": worker})
    return {row.id: row.version for row in rows}


def hold(conn: Connection, worker: Worker, ids: Collection[int], now: datetime) -> list[int]:
    """Keep what this worker is still about; a clock that was put forward ends no lease of its own.

    What it has: what it lost meanwhile stays lost.
    """
    if not ids:
        return []
    until = now + worker.lease
    given = {"ids": list(ids), "by": worker.name, "until": until}
    return list(conn.execute(_HOLD, given).scalars())


def put_back(conn: Connection, worker: str, ids: Collection[int]) -> None:
    """What this worker claimed and nobody began waits for its turn, as if it had not."""
    if ids:
        conn.execute(_PUT_BACK, {"ids": list(ids), "by": worker})


def release(conn: Connection, now: datetime) -> int:
    """After the death of the only worker: hand back what it held, to be looked for after a while.

    A call that was cut off may still take effect. When that was nobody knows: it may have begun
    long after the claim, and a moment before the death.
    """
    return conn.execute(_RELEASE, {"at": now + SETTLING}).rowcount


def hand_back(conn: Connection, worker: str, now: datetime) -> int:
    """A worker that stops gives back what it could not finish; the number of things.

    Each was broken off and may still take effect, until `SETTLING` after `now`: whoever takes it
    then looks for it first.
    """
    return conn.execute(_HAND_BACK, {"at": now + SETTLING, "by": worker}).rowcount
