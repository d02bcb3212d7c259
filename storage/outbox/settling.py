"""What came of the things that were claimed, and what is lost by it?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Update, bindparam, select, update

from storage.outbox import references
from storage.outbox.rows import Done, Failed, Later, Lost, Outcome, is_open
from storage.tables import outbox

_HELD = (
    select(outbox.c.id, outbox.c.name, outbox.c.subject, outbox.c.version, outbox.c.gives)
    .where(
        outbox.c.id.in_(bindparam("ids", expanding=True)),
        outbox.c.state == "claimed",
        outbox.c.worker == bindparam("by"),
    )
    .order_by(outbox.c.id)
    .with_for_update()  # else a newer version, put in meanwhile, would be taken for delivered
)
_FREED = {"worker": None, "lease_until": None}
_ROW = update(outbox).where(outbox.c.id == bindparam("row"))
_KNOWN = {"is_uncertain": False, "first_claimed_at": None, "error": None, **_FREED}
_DONE = _ROW.values(state="done", body="", **_KNOWN)
_OVERTAKEN = _ROW.values(state="pending", **_KNOWN)
_LATER = _ROW.values(
    state="pending",
    not_before=bindparam("at"),
    error=bindparam("why"),
    is_uncertain=bindparam("is_unsure"),
    **_FREED,
)
_FAILED = _ROW.values(state="failed", error=bindparam("why"), **_FREED)
_UNDELIVERABLE = _ROW.values(state="undeliverable", error=bindparam("why"), **_FREED)
_AGAIN = _ROW.values(state="pending", not_before=bindparam("now"), attempts=0, error=None)
_HANGING = select(outbox.c.id, outbox.c.name, outbox.c.subject, outbox.c.gives).where(
    outbox.c.needs == bindparam("ref")
)
_WAITING = _HANGING.where(is_open()).order_by(outbox.c.id)
_BURIED = _HANGING.where(outbox.c.state == "undeliverable")
_REFUSED = select(outbox.c.gives).where(outbox.c.id == bindparam("row"), outbox.c.state == "failed")


def settle(conn: Connection, worker: str, outcomes: Sequence[Outcome], now: datetime) -> list[Lost]:
    """Write down what came of claimed things; what is lost by it, if anything.

    Outcomes of rows that this worker no longer holds are passed over: another one answers for them.
    A keep whose version moved on meanwhile is owed again at once.
    """
    if not outcomes:
        return []
    failed = [one for one in outcomes if isinstance(one, Failed)]
    if failed:
        references.guard(conn, is_shared=False)
    ids = [one.id for one in outcomes]
    held = {row.id: row for row in conn.execute(_HELD, {"ids": ids, "by": worker})}
    _settle_done(conn, [one for one in outcomes if isinstance(one, Done)], held)
    _run(
        conn,
        _LATER,
        [
            {"row": one.id, "at": one.at, "why": one.error, "is_unsure": one.is_uncertain}
            for one in outcomes
            if isinstance(one, Later) and one.id in held
        ],
    )
    lost = []
    for one in failed:
        if row := held.get(one.id):
            conn.execute(_FAILED, {"row": one.id, "why": one.error})
            lost.append(Lost(row.name, row.subject, one.error, "failed"))
            lost += _bury(conn, row.gives, one.error)
    return lost


def retry(conn: Connection, row_id: int, now: datetime) -> bool:
    """Owe a refused thing again, with all that hung on it; False when it was not refused."""
    refused = conn.execute(_REFUSED, {"row": row_id}).one_or_none()
    if refused is None:
        return False
    conn.execute(_AGAIN, {"row": row_id, "now": now})
    if refused.gives:
        revive(conn, refused.gives, now)
    return True


def revive(conn: Connection, name: str, now: datetime) -> None:
    """The reference may come to live after all: owe again what hung on it, at any remove."""
    references.revive(conn, name)
    for row in conn.execute(_BURIED, {"ref": name}).all():
        conn.execute(_AGAIN, {"row": row.id, "now": now})
        if row.gives:
            revive(conn, row.gives, now)


def hanging_on(name: str) -> str:
    """Why something is undeliverable."""
    return f"it hangs on {name}, which was refused"


def _settle_done(conn: Connection, done: Sequence[Done], held: dict[int, Any]) -> None:
    mine = [one for one in done if one.id in held]
    current = {one.id for one in mine if held[one.id].version == one.version}
    _run(conn, _DONE, [{"row": one.id} for one in mine if one.id in current])
    _run(conn, _OVERTAKEN, [{"row": one.id} for one in mine if one.id not in current])
    for one in mine:
        if gives := held[one.id].gives:
            references.give(conn, gives, one.value)


def _bury(conn: Connection, name: str | None, reason: str) -> list[Lost]:
    """Mark a reference dead, unless it lives, and everything that hangs on it undeliverable."""
    if name is None or not references.kill(conn, name, reason):
        return []
    why = hanging_on(name)
    lost = []
    for row in conn.execute(_WAITING, {"ref": name}).all():
        conn.execute(_UNDELIVERABLE, {"row": row.id, "why": why})
        lost.append(Lost(row.name, row.subject, why, "undeliverable"))
        lost += _bury(conn, row.gives, why)
    return lost


def _run(conn: Connection, statement: Update, rows: list[dict[str, Any]]) -> None:
    if rows:
        conn.execute(statement, rows)
