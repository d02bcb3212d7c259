"""Which numbered subjects are there, without folding their facts?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeAlias

from sqlalchemy import Connection, and_, bindparam, func, insert, or_, select, update

from storage.tables import counters, facts, lookup, texts

# Place and hash of the last fact of a subject's chain; the hash is None when it is not there.
Last: TypeAlias = tuple[int, str | None]

_LOCK = select(lookup).where(lookup.c.number == bindparam("wanted")).with_for_update()
_IS_LAST = and_(facts.c.chain == lookup.c.chain, facts.c.seq == lookup.c.last_seq)
_HOLD = (
    select(lookup.c.last_seq, facts.c.hash)
    .outerjoin(facts, _IS_LAST)
    .where(lookup.c.number == bindparam("wanted"))
    .with_for_update(of=lookup)
)
_INSERT = insert(lookup)
_NEVER_CHANGES = {"number", "chain", "is_test", "opened_at"}
_UPDATE = update(lookup).where(lookup.c.number == bindparam("wanted"))
_COUNT = (
    update(counters)
    .where(counters.c.name == bindparam("counter"))
    .values(value=counters.c.value + 1)
    .returning(counters.c.value)
)
_LAST = select(counters.c.value).where(counters.c.name == bindparam("counter")).with_for_update()
_NAMED = (
    select(lookup, texts.c.body)
    .outerjoin(texts, texts.c.digest == lookup.c.label_digest)
    .order_by(lookup.c.number.desc())
)
_NOT_THESE = lookup.c.number.not_in(bindparam("but", expanding=True))
_EARLIEST = (
    select(lookup.c.next_due_at)
    .where(lookup.c.next_due_at.is_not(None), _NOT_THESE)
    .order_by(lookup.c.next_due_at)
    .limit(1)
)
_DUE = (
    select(lookup.c.number)
    .where(lookup.c.next_due_at <= bindparam("now", type_=lookup.c.next_due_at.type))
    .order_by(lookup.c.next_due_at)
)
_TAKE_DUE = (
    _DUE.add_columns(lookup.c.last_seq, facts.c.hash)
    .outerjoin(facts, _IS_LAST)
    .where(_NOT_THESE)
    .limit(bindparam("at_most"))
    .with_for_update(of=lookup, skip_locked=True)
)
_GOING = (
    select(lookup.c.number)
    .where(
        or_(
            lookup.c.next_due_at.is_not(None),
            lookup.c.status.not_in(bindparam("over", expanding=True)),
        )
    )
    .order_by(lookup.c.next_due_at.is_(None), lookup.c.next_due_at, lookup.c.number)
)
_RECKONED = counters.c.name == "reckoned by"
_DEFER = (
    update(lookup)
    .where(lookup.c.number == bindparam("wanted"))
    .values(next_due_at=bindparam("until", type_=lookup.c.next_due_at.type))
)
_PUBLIC = (
    select(lookup.c.rank, func.count().label("count"))
    .where(
        lookup.c.status.in_(bindparam("statuses", expanding=True)),
        lookup.c.is_private.is_(False),
        lookup.c.is_test.is_(False),
    )
    .group_by(lookup.c.rank)
)


@dataclass(frozen=True)
class Entry:
    """One subject; `label_digest` stands for its name among the texts."""

    number: int
    chain: str
    status: str
    rank: int | None
    is_private: bool
    is_test: bool
    label_digest: str | None
    opened_at: datetime
    last_seq: int
    next_due_at: datetime | None


@dataclass(frozen=True)
class Saved:
    """A subject as it is to be written; `is_new` spares looking for one of that number.

    With `keeps_label` the one that stands there stays, whatever the entry says.
    """

    entry: Entry
    is_new: bool = False
    keeps_label: bool = False

    @property
    def values(self) -> dict[str, Any]:
        """The row by column."""
        values = dict(vars(self.entry))
        if self.keeps_label:
            del values["label_digest"]
        return values


def next_number(conn: Connection, counter: str) -> int:
    """The next number of a counter, from 1; without gaps, since it goes back with the rollback.

    On Postgres the counter's row stays locked until the transaction ends.
    """
    value = conn.execute(_COUNT, {"counter": counter}).scalar_one_or_none()
    if value is None:
        conn.execute(insert(counters), {"name": counter, "value": 1})
        return 1
    return int(value)


def last_number(conn: Connection, counter: str) -> int:
    """The number that a counter gave last, 0 before the first; held as by `next_number`."""
    return int(conn.execute(_LAST, {"counter": counter}).scalar_one_or_none() or 0)


def lock(conn: Connection, number: int) -> Entry | None:
    """The subject, held until the transaction ends; None when there is none of that number."""
    row = conn.execute(_LOCK, {"wanted": number}).one_or_none()
    return Entry(**row._asdict()) if row else None


def hold(conn: Connection, number: int) -> Last | None:
    """As `lock`, but all it tells is the last fact; None when there is no such subject."""
    row = conn.execute(_HOLD, {"wanted": number}).one_or_none()
    return (row.last_seq, row.hash) if row else None


def save(conn: Connection, *subjects: Saved) -> None:
    """Write the rows of subjects, each of another number."""
    keeps_label = attrgetter("keeps_label")
    known = sorted((one for one in subjects if not one.is_new), key=keeps_label)
    for _, same in groupby(known, key=keeps_label):  # which set the same columns
        _update(conn, list(same))
    for one in subjects:
        if one.is_new:
            conn.execute(_INSERT, one.values)


def _update(conn: Connection, same: Sequence[Saved]) -> None:
    # A number or chain that is set, if only to what it was, has all indexes written anew.
    rows = [
        {key: value for key, value in one.values.items() if key not in _NEVER_CHANGES}
        | {"wanted": one.entry.number}
        for one in same
    ]
    if conn.execute(_UPDATE, rows).rowcount == len(rows):
        return
    for one, row in zip(same, rows, strict=True):
        if conn.execute(_UPDATE, row).rowcount == 0:
            conn.execute(_INSERT, one.values)


def entries(
    conn: Connection, statuses: Sequence[str] | None = None
) -> list[tuple[Entry, str | None]]:
    """Subjects of these statuses (None: of all), the newest first, with their names.

    The name is None where it was erased, or where the subject has none.
    """
    query = _NAMED if statuses is None else _NAMED.where(lookup.c.status.in_(list(statuses)))
    found = []
    for row in conn.execute(query):
        values = row._asdict()
        name = values.pop("body")
        found.append((Entry(**values), name))
    return found


def next_due_at(conn: Connection, but: Collection[int] = ()) -> datetime | None:
    """The earliest moment at which a subject has to be looked at; None when there is none.

    Of those numbered `but` somebody else takes care.
    """
    return conn.execute(_EARLIEST, {"but": list(but)}).scalar_one_or_none()


def due(conn: Connection, now: datetime) -> list[int]:
    """The subjects that have to be looked at by `now`, the longest overdue first."""
    return list(conn.execute(_DUE, {"now": now}).scalars())


def take_due(
    conn: Connection, now: datetime, limit: int, but: Collection[int] = ()
) -> dict[int, Last]:
    """Up to `limit` subjects that are due by `now`, the longest overdue first, held until the end.

    Those that another transaction holds are passed over, and those numbered `but`.
    """
    given = {"now": now, "at_most": limit, "but": list(but)}
    rows = conn.execute(_TAKE_DUE, given)
    return {row.number: (row.last_seq, row.hash) for row in rows}


def going(conn: Connection, over: Sequence[str]) -> list[int]:
    """The subjects that are not `over` or have still to be looked at, the next due first."""
    return list(conn.execute(_GOING, {"over": list(over)}).scalars())


def reckoned_by(conn: Connection) -> int | None:
    """By which policy and code `next_due_at` was reckoned, as a number; None before the first."""
    return conn.execute(select(counters.c.value).where(_RECKONED)).scalar_one_or_none()


def set_reckoned_by(conn: Connection, by: int) -> None:
    """From now on every `next_due_at` is reckoned by this; below 2**31."""
    if conn.execute(update(counters).where(_RECKONED).values(value=by)).rowcount == 0:
        conn.execute(insert(counters), {"name": "reckoned by", "value": by})


def public_by_rank(conn: Connection, statuses: Sequence[str]) -> dict[int | None, int]:
    """How many subjects of these statuses there are, private ones and tests left out."""
    rows = conn.execute(_PUBLIC, {"statuses": list(statuses)}).all()
    return {rank: count for rank, count in rows}


def defer(conn: Connection, number: int, until: datetime | None) -> None:
    """Look at this subject again at `until`, whatever stood there before."""
    conn.execute(_DEFER, {"wanted": number, "until": until})
