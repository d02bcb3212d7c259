"""What came of the things that were claimed, and what is lost by it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Update, bindparam, select, update

from storage.outbox import pacing, references
from storage.outbox.rows import Done, Failed, Later, Lost, Outcome, is_open
from storage.tables import lookup, outbox

_HELD = (
    select(
        outbox.c.id,
        outbox.c.name,
        outbox.c.subject,
        outbox.c.version,
        outbox.c.attempts,
        outbox.c.gives,
    )
    .where(
        outbox.c.id.in_(bindparam("ids", expanding=True)),
        outbox.c.state == "claimed",
        outbox.c.worker == bindparam("by"),
    )
    .order_by(outbox.c.id)
    .with_for_update()  # else a newer version, put in meanwhile, would be taken for delivered
)
_SUBJECTS = (
    select(lookup.c.number)
    .where(
        lookup.c.chain.in_(
            select(outbox.c.subject).where(outbox.c.id.in_(bindparam("ids", expanding=True)))
        )
    )
    .order_by(lookup.c.number)
    .with_for_update(of=lookup)
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
# Whether the elder form came there is as unsure as it was before this attempt.
_NEWER = _ROW.values(state="pending", **_FREED)
_FAILED = _ROW.values(state="failed", error=bindparam("why"), **_FREED)
_UNDELIVERABLE = _ROW.values(state="undeliverable", error=bindparam("why"), **_FREED)
_AGAIN = _ROW.values(state="pending", not_before=bindparam("now"), attempts=0, error=None)
_HANGING = select(outbox.c.id, outbox.c.name, outbox.c.subject, outbox.c.gives).where(
    outbox.c.needs == bindparam("ref")
)
_WAITING = _HANGING.where(is_open()).order_by(outbox.c.id)
_BURIED = _HANGING.where(outbox.c.state == "undeliverable")
_OWED_STILL = (
    select(outbox.c.gives)
    .where(
        outbox.c.id == bindparam("row"),
        outbox.c.state.in_(("pending", "failed", "undeliverable")),
    )
    .with_for_update()
)
_GIVEN_UP = _ROW.values(state="dropped", body="", error=bindparam("why"), **_FREED)
_REFUSED = select(outbox.c.gives).where(outbox.c.id == bindparam("row"), outbox.c.state == "failed")


def settle(conn: Connection, worker: str, outcomes: Sequence[Outcome], now: datetime) -> list[Lost]:
    """Write down what came of claimed things; what is lost by it, if anything.

    Outcomes of claims that this worker lost are passed over: whoever claimed after it answers for
    them. A bucket that the other side shut stays shut, whoever holds the row. A keep whose version
    moved on meanwhile is owed again at once, though its elder form was refused. The subjects of
    what was refused are held until the transaction ends, so that it may write about them too.
    """
    if not outcomes:
        return []
    if refused_ids := [one.id for one in outcomes if isinstance(one, Failed)]:
        # Whoever is told of it is so in this transaction, and all others hold the subject first.
        conn.execute(_SUBJECTS, {"ids": refused_ids})
        references.guard(conn, is_shared=False)
    rows = conn.execute(_HELD, {"ids": [one.id for one in outcomes], "by": worker})
    held = {(row.id, row.attempts): row for row in rows}
    mine = [(one, held[one.id, one.attempts]) for one in outcomes if (one.id, one.attempts) in held]
    _settle_done(conn, [(one, row) for one, row in mine if isinstance(one, Done)])
    _run(
        conn,
        _LATER,
        [
            {"row": one.id, "at": one.at, "why": one.error, "is_unsure": one.is_uncertain}
            for one, _ in mine
            if isinstance(one, Later)
        ],
    )
    pacing.shut(conn, _shut(outcomes), now)
    refused = [(one, row) for one, row in mine if isinstance(one, Failed)]
    return [lost for one, row in refused for lost in _settle_failed(conn, one, row)]


def _shut(outcomes: Sequence[Outcome]) -> dict[str, datetime]:
    until: dict[str, datetime] = {}
    for one in outcomes:
        if isinstance(one, Later) and one.shut:
            bucket, at = one.shut
            until[bucket] = max(at, until.get(bucket, at))
    return until


def retry(conn: Connection, row_id: int, now: datetime) -> bool:
    """Owe a refused thing again, with all that hung on it; False when it was not refused."""
    refused = conn.execute(_REFUSED, {"row": row_id}).one_or_none()
    if refused is None:
        return False
    conn.execute(_AGAIN, {"row": row_id, "now": now})
    if refused.gives:
        revive(conn, refused.gives, now)
    return True


def drop(conn: Connection, row_id: int, because: str) -> bool:
    """Give up what is owed or was refused; False when it is not there, under way or settled.

    What hangs on it is undeliverable from then on.
    """
    references.guard(conn, is_shared=False)
    given_up = conn.execute(_OWED_STILL, {"row": row_id}).one_or_none()
    if given_up is None:
        return False
    conn.execute(_GIVEN_UP, {"row": row_id, "why": because})
    _bury(conn, given_up.gives, because)
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


def _settle_done(conn: Connection, done: Sequence[tuple[Done, Any]]) -> None:
    current = [one.id for one, row in done if row.version == one.version]
    _run(conn, _DONE, [{"row": row_id} for row_id in current])
    overtaken = [one.id for one, row in done if row.version != one.version]
    _run(conn, _OVERTAKEN, [{"row": row_id} for row_id in overtaken])
    for one, row in done:
        if row.gives:
            references.give(conn, row.gives, one.value)


def _settle_failed(conn: Connection, failed: Failed, row: Any) -> list[Lost]:
    if row.version != failed.version:
        conn.execute(_NEWER, {"row": failed.id})
        return []
    conn.execute(_FAILED, {"row": failed.id, "why": failed.error})
    hanging = _bury(conn, row.gives, failed.error)
    lost = [Lost(row.name, row.subject, failed.error, "failed"), *hanging]
    return [replace(one, refused=failed.id) for one in lost]


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
