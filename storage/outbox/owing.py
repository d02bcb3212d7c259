"""How does something come to be owed, once or in its newest form?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from structlog.contextvars import get_contextvars

from storage.outbox import references
from storage.outbox.rows import SETTLING, Item, at_once
from storage.outbox.settling import hanging_on, revive
from storage.tables import Utc, outbox

REQUEST = "_request"  # in a body: which request it came of, for the log
_BY_NAME = select(
    outbox.c.id,
    outbox.c.name,
    outbox.c.kind,
    outbox.c.digest,
    outbox.c.state,
    outbox.c.needs,
    outbox.c.gives,
).where(outbox.c.name.in_(bindparam("names", expanding=True)))
_INSERT = insert(outbox)
_REWORD = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        body=bindparam("new_body"),
        digest=bindparam("new_digest"),
        version=outbox.c.version + 1,
    )
)
_RENEW = _REWORD.values(
    # The number of a claim that is out is what it settles by.
    attempts=case((outbox.c.state == "claimed", outbox.c.attempts), else_=0),
    error=None,
    not_before=at_once(bindparam("now", type_=Utc)),
    # Who holds it finds out by the version, when it settles.
    state=case((outbox.c.state == "claimed", "claimed"), else_="pending"),
)


def _again(owe: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    """What waits to be taken is to be done anyway; who has it already must do it anew."""
    is_out = outbox.c.state == "claimed"
    return owe.on_conflict_do_update(
        index_elements=[outbox.c.name],
        set_={
            "version": outbox.c.version + 1,
            "error": None,
            "not_before": at_once(owe.excluded.not_before),
            "body": owe.excluded.body,
            "digest": owe.excluded.digest,
            "attempts": case((is_out, outbox.c.attempts), else_=0),
            "state": case((is_out, "claimed"), else_="pending"),
            "waits_for": func.coalesce(outbox.c.waits_for, owe.excluded.waits_for),
        },
        where=or_(outbox.c.state != "pending", outbox.c.not_before > owe.excluded.not_before),
    )


_AGAIN = {
    "sqlite": _again(sqlite.insert(outbox)),
    "postgresql": _again(postgresql.insert(outbox)),
}
_OVERTAKE = (
    update(outbox)
    .where(
        outbox.c.family == bindparam("of"),
        outbox.c.name.not_in(bindparam("fresh", expanding=True)),
        outbox.c.state == "pending",
        outbox.c.is_uncertain.is_(False),
    )
    .values(state="dropped", body="", error="overtaken by a newer one")
)


def put(conn: Connection, items: Sequence[Item], now: datetime) -> int:
    """Owe these; the number that is new or changed.

    A post or call whose name is there already is not owed twice. A keep replaces what it showed,
    unless that is the same and was not refused. What needs a dead reference is undeliverable. What
    is new of a family drops its elders that were not sent yet.
    """
    wanted: dict[str, Item] = {}
    for item in items:
        if item.kind == "keep" or item.name not in wanted:
            wanted[item.name] = item
    if not wanted:
        return 0
    known = {row.name: row for row in conn.execute(_BY_NAME, {"names": list(wanted)})}
    fresh = [item for item in wanted.values() if item.name not in known]
    needs = {*(one.needs for one in wanted.values()), *(row.needs for row in known.values())}
    # What is about to be given for the first time cannot have died yet.
    dead = references.dead_among(conn, filter(None, needs - {item.gives for item in fresh}))
    if fresh:
        conn.execute(_INSERT, [_new(item, now, dead) for item in fresh])
        _overtake(conn, fresh)
    kept = [(row, wanted[row.name]) for row in known.values() if row.kind == "keep"]
    return len(fresh) + sum(_renew(conn, row, item, now, dead) for row, item in kept)


def again(conn: Connection, items: Sequence[Item], now: datetime) -> None:
    """Owe keeps that need nothing once more, though they show the same as before.

    One that waits for its turn already is left as it is.
    """
    owed = [{**_new(item, now, set()), "settled_by": now + SETTLING} for item in items]
    conn.execute(_AGAIN[conn.dialect.name], owed)


def _overtake(conn: Connection, fresh: Sequence[Item]) -> None:
    for family in {item.family for item in fresh if item.family}:
        names = [item.name for item in fresh if item.family == family]
        conn.execute(_OVERTAKE, {"of": family, "fresh": names})


def _new(item: Item, now: datetime, dead: set[str]) -> dict[str, Any]:
    body, digest = _written(item.body)
    is_dead = item.needs in dead
    return {
        "name": item.name,
        "lane": item.lane,
        "kind": item.kind,
        "body": body,
        "digest": digest,
        "urgency": item.urgency,
        "subject": item.subject,
        "needs": item.needs,
        "gives": item.gives,
        "family": item.family,
        "state": "undeliverable" if is_dead else "pending",
        "version": 1,
        "attempts": 0,
        "is_uncertain": False,
        "not_before": now,
        "error": hanging_on(str(item.needs)) if is_dead else None,
        "created_at": now,
        "waits_for": item.waits_for,
    }


def _renew(conn: Connection, row: Any, item: Item, now: datetime, dead: set[str]) -> bool:
    body, digest = _written(item.body)
    if row.digest == digest and row.state != "failed":
        return False
    content = {"row": row.id, "new_body": body, "new_digest": digest}
    if row.needs in dead:
        # Still undeliverable, but the old body may quote words that were erased since.
        conn.execute(_REWORD, content)
        return True
    conn.execute(_RENEW, {**content, "now": now, "settled_by": now + SETTLING})
    if row.state == "failed" and row.gives:
        revive(conn, row.gives, now)
    return True


def _written(body: Mapping[str, Any]) -> tuple[str, str]:
    written = json.dumps(dict(body), ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(written.encode()).hexdigest()  # the same content is not owed anew
    if request := get_contextvars().get("request"):
        written = json.dumps({**body, REQUEST: request}, ensure_ascii=False, sort_keys=True)
    return written, digest
