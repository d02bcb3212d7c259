"""What waits for a subject, and how does it come at once or not at all?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from storage.outbox.rows import SETTLING, at_once, is_open
from storage.tables import Utc, outbox

_OPEN_OF = select(outbox.c.name).where(outbox.c.subject == bindparam("about"), is_open())
_NOW: ColumnElement[datetime] = bindparam("now", type_=Utc)
_HURRY = (
    update(outbox)
    .where(
        outbox.c.subject == bindparam("about"),
        outbox.c.state == "pending",
        outbox.c.not_before > _NOW,
    )
    .values(not_before=at_once(_NOW))
)
_LET_GO = (
    update(outbox)
    .where(outbox.c.name == bindparam("slot"), outbox.c.state == "failed")
    .values(state="dropped", body="")
)


def open_names(conn: Connection, subject: str) -> set[str]:
    """The names of what is still to be delivered about this subject."""
    return set(conn.execute(_OPEN_OF, {"about": subject}).scalars())


def hurry(conn: Connection, subject: str, now: datetime) -> int:
    """What was put off is due now, or as soon as it can be looked for; the number of things."""
    given = {"about": subject, "now": now, "settled_by": now + SETTLING}
    return conn.execute(_HURRY, given).rowcount


def let_go(conn: Connection, slot: str) -> bool:
    """What this slot showed was refused and is shown elsewhere now; False when it was not."""
    return conn.execute(_LET_GO, {"slot": slot}).rowcount > 0
