"""Which slots were not put in for a while?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from storage.tables import Utc, outbox

_PUT_BEFORE = (
    select(outbox.c.name)
    .where(
        outbox.c.kind == "keep",
        outbox.c.name.startswith(bindparam("prefix"), autoescape=False),
        outbox.c.state != "pending",
        outbox.c.not_before < bindparam("before", type_=Utc),
    )
    .order_by(outbox.c.not_before, outbox.c.id)
    .limit(bindparam("at_most"))
)
# SQLite looks into no index for what it is to begin with.
_PUT_BEFORE_OF_SQLITE = _PUT_BEFORE.where(
    outbox.c.name >= bindparam("prefix"), outbox.c.name < bindparam("end")
)


def put_before(conn: Connection, prefix: str, before: datetime, at_most: int) -> list[str]:
    """Slots of this prefix that were not put in since `before`, those of longest ago first.

    Without those that wait for their turn, in which they show what is so then.
    """
    given = {"prefix": prefix, "before": before, "at_most": at_most}
    if conn.dialect.name != "sqlite":
        return list(conn.execute(_PUT_BEFORE, given).scalars())
    end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return list(conn.execute(_PUT_BEFORE_OF_SQLITE, {**given, "end": end}).scalars())
