"""When may the next call of a kind go out, whichever worker makes it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    text,
)

from storage import locks
from storage.outbox.rows import Toll, is_open
from storage.tables import Utc, outbox, pace

# Where a rate flows, nobody has to wait this long for the next call: this one is counted anew each
# minute. What was learned so is kept beside the bucket for a while.
_LONG = timedelta(seconds=20)
_COUNTED = " counted by the minute"
_KNOWN_FOR = timedelta(hours=1)
# Nobody pays further ahead than a minute's worth, and longer shuts are counted by the minute: what
# lies beyond was written by a clock that was put back since.
_FURTHEST = timedelta(minutes=2)
_FREE_AT = select(pace.c.bucket, pace.c.free_at).where(
    pace.c.bucket.in_(bindparam("buckets", expanding=True))
)
_KEEP = text(
    "INSERT INTO pace (bucket, free_at) VALUES (:bucket, :free_at) "
    "ON CONFLICT (bucket) DO UPDATE SET free_at = excluded.free_at"
).bindparams(bindparam("free_at", type_=Utc))
_WAITED_FOR = select(func.min(pace.c.free_at, type_=Utc)).where(
    pace.c.free_at > bindparam("now", type_=Utc),
    # Asked of each bucket: there are few that are shut, and thousands of rows that may wait.
    exists().where(outbox.c.waits_for == pace.c.bucket, is_open()),
)
_NOW: ColumnElement[datetime] = bindparam("now", type_=Utc)
_COUNT = pace.alias("counted")
SHUT = select(pace.c.bucket).where(
    pace.c.free_at > _NOW,
    or_(
        pace.c.free_at <= bindparam("furthest", type_=Utc),
        exists().where(_COUNT.c.bucket == pace.c.bucket + _COUNTED, _COUNT.c.free_at > _NOW),
    ),
)
"""The buckets of which nothing goes out now, asked with what `as_of` gives."""
_FORGET = delete(pace).where(pace.c.free_at < bindparam("before", type_=Utc))


class Till:
    """What may be taken from the buckets at one moment; no other worker takes meanwhile.

    A bucket is the moment from which on one call more may go out. It lies behind `now` by as much
    as was saved up, at most `at_once` calls (the generic cell rate algorithm).

    Of a bucket that turned out to be counted by the minute, `at_once` calls go together as soon as
    it is free, and it is free again when their time has passed.
    """

    def __init__(self, conn: Connection, buckets: Iterable[str], now: datetime) -> None:
        """Look into these buckets, and hold them until the transaction ends."""
        self._conn = conn
        self._now = now
        self._known: set[str] = set()
        self._free_at: dict[str, datetime] = {}
        self._changed: dict[str, datetime] = {}
        self._taken: dict[str, int] = {}
        self.look_into(buckets)

    def look_into(self, buckets: Iterable[str]) -> None:
        """Look into these too, where that was not done yet, and hold them as well."""
        wanted = sorted({*buckets} - self._known)
        if not wanted:
            return
        locks.hold(self._conn, locks.Lock.PACE)
        asked = [*wanted, *(one + _COUNTED for one in wanted)]
        for row in self._conn.execute(_FREE_AT, {"buckets": asked}):
            self._free_at[row.bucket] = row.free_at
        for bucket in wanted:
            is_beyond = self._free_at.get(bucket, self._now) > self._now + _FURTHEST
            if is_beyond and not self._is_counted(bucket):
                self._free_at[bucket] = self._now
        self._known |= {*wanted}

    def take(self, tolls: Sequence[Toll]) -> str | None:
        """Pay all of them, or none: then the bucket that will be free last of those in the way."""
        shut = [one for one in tolls if self._free(one) > self._now]
        if shut:
            return max(shut, key=self._free).bucket
        for one in tolls:
            saved = timedelta(0) if self._is_counted(one.bucket) else one.every * (one.at_once - 1)
            full_at = max(self._now, self._spent(one) + saved) + one.every
            self._free_at[one.bucket] = self._changed[one.bucket] = full_at - saved
            self._taken[one.bucket] = self._taken.get(one.bucket, 0) + 1
        return None

    def shut(self, until: Mapping[str, datetime]) -> None:
        """Nothing more goes out of these before that moment."""
        for bucket, at in until.items():
            if at > self._free_at.get(bucket, self._now):
                self._free_at[bucket] = self._changed[bucket] = at
            if at - self._now > _LONG:
                self._changed[bucket + _COUNTED] = max(at, self._now + _KNOWN_FOR)

    def close(self) -> None:
        """Write down what is left."""
        if self._changed:
            rows = [{"bucket": key, "free_at": at} for key, at in sorted(self._changed.items())]
            self._conn.execute(_KEEP, rows)

    def _free(self, toll: Toll) -> datetime:
        is_begun = 0 < self._taken.get(toll.bucket, 0) < toll.at_once
        return self._now if is_begun and self._is_counted(toll.bucket) else self._spent(toll)

    def _is_counted(self, bucket: str) -> bool:
        return self._free_at.get(bucket + _COUNTED, self._now) > self._now

    def _spent(self, toll: Toll) -> datetime:
        return self._free_at.get(toll.bucket, self._now - toll.every * (toll.at_once - 1))


def as_of(now: datetime) -> dict[str, datetime]:
    """What is given to a query that asks for what is `SHUT` now."""
    return {"now": now, "furthest": now + _FURTHEST}


def shut(conn: Connection, until: Mapping[str, datetime], now: datetime) -> None:
    """Let nothing go out of these buckets before that moment, whoever tries."""
    if until:
        till = Till(conn, until, now)
        till.shut(until)
        till.close()


def waited_for(conn: Connection, now: datetime) -> datetime | None:
    """When the first bucket that something waits for is free; None when nothing waits."""
    moment: datetime | None = conn.execute(_WAITED_FOR, {"now": now}).scalar_one()
    return moment


def forget(conn: Connection, before: datetime) -> int:
    """Forget the buckets that were free at that time already; how many they were.

    What lies back further than a bucket takes to fill says nothing any more.
    """
    return conn.execute(_FORGET, {"before": before}).rowcount
