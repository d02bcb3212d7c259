"""Who may carry out what, and until when?"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    update,
)

from storage import locks
from storage.outbox import pacing
from storage.outbox.rows import Claimed, Only, Toll, Worker, is_open, is_unsettled
from storage.tables import Utc, outbox, refs

Tolls: TypeAlias = Callable[[Claimed], Sequence[Toll]]

_FIRST_FEW = 4

_ELDER = outbox.alias("elder")
_NEEDED = refs.alias("needed")
_GIVEN = refs.alias("given")
_NOW: ColumnElement[datetime] = bindparam("now", type_=Utc)
_IS_DUE = or_(
    and_(outbox.c.state == "pending", outbox.c.not_before <= _NOW),
    and_(outbox.c.state == "claimed", outbox.c.lease_until <= _NOW),
)
# One row is looked for, not a join: Postgres would walk all that is open for each of it.
_IS_FIRST_OF_LANE = (
    select(_ELDER.c.id)
    .where(_ELDER.c.lane == outbox.c.lane, _ELDER.c.id < outbox.c.id, is_unsettled("elder"))
    .limit(1)
    .correlate(outbox)
    .scalar_subquery()
    .is_(None)
)
# The list of what is shut is short, and is made once: after an outage thousands wait for it.
_IS_LET_THROUGH = or_(outbox.c.waits_for.is_(None), outbox.c.waits_for.not_in(pacing.SHUT))
_HAS_WHAT_IT_NEEDS = or_(outbox.c.needs.is_(None), _NEEDED.c.is_dead.is_(False))
_ROWS = (
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
        outbox.c.waits_for,
        _NEEDED.c.value.label("needs_value"),
        _GIVEN.c.value.label("gives_value"),
    )
    .outerjoin(_NEEDED, _NEEDED.c.name == outbox.c.needs)
    .outerjoin(_GIVEN, _GIVEN.c.name == outbox.c.gives)
    .where(is_open(), _IS_LET_THROUGH, _IS_DUE, _IS_FIRST_OF_LANE)
    .order_by(outbox.c.urgency, outbox.c.id)
)
_CLAIMABLE = (
    _ROWS.where(_HAS_WHAT_IT_NEEDS)
    .limit(bindparam("at_most"))
    .with_for_update(of=outbox, skip_locked=True)
)
_OF_SUBJECT = _ROWS.where(
    outbox.c.subject == bindparam("about"), outbox.c.state == "pending"
).with_for_update(of=outbox, skip_locked=True)
_CLAIMABLE_ONLY = _CLAIMABLE.where(
    or_(
        outbox.c.kind.in_(bindparam("kinds", expanding=True)),
        outbox.c.name.startswith(bindparam("beginning"), autoescape=False),
    )
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        is_uncertain=or_(outbox.c.is_uncertain, outbox.c.state == "claimed"),
        state="claimed",
        attempts=outbox.c.attempts + 1,
        worker=bindparam("by"),
        claimed_at=_NOW,
        lease_until=bindparam("until"),
        first_claimed_at=func.coalesce(outbox.c.first_claimed_at, _NOW),
    )
)
_WAIT = update(outbox).where(outbox.c.id == bindparam("row")).values(waits_for=bindparam("bucket"))
# Each by the index of what is due: behind `now` there may lie thousands that wait for their turn.
_PENDING: ColumnElement[bool] = literal_column("outbox.state = 'pending'")
_CLAIMED: ColumnElement[bool] = literal_column("outbox.state = 'claimed'")
_NEXT_PENDING, _NEXT_CLAIMED = (
    select(func.min(at, type_=Utc))
    .select_from(outbox.outerjoin(_NEEDED, _NEEDED.c.name == outbox.c.needs))
    .where(is_open(), is_so, at > _NOW, _HAS_WHAT_IT_NEEDS, _IS_FIRST_OF_LANE)
    for is_so, at in ((_PENDING, outbox.c.not_before), (_CLAIMED, outbox.c.lease_until))
)


def claim(
    conn: Connection,
    worker: Worker,
    now: datetime,
    limit: int,
    tolls: Tolls = lambda _: (),
) -> list[Claimed]:
    """Take up to `limit` things that are due, the most urgent first, at most one of each lane.

    Nobody else gets them until the worker's lease has passed. What another held longer than that
    comes with `is_uncertain`. `tolls` says what a thing takes of the pace all workers share; what
    the pace does not allow yet stays behind, and `next_at` knows when. Empty when nothing may go.
    """
    found = _claimable(conn, worker.only, {**pacing.as_of(now), "at_most": limit})
    if not found:
        return []
    till = pacing.Till(conn, (), now)
    rows: dict[int, Claimed] = {}
    in_the_way: dict[int, str | None] = {}
    left = limit if worker.at_most is None else worker.at_most
    for some in (found[:_FIRST_FEW], found[_FIRST_FEW:]):
        # Thousands may wait for one bucket: where the first find it shut, the rest is not read.
        shut = {bucket for bucket in in_the_way.values() if bucket}
        read = {row.id: _claimed(row._asdict(), now) for row in some if row.waits_for not in shut}
        asked = {key: () if row.is_torn else tolls(row) for key, row in read.items()}
        till.look_into(one.bucket for each in asked.values() for one in each)
        paid = _paid(till, asked, left)
        left -= list(paid.values()).count(None)
        in_the_way |= paid
        rows |= read
    till.close()
    _have_wait(conn, found, in_the_way)
    ids = [key for key, bucket in in_the_way.items() if bucket is None]
    if ids:
        _take(conn, worker, ids, now)
    return [rows[key] for key in ids]


def _paid(
    till: pacing.Till, asked: Mapping[int, Sequence[Toll]], at_most: int
) -> dict[int, str | None]:
    """What stands in the way of each, None where it is paid; of the rest nothing is known."""
    found: dict[int, str | None] = {}
    for row, tolls in asked.items():
        if not at_most:
            break
        found[row] = till.take(tolls)
        at_most -= found[row] is None
    return found


def _have_wait(conn: Connection, found: Sequence[Any], buckets: Mapping[int, str | None]) -> None:
    waiting = [
        {"row": row.id, "bucket": buckets[row.id]}
        for row in found
        if buckets.get(row.id) not in (None, row.waits_for)
    ]
    if waiting:
        conn.execute(_WAIT, waiting)


def take_along(
    conn: Connection,
    worker: Worker,
    subject: str,
    now: datetime,
    tolls: Callable[[Claimed], Sequence[Toll] | None],
) -> list[Claimed]:
    """Claim what this transaction itself came to owe about a subject, what gives before what needs.

    What needs something that is among them is for the worker to begin when that is there. What has
    no `tolls` (None), or what the pace does not allow yet, waits as if nobody had asked; so does
    all of it while another takes from the pace, for whom no person is to wait.
    """
    if not locks.try_hold(conn, locks.Lock.PACE):
        return []
    found = conn.execute(_OF_SUBJECT, {**pacing.as_of(now), "about": subject}).all()
    rows = [_claimed(one._asdict(), now) for one in found]
    asked = {row.id: some for row in rows if (some := tolls(row)) is not None}
    left = [row for row in rows if row.id in asked]
    till = pacing.Till(conn, (one.bucket for some in asked.values() for one in some), now)
    taken: list[Claimed] = []
    given: set[str | None] = {None}
    while nexts := [row for row in left if row.needs_value or row.needs in given]:
        left = [row for row in left if row not in nexts]
        paid = [row for row in nexts if till.take(asked[row.id]) is None]
        taken += paid
        given |= {row.gives for row in paid}
    till.close()
    if taken:
        _take(conn, worker, [row.id for row in taken], now)
    return taken


def _claimable(conn: Connection, only: Only | None, given: dict[str, Any]) -> Sequence[Any]:
    if only is None:
        return conn.execute(_CLAIMABLE, given).all()
    return conn.execute(_CLAIMABLE_ONLY, {**given, **vars(only)}).all()


def _take(conn: Connection, worker: Worker, ids: list[int], now: datetime) -> None:
    until = now + worker.lease
    conn.execute(_CLAIM, {"ids": ids, "by": worker.name, "now": now, "until": until})


def next_at(conn: Connection, now: datetime) -> datetime | None:
    """The next moment after `now` at which something becomes due by itself; None when nothing does.

    What is due already, or waits for an elder of its lane or for a reference, does not count: the
    settling that frees it is the moment to claim again. What waits for the pace counts.
    """
    moments = (
        conn.execute(_NEXT_PENDING, {"now": now}).scalar_one(),
        conn.execute(_NEXT_CLAIMED, {"now": now}).scalar_one(),
        pacing.waited_for(conn, now),
    )
    return min((moment for moment in moments if moment is not None), default=None)


def _read(body: str) -> dict[str, Any] | None:
    """What is to be done; None where a fault of ours or a hand left it torn."""
    try:
        read = json.loads(body)
    except json.JSONDecodeError:
        return None
    return read if isinstance(read, dict) else None


def _claimed(row: dict[str, Any], now: datetime) -> Claimed:
    was_claimed = row.pop("state") == "claimed"
    body = _read(row["body"])
    del row["waits_for"]
    return Claimed(
        **{
            **row,
            "body": body or {},
            "is_torn": body is None,
            "attempts": row["attempts"] + 1,
            "is_uncertain": row["is_uncertain"] or was_claimed,
            "first_claimed_at": row["first_claimed_at"] or now,
            "needs_value": json.loads(row["needs_value"] or "null"),
            "gives_value": json.loads(row["gives_value"] or "null"),
        }
    )
