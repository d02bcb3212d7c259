"""Who is told of what will not be delivered, in the commit that settles it?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, OperationalError

from storage import outbox
from storage.outbox.rows import Outcome

_LEFT_FOR = timedelta(seconds=5)
_log = structlog.get_logger()

Told = Callable[[], None]
Tell = Callable[[Connection, outbox.Lost], Told]
"""Decides in this transaction who is told; what it answers is called after the commit."""


class LeftToNewer(Exception):  # noqa: N818 (it is no fault)
    """Only newer code can tell of it; `refused` is the row, once that is known."""

    refused = 0


def settled(
    conn: Connection, worker: str, outcomes: Sequence[Outcome], now: datetime, tell: Tell
) -> list[Told]:
    """Settle what came of claimed things, and decide who is told of what is lost by it.

    What only newer code can tell of is not settled: it comes back, for that to be refused it.
    """
    if not any(isinstance(one, outbox.Failed) for one in outcomes):
        outbox.settle(conn, worker, outcomes, now)
        return []
    try:
        with conn.begin_nested():
            lost = outbox.settle(conn, worker, outcomes, now)
            # After the commit it would be nobody, if the process died between.
            told = [_decided(conn, tell, one) for one in lost]
            return [one for one in told if one]
    except LeftToNewer as left:
        refused = left.refused
    put_off = [_put_off(one, now) if one.id == refused else one for one in outcomes]
    return settled(conn, worker, put_off, now, tell)


def _put_off(one: Outcome, now: datetime) -> Outcome:
    if not isinstance(one, outbox.Failed):
        return one
    return outbox.Later(one.id, one.attempts, now + _LEFT_FOR, one.error, is_uncertain=False)


def after_commit(told: Sequence[Told]) -> None:
    """Wake whoever has something to do with it."""
    for tell in told:
        try:
            with structlog.contextvars.bound_contextvars(incident=None):
                tell()
        except Exception:  # noqa: BLE001 (it is on disk; whoever was to be woken finds it later)
            _log.exception("courier.fault")


def _decided(conn: Connection, tell: Tell, lost: outbox.Lost) -> Told | None:
    for may_be_tried_again in (True, False):
        try:
            with conn.begin_nested():
                return tell(conn, lost)
        except OperationalError:
            raise  # all of it is undone, and done again
        except LeftToNewer as left:
            left.refused = lost.refused
            raise
        except Exception as error:  # noqa: BLE001 (what cannot be told must not stop the rest)
            # What another wrote meanwhile is seen the second time.
            if not (may_be_tried_again and isinstance(error, IntegrityError)):
                _log.exception("outbox.loss_not_told", row=lost.name)
                break
    return None
