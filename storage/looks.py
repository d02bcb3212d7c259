"""Which subjects have to be looked at, and when was each looked at last?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, func, insert, or_, select, update

from storage import locks
from storage.tables import Utc, looks, lookup

_SINCE = func.coalesce(looks.c.looked_at, lookup.c.opened_at, type_=Utc)
_IS_WANTED = lookup.c.status.in_(bindparam("statuses", expanding=True))
_BESIDE = lookup.outerjoin(looks, looks.c.number == lookup.c.number)
_OLDEST = (
    select(lookup.c.rank, func.min(_SINCE, type_=Utc).label("since"))
    .select_from(_BESIDE)
    .where(_IS_WANTED)
    .group_by(lookup.c.rank)
)
_THAT = (
    select(lookup.c.number)
    .select_from(_BESIDE)
    .where(
        _IS_WANTED,
        lookup.c.rank.is_not_distinct_from(bindparam("of_rank", type_=lookup.c.rank.type)),
        _SINCE == bindparam("seen", type_=Utc),
    )
    .order_by(lookup.c.number)
    .limit(1)
)
_ASKED = (
    select(looks.c.number)
    .join(lookup, lookup.c.number == looks.c.number)
    .where(
        looks.c.asked_at.is_not(None),
        _IS_WANTED,
        # What was begun and never ended is begun again after a while.
        or_(
            and_(
                looks.c.begun_at.is_(None),
                or_(looks.c.looked_at.is_(None), looks.c.looked_at <= bindparam("gap", type_=Utc)),
            ),
            looks.c.begun_at <= bindparam("again", type_=Utc),
        ),
    )
    .order_by(lookup.c.rank, looks.c.asked_at)
    .limit(bindparam("at_most"))
)
_SINCE_THEN = select(func.count()).where(looks.c.looked_at > bindparam("after", type_=Utc))
_ROW = update(looks).where(looks.c.number == bindparam("wanted"))
# Asking while a look is under way makes it one that was not begun, so that its end ends nothing.
_ASK = _ROW.values(asked_at=bindparam("at"), begun_at=None)
# What was begun counts as asked for until it ends, whatever becomes of who began it.
_BEGIN = _ROW.values(
    looked_at=bindparam("at"),
    begun_at=bindparam("at"),
    asked_at=func.coalesce(looks.c.asked_at, bindparam("at", type_=Utc)),
)
_END = _ROW.where(looks.c.begun_at == bindparam("at", type_=Utc)).values(asked_at=None)


@dataclass(frozen=True)
class Before:
    """What was looked at since `gap` has to wait, as has what was begun since `again`."""

    gap: datetime
    again: datetime


@dataclass(frozen=True)
class Oldest:
    """Of the subjects of a rank, when the one was looked at that waits longest for the next."""

    rank: int | None
    since: datetime


def guard(conn: Connection) -> None:
    """Let nobody else begin looks until this transaction ends."""
    locks.hold(conn, locks.Lock.LOOKS)


def oldest(conn: Connection, statuses: Sequence[str]) -> list[Oldest]:
    """Of each rank the one that waits longest; one never looked at waits since it was opened."""
    rows = conn.execute(_OLDEST, {"statuses": list(statuses)})
    return [Oldest(row.rank, row.since) for row in rows]


def find(conn: Connection, one: Oldest, statuses: Sequence[str]) -> int | None:
    """The number of a subject that waits since then; None when it was looked at meanwhile."""
    given = {"of_rank": one.rank, "seen": one.since, "statuses": list(statuses)}
    number: int | None = conn.execute(_THAT, given).scalar_one_or_none()
    return number


def asked(
    conn: Connection, statuses: Sequence[str], before: Before, at_most: int = 100
) -> list[int]:
    """What somebody asked to have looked at, the worst first."""
    given = {"statuses": list(statuses), "at_most": at_most, **vars(before)}
    return list(conn.execute(_ASKED, given).scalars())


def begun_after(conn: Connection, moment: datetime) -> int:
    """How many looks were begun after that moment."""
    return int(conn.execute(_SINCE_THEN, {"after": moment}).scalar_one())


def ask(conn: Connection, number: int, now: datetime) -> None:
    """Have this subject looked at soon."""
    if conn.execute(_ASK, {"wanted": number, "at": now}).rowcount == 0:
        conn.execute(insert(looks), {"number": number, "asked_at": now})


def begin(conn: Connection, number: int, now: datetime) -> None:
    """A look at this subject begins."""
    if conn.execute(_BEGIN, {"wanted": number, "at": now}).rowcount == 0:
        begun = {"number": number, "looked_at": now, "begun_at": now, "asked_at": now}
        conn.execute(insert(looks), begun)


def end(conn: Connection, number: int, begun_at: datetime) -> None:
    """The look that began then is done: nobody asks for it any more, unless somebody did since."""
    conn.execute(_END, {"wanted": number, "at": begun_at})
