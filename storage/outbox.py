"""What is owed to others, who is bringing it, and what came of it?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from storage.tables import outbox, refs

Kind = Literal["post", "keep", "call"]
State = Literal["pending", "claimed", "done", "failed", "undeliverable", "dropped"]
_UNSETTLED = ("pending", "claimed")
_LOST = ("failed", "undeliverable")


@dataclass(frozen=True)
class Item:
    """One thing owed. `name` is its identity; of one lane, one is under way at a time, in order.

    `needs` and `gives` are symbolic references: what must exist first, and what it brings.
    """

    name: str
    lane: str
    kind: Kind
    body: Mapping[str, Any]
    urgency: int = 5
    subject: str | None = None
    needs: str | None = None
    gives: str | None = None


@dataclass(frozen=True)
class Claimed:
    """One thing that this worker alone may carry out until its lease ends."""

    id: int
    name: str
    lane: str
    kind: str
    body: dict[str, Any]
    version: int
    attempts: int
    is_uncertain: bool
    first_claimed_at: datetime
    subject: str | None
    needs: str | None
    gives: str | None
    needs_value: dict[str, Any] | None
    gives_value: dict[str, Any] | None


@dataclass(frozen=True)
class Done:
    """It was carried out; `value` is what it brought."""

    id: int
    version: int
    value: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Later:
    """Not now; `is_uncertain` when it may have happened all the same."""

    id: int
    at: datetime
    error: str
    is_uncertain: bool


@dataclass(frozen=True)
class Failed:
    """Refused for good."""

    id: int
    error: str


@dataclass(frozen=True)
class Lost:
    """What will not be delivered: refused itself, or hanging on something that was."""

    name: str
    subject: str | None
    error: str
    state: State


@dataclass(frozen=True)
class Row:
    """A row for people to look at."""

    id: int
    name: str
    state: State
    attempts: int
    error: str | None
    not_before: datetime


_BY_NAME = select(outbox.c.id, outbox.c.name, outbox.c.digest, outbox.c.state, outbox.c.kind).where(
    outbox.c.name.in_(bindparam("names", expanding=True))
)
_INSERT = insert(outbox)
_RENEW = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        body=bindparam("new_body"),
        digest=bindparam("new_digest"),
        version=outbox.c.version + 1,
        attempts=0,
        error=None,
        not_before=bindparam("now"),
        state=case((outbox.c.state == "claimed", "claimed"), else_="pending"),
    )
)
_DEAD = select(refs.c.name).where(
    refs.c.name.in_(bindparam("names", expanding=True)), refs.c.is_dead.is_(True)
)


def put(conn: Connection, items: Sequence[Item], now: datetime) -> int:
    """Owe these; the number that is new or changed.

    A post or call whose name is there already is not owed twice. A keep replaces what it showed,
    unless that is the same.
    """
    if not items:
        return 0
    there = {
        row.name: row for row in conn.execute(_BY_NAME, {"names": [item.name for item in items]})
    }
    needed = sorted({item.needs for item in items if item.needs})
    dead = set(conn.execute(_DEAD, {"names": needed}).scalars()) if needed else set()
    fresh, renewed = [], []
    for item in items:
        body = json.dumps(item.body, ensure_ascii=False, sort_keys=True)
        digest = hashlib.sha256(body.encode()).hexdigest()
        known = there.get(item.name)
        if known is None:
            fresh.append(_new(item, body, digest, now, is_dead=item.needs in dead))
        elif known.kind == "keep" and item.needs not in dead:
            if known.digest != digest or known.state == "failed":
                renewed.append(
                    {"row": known.id, "new_body": body, "new_digest": digest, "now": now}
                )
    if fresh:
        conn.execute(_INSERT, fresh)
    if renewed:
        conn.execute(_RENEW, renewed)
    return len(fresh) + len(renewed)


def _new(item: Item, body: str, digest: str, now: datetime, *, is_dead: bool) -> dict[str, Any]:
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
        "state": "undeliverable" if is_dead else "pending",
        "version": 1,
        "attempts": 0,
        "is_uncertain": False,
        "not_before": now,
        "created_at": now,
    }


_ELDER = outbox.alias("elder")
_NEEDED = refs.alias("needed")
_GIVEN = refs.alias("given")
_DUE = or_(
    and_(outbox.c.state == "pending", outbox.c.not_before <= bindparam("now")),
    and_(outbox.c.state == "claimed", outbox.c.lease_until <= bindparam("now")),
)
_IS_FIRST = ~exists(
    select(_ELDER.c.id).where(
        _ELDER.c.lane == outbox.c.lane,
        _ELDER.c.id < outbox.c.id,
        _ELDER.c.state.in_(_UNSETTLED),
    )
)
_CLAIMABLE = (
    select(
        outbox.c.id,
        outbox.c.name,
        outbox.c.lane,
        outbox.c.kind,
        outbox.c.body,
        outbox.c.version,
        outbox.c.attempts,
        outbox.c.is_uncertain,
        outbox.c.state,
        outbox.c.first_claimed_at,
        outbox.c.subject,
        outbox.c.needs,
        outbox.c.gives,
        _NEEDED.c.value.label("needs_value"),
        _GIVEN.c.value.label("gives_value"),
    )
    .outerjoin(_NEEDED, _NEEDED.c.name == outbox.c.needs)
    .outerjoin(_GIVEN, _GIVEN.c.name == outbox.c.gives)
    .where(
        outbox.c.state.in_(_UNSETTLED),
        _DUE,
        _IS_FIRST,
        or_(outbox.c.needs.is_(None), _NEEDED.c.is_dead.is_(False)),
    )
    .order_by(outbox.c.urgency, outbox.c.id)
    .limit(bindparam("at_most"))
    .with_for_update(of=outbox, skip_locked=True)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        is_uncertain=or_(outbox.c.is_uncertain, outbox.c.state == "claimed"),
        state="claimed",
        attempts=outbox.c.attempts + 1,
        worker=bindparam("by"),
        claimed_at=bindparam("now"),
        lease_until=bindparam("until"),
        first_claimed_at=func.coalesce(outbox.c.first_claimed_at, bindparam("now_text")),
    )
)


def claim(
    conn: Connection, worker: str, now: datetime, lease: timedelta, limit: int
) -> list[Claimed]:
    """Take up to `limit` things that are due, the most urgent first, at most one of each lane.

    Nobody else gets them until `lease` has passed. What another held longer than its lease comes
    with `is_uncertain`. Empty when nothing is due.
    """
    rows = conn.execute(_CLAIMABLE, {"now": now, "at_most": limit}).mappings().all()
    if not rows:
        return []
    conn.execute(
        _CLAIM,
        {
            "ids": [row["id"] for row in rows],
            "by": worker,
            "now": now,
            "until": now + lease,
            "now_text": now,
        },
    )
    return [_claimed(row, now) for row in rows]


def _claimed(row: Mapping[str, Any], now: datetime) -> Claimed:
    return Claimed(
        id=row["id"],
        name=row["name"],
        lane=row["lane"],
        kind=row["kind"],
        body=json.loads(row["body"]),
        version=row["version"],
        attempts=row["attempts"] + 1,
        is_uncertain=row["is_uncertain"] or row["state"] == "claimed",
        first_claimed_at=row["first_claimed_at"] or now,
        subject=row["subject"],
        needs=row["needs"],
        gives=row["gives"],
        needs_value=json.loads(row["needs_value"]) if row["needs_value"] else None,
        gives_value=json.loads(row["gives_value"]) if row["gives_value"] else None,
    )


_HELD = select(
    outbox.c.id, outbox.c.name, outbox.c.subject, outbox.c.version, outbox.c.gives
).where(
    outbox.c.id.in_(bindparam("ids", expanding=True)),
    outbox.c.state == "claimed",
    outbox.c.worker == bindparam("by"),
)
_FREE = {"worker": None, "lease_until": None}
_DONE = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(state="done", body="", is_uncertain=False, error=None, **_FREE)
)
_OVERTAKEN = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(state="pending", is_uncertain=False, error=None, **_FREE)
)
_LATER = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        state="pending",
        not_before=bindparam("at"),
        error=bindparam("why"),
        is_uncertain=bindparam("unsure"),
        **_FREE,
    )
)
_FAILED = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(state="failed", error=bindparam("why"), **_FREE)
)


def settle(
    conn: Connection, worker: str, outcomes: Sequence[Done | Later | Failed], now: datetime
) -> list[Lost]:
    """Write down what came of claimed things; what is lost by it, if anything.

    Outcomes of rows that this worker no longer holds are passed over: another one answers for them.
    """
    ids = [outcome.id for outcome in outcomes]
    held = {row.id: row for row in conn.execute(_HELD, {"ids": ids, "by": worker})}
    mine = [outcome for outcome in outcomes if outcome.id in held]
    done = [one for one in mine if isinstance(one, Done)]
    current = [one for one in done if held[one.id].version == one.version]
    _run(conn, _DONE, [{"row": one.id} for one in current])
    _run(conn, _OVERTAKEN, [{"row": one.id} for one in done if one not in current])
    for one in done:
        if held[one.id].gives and one.value is not None:
            _give(conn, held[one.id].gives, one.value)
    _run(
        conn,
        _LATER,
        [
            {"row": one.id, "at": one.at, "why": one.error, "unsure": one.is_uncertain}
            for one in mine
            if isinstance(one, Later)
        ],
    )
    lost = []
    for one in mine:
        if isinstance(one, Failed):
            row = held[one.id]
            conn.execute(_FAILED, {"row": one.id, "why": one.error})
            lost.append(Lost(row.name, row.subject, one.error, "failed"))
            lost += _bury(conn, row.gives, one.error)
    return lost


def _run(conn: Connection, statement: Any, rows: list[dict[str, Any]]) -> None:  # noqa: ANN401
    if rows:
        conn.execute(statement, rows)


def _give(conn: Connection, name: str, value: Mapping[str, Any]) -> None:
    kept = {
        "value": json.dumps(dict(value), sort_keys=True),
        "target": value.get("channel"),
        "is_dead": False,
        "reason": None,
    }
    if conn.execute(update(refs).where(refs.c.name == name).values(**kept)).rowcount == 0:
        conn.execute(insert(refs).values(name=name, **kept))


def _bury(conn: Connection, name: str | None, reason: str) -> list[Lost]:
    """Mark a reference dead, unless it lives, and everything that hangs on it undeliverable."""
    if name is None or ref(conn, name) is not None:
        return []
    conn.execute(delete(refs).where(refs.c.name == name))
    conn.execute(insert(refs).values(name=name, value=None, is_dead=True, reason=reason))
    hanging = select(outbox.c.id, outbox.c.name, outbox.c.subject, outbox.c.gives).where(
        outbox.c.needs == name, outbox.c.state.in_(_UNSETTLED)
    )
    lost = []
    for row in conn.execute(hanging).all():
        why = f"it hangs on {name}, which was refused"
        settled = update(outbox).where(outbox.c.id == row.id)
        conn.execute(settled.values(state="undeliverable", error=why, **_FREE))
        lost.append(Lost(row.name, row.subject, why, "undeliverable"))
        lost += _bury(conn, row.gives, why)
    return lost


def release(conn: Connection, now: datetime, settling: timedelta) -> int:
    """After the death of the only worker: hand back what it held, to be looked for after a while.

    A call that was cut off may still take effect, until `settling` after it was claimed.
    """
    held = select(outbox.c.id, outbox.c.claimed_at).where(outbox.c.state == "claimed")
    rows = [
        {
            "row": row.id,
            "at": max(now, row.claimed_at + settling),
            "why": "the bot stopped meanwhile",
            "unsure": True,
        }
        for row in conn.execute(held)
    ]
    _run(conn, _LATER, rows)
    return len(rows)


_WAKES = case((outbox.c.state == "pending", outbox.c.not_before), else_=outbox.c.lease_until)
_NEXT = select(func.min(_WAKES, type_=outbox.c.not_before.type)).where(
    outbox.c.state.in_(_UNSETTLED), _WAKES > bindparam("now", type_=outbox.c.not_before.type)
)


def next_at(conn: Connection, now: datetime) -> datetime | None:
    """The next moment after `now` at which something may become due; None when nothing waits."""
    moment: datetime | None = conn.execute(_NEXT, {"now": now}).scalar_one()
    return moment


def ref(conn: Connection, name: str) -> dict[str, Any] | None:
    """What a symbolic reference stands for; None while it does not exist, or never will."""
    value = conn.execute(
        select(refs.c.value).where(refs.c.name == name, refs.c.is_dead.is_(False))
    ).scalar_one_or_none()
    return json.loads(value) if value else None


def refs_at(conn: Connection, target: str, prefix: str) -> list[str]:
    """The references of that prefix whose value names this channel."""
    query = select(refs.c.name).where(refs.c.target == target, refs.c.name.startswith(prefix))
    return list(conn.execute(query.order_by(refs.c.name)).scalars())


def listing(conn: Connection, states: Iterable[str]) -> list[Row]:
    """Rows of these states, the oldest first."""
    query = select(
        outbox.c.id,
        outbox.c.name,
        outbox.c.state,
        outbox.c.attempts,
        outbox.c.error,
        outbox.c.not_before,
    ).where(outbox.c.state.in_(list(states)))
    return [Row(**row) for row in conn.execute(query.order_by(outbox.c.id)).mappings()]


def retry(conn: Connection, row_id: int, now: datetime) -> bool:
    """Owe a refused thing again, with all that hung on it; False when it was not refused."""
    found = conn.execute(
        select(outbox.c.gives).where(outbox.c.id == row_id, outbox.c.state == "failed")
    ).one_or_none()
    if found is None:
        return False
    again = update(outbox).values(state="pending", not_before=now, attempts=0, error=None)
    conn.execute(again.where(outbox.c.id == row_id))
    waiting = [found.gives] if found.gives else []
    while waiting:
        name = waiting.pop()
        conn.execute(delete(refs).where(refs.c.name == name, refs.c.is_dead.is_(True)))
        hung = and_(outbox.c.needs == name, outbox.c.state == "undeliverable")
        waiting += [
            gives for gives in conn.execute(select(outbox.c.gives).where(hung)).scalars() if gives
        ]
        conn.execute(again.where(hung))
    return True


def settle_for_erasure(conn: Connection, subject: str) -> int:
    """Blank what was refused for good; the number of messages that are still to be delivered."""
    lost = and_(outbox.c.subject == subject, outbox.c.state.in_(_LOST), outbox.c.kind != "keep")
    conn.execute(update(outbox).where(lost).values(body="", state="dropped"))
    waiting = and_(
        outbox.c.subject == subject, outbox.c.state.in_(_UNSETTLED), outbox.c.kind != "keep"
    )
    return int(conn.execute(select(func.count()).where(waiting)).scalar_one())
