"""Which shapes has a thing that is owed, from being asked for to being lost?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, bindparam, case, literal_column, or_

from storage.tables import UNSETTLED, Utc, outbox

Kind = Literal["post", "keep", "call", "send"]
State = Literal["pending", "claimed", "done", "failed", "undeliverable", "dropped"]
SETTLING = timedelta(seconds=2)  # how long a call that was cut off may still take effect


def is_open(table: str = "outbox") -> ColumnElement[bool]:
    """Neither settled nor lost, written out: with parameters no partial index would be used."""
    return literal_column(f"{table}.state IN ('pending', 'claimed')")


def is_unsettled(table: str) -> ColumnElement[bool]:
    """The same, as the index of the lanes has it."""
    return literal_column(f"{table}.{UNSETTLED}")


def at_once(now: ColumnElement[datetime]) -> ColumnElement[datetime]:
    """When what was put off may be taken, if not for that: `now`, or when it can be looked for.

    What may have happened is not there to be found at once, and would be sent twice. When it was
    cut off nobody wrote down: no later than now, so that `settled_by` is `SETTLING` from now on.
    """
    settled_by: ColumnElement[datetime] = bindparam("settled_by", type_=Utc)
    return case(
        (or_(outbox.c.is_uncertain.is_(False), outbox.c.not_before <= now), now),
        (outbox.c.not_before > settled_by, settled_by),
        else_=outbox.c.not_before,
    )


@dataclass(frozen=True)
class Item:
    """One thing owed. `name` is its identity; of one lane, one is under way at a time, in order.

    `urgency` 0 comes first. `needs` and `gives` are symbolic references: what must exist first, and
    what it brings. A post or call is owed once by its name; a keep is owed in its newest form. What
    is known to draw on a bucket says so in `waits_for`: it is not read while that is shut.
    """

    name: str
    lane: str
    kind: Kind
    body: Mapping[str, Any]
    urgency: int = 5
    subject: str | None = None
    needs: str | None = None
    gives: str | None = None
    family: str | None = None
    waits_for: str | None = None


@dataclass(frozen=True)
class Toll:
    """One call that the other side counts in `bucket`, together with those of all workers.

    `every` is the time in which one call more is allowed; `at_once` go out without a wait after a
    rest.
    """

    bucket: str
    every: timedelta
    at_once: int = 1


@dataclass(frozen=True)
class Only:
    """Things of these kinds, and those whose name begins so."""

    kinds: tuple[Kind, ...]
    beginning: str


@dataclass(frozen=True)
class Worker:
    """Who claims, how long it may be about one thing, and what alone it takes; None: all.

    Of what it looks at when it claims it takes no more than `at_most`; None: all that may go.
    """

    name: str
    lease: timedelta
    only: Only | None = None
    at_most: int | None = None


@dataclass(frozen=True)
class Claimed:
    """One thing that this worker alone may carry out until its lease ends.

    `attempts` counts this one. With `is_uncertain` it may have happened already, at
    `first_claimed_at` or later. The two values are what `needs` and `gives` stand for, if anything.
    What cannot be read `is_torn`: nothing is left to do but to refuse it.
    """

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
    is_torn: bool = False


@dataclass(frozen=True)
class Done:
    """It was carried out in this version; `value` is what it brought, None when nothing new.

    `attempts` is that of the claim, in every outcome: a claim that was lost settles nothing.
    """

    id: int
    attempts: int
    version: int
    value: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Later:
    """Not before `at`; `is_uncertain` when it may have happened all the same.

    `shut` is a bucket, and until when nothing at all goes out of it.
    """

    id: int
    attempts: int
    at: datetime
    error: str
    is_uncertain: bool
    shut: tuple[str, datetime] | None = None


@dataclass(frozen=True)
class Failed:
    """Refused for good, in this version."""

    id: int
    attempts: int
    version: int
    error: str


Outcome: TypeAlias = Done | Later | Failed


@dataclass(frozen=True)
class Lost:
    """What will not be delivered: refused itself, or hanging on something that was.

    `refused` is the row of that, as its outcome names it.
    """

    name: str
    subject: str | None
    error: str
    state: State
    refused: int = 0


@dataclass(frozen=True)
class Row:
    """A row for people to look at."""

    id: int
    name: str
    state: State
    attempts: int
    error: str | None
    not_before: datetime
