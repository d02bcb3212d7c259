"""Who is told of what will not be delivered, in the commit that settles it?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, OperationalError

from storage import outbox

_log = structlog.get_logger()

Told = Callable[[], None]
Tell = Callable[[Connection, outbox.Lost], Told]
"""Decides in this transaction who is told; what it answers is called after the commit."""


def decided(conn: Connection, tell: Tell, lost: Sequence[outbox.Lost]) -> list[Told]:
    """Who is told of each; after the commit it would be nobody, if the process died between."""
    told = [_decided(conn, tell, one) for one in lost]
    return [one for one in told if one]


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
        except Exception as error:  # noqa: BLE001 (what cannot be told must not stop the rest)
            # What another wrote meanwhile is seen the second time.
            if not (may_be_tried_again and isinstance(error, IntegrityError)):
                _log.exception("outbox.loss_not_told", row=lost.name)
                break
    return None
