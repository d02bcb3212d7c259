"""What is still owed, as people and erasures have to know it?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select, update

from storage.outbox.rows import Row, State, is_open, is_unsettled
from storage.tables import Utc, outbox, refs

_LISTED = select(
    outbox.c.id,
    outbox.c.name,
    outbox.c.state,
    outbox.c.attempts,
    outbox.c.error,
    outbox.c.not_before,
).order_by(outbox.c.id)
_OPEN_OF = (
    select(func.count())
    .select_from(outbox)
    .where(outbox.c.subject == bindparam("about"), is_open())
)
_KEPT = select(outbox.c.id).where(outbox.c.kind == "keep", outbox.c.name == bindparam("slot"))
_KEPT_AMONG = select(outbox.c.name).where(
    outbox.c.kind == "keep", outbox.c.name.in_(bindparam("slots", expanding=True))
)
_ONCE = outbox.c.kind != "keep"
# A keep is there for as long as its slot; what it shows now is owed since it was put in last.
_SINCE = case(
    (_ONCE, outbox.c.created_at),
    else_=func.coalesce(outbox.c.first_claimed_at, outbox.c.not_before),
)
_DEPTHS = (
    select(outbox.c.state, func.count().label("rows"), func.min(_SINCE, type_=Utc).label("since"))
    .where(outbox.c.state.in_(("pending", "claimed", "failed", "undeliverable")))
    .group_by(outbox.c.state)
)
_MAY_QUOTE = and_(
    outbox.c.subject == bindparam("about"),
    or_(_ONCE, outbox.c.name.not_in(bindparam("anew", expanding=True))),
)
_DROP = (
    update(outbox)
    .where(_MAY_QUOTE, outbox.c.state.in_(("failed", "undeliverable")))
    .values(body="", state="dropped")
)
_MAY_COME = select(func.count()).select_from(outbox).where(_MAY_QUOTE, is_open())


# Held to one kind by its lane, which is its name: that has an index of what is open.
_UNSENT = (
    select(outbox.c.id)
    .outerjoin(refs, refs.c.name == outbox.c.gives)
    .where(
        outbox.c.lane.startswith(bindparam("prefix"), autoescape=False),
        outbox.c.kind == "keep",
        refs.c.value.is_(None),
        is_unsettled("outbox"),
    )
    .limit(bindparam("at_most"))
)
# SQLite looks into no index for what it is to begin with, and this is asked at each declare.
_UNSENT_OF_SQLITE = _UNSENT.where(
    outbox.c.lane >= bindparam("prefix"), outbox.c.lane < bindparam("end")
)
_PUT_BEFORE = (
    select(outbox.c.name)
    .where(
        outbox.c.name.startswith(bindparam("prefix"), autoescape=False),
        outbox.c.kind == "keep",
        outbox.c.state != "pending",
        outbox.c.not_before < bindparam("before", type_=Utc),
    )
    .order_by(outbox.c.not_before, outbox.c.id)
    .limit(bindparam("at_most"))
)
_PUT_BEFORE_OF_SQLITE = _PUT_BEFORE.where(
    outbox.c.name >= bindparam("prefix"), outbox.c.name < bindparam("end")
)
# Names may stand for a slot that nothing is owed for yet.
_TAKES = select(
    select(func.count())
    .where(refs.c.target == bindparam("slot"), refs.c.is_dead.is_(False))
    .scalar_subquery()
    .label("stand"),
    select(outbox.c.created_at)
    .join(refs, refs.c.name == outbox.c.gives)
    .where(outbox.c.name == bindparam("slot"), refs.c.value.is_not(None))
    .scalar_subquery()
    .label("shown_since"),
)


@dataclass(frozen=True)
class Depth:
    """How many rows of a state there are, and since when the oldest is owed."""

    state: State
    rows: int
    since: datetime


def depths(conn: Connection) -> list[Depth]:
    """What is not delivered, by state; a state without rows is left out."""
    return [Depth(**row._asdict()) for row in conn.execute(_DEPTHS)]


def listing(conn: Connection, states: Iterable[str]) -> list[Row]:
    """Rows of these states, the oldest first."""
    query = _LISTED.where(outbox.c.state.in_(list(states)))
    return [Row(**row._asdict()) for row in conn.execute(query)]


def open_items(conn: Connection, subject: str) -> int:
    """How much is still owed about this subject, neither settled nor lost."""
    return int(conn.execute(_OPEN_OF, {"about": subject}).scalar_one())


def is_kept(conn: Connection, slot: str) -> bool:
    """Whether anything was ever owed for this slot, delivered or not."""
    return conn.execute(_KEPT, {"slot": slot}).first() is not None


def kept_among(conn: Connection, slots: Iterable[str]) -> set[str]:
    """Those of the slots for which anything was ever owed."""
    wanted = list(slots)
    return set(conn.execute(_KEPT_AMONG, {"slots": wanted}).scalars()) if wanted else set()


def unsent(conn: Connection, prefix: str, at_most: int) -> int:
    """How many slots of this prefix are owed and were never shown yet; counted up to `at_most`."""
    query = _UNSENT_OF_SQLITE if conn.dialect.name == "sqlite" else _UNSENT
    return len(conn.execute(query, {**_beginning(prefix), "at_most": at_most}).all())


def put_before(conn: Connection, prefix: str, before: datetime, at_most: int) -> list[str]:
    """Slots of this prefix that were not put in since `before`, those of longest ago first.

    Without those that wait for their turn, in which they show what is so then.
    """
    query = _PUT_BEFORE_OF_SQLITE if conn.dialect.name == "sqlite" else _PUT_BEFORE
    given = {**_beginning(prefix), "before": before, "at_most": at_most}
    return list(conn.execute(query, given).scalars())


def takes_more(conn: Connection, slot: str, at_most: int, since: datetime) -> bool:
    """Whether fewer names than that stand for this slot, and it is not shown since before then."""
    row = conn.execute(_TAKES, {"slot": slot}).one()
    return row.stand < at_most and (row.shown_since is None or row.shown_since >= since)


def settle_for_erasure(conn: Connection, subject: str, anew: Iterable[str]) -> int:
    """Blank what was refused for good; the number of messages that are still to be delivered.

    Slots that are put in `anew` do not count: they show none of the erased words from then on. Of
    other slots nobody knows what they quote, as of all that is said once.
    """
    given = {"about": subject, "anew": list(anew)}
    conn.execute(_DROP, given)
    return int(conn.execute(_MAY_COME, given).scalar_one())


def _beginning(prefix: str) -> dict[str, str]:
    """What begins so, and the first that does not any more."""
    return {"prefix": prefix, "end": prefix[:-1] + chr(ord(prefix[-1]) + 1)}
