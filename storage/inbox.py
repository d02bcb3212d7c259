"""Which requests were carried out already?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from storage.tables import inbox

_SEEN = select(inbox.c.chain, inbox.c.first_seq, inbox.c.last_seq).where(
    inbox.c.key == bindparam("key")
)
_REMEMBER = insert(inbox)


@dataclass(frozen=True)
class Seen:
    """What a request led to; no facts when `first_seq` is above `last_seq`."""

    chain: str
    first_seq: int
    last_seq: int


def seen(conn: Connection, key: str) -> Seen | None:
    """What the request of this key led to; None when it is new."""
    row = conn.execute(_SEEN, {"key": key}).one_or_none()
    return Seen(row.chain, row.first_seq, row.last_seq) if row else None


def remember(conn: Connection, key: str, led_to: Seen, at: datetime) -> None:
    """Keep what the request led to. The same key at the same moment fails, and is tried again."""
    conn.execute(
        _REMEMBER,
        {
            "key": key,
            "chain": led_to.chain,
            "first_seq": led_to.first_seq,
            "last_seq": led_to.last_seq,
            "at": at,
        },
    )


def prune(conn: Connection, before: datetime) -> int:
    """Forget keys older than that; Slack asks again within minutes, not days."""
    return conn.execute(delete(inbox).where(inbox.c.at < before)).rowcount
