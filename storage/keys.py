"""Which keys open what is in the vault?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from storage.tables import vault

_NO_TURN = "gone"  # no file of what is destroyed belongs there


@dataclass(frozen=True)
class Item:
    """An item of the vault; `sha256` None: its place is taken, and no bytes came yet.

    `turn` is the try that filled it. Of what `is_destroyed` hash and size are left, until it is
    forgotten.
    """

    item: str
    chain: str
    since: datetime
    sha256: str | None
    size_bytes: int | None
    turn: str | None
    key: bytes | None

    @property
    def is_destroyed(self) -> bool:
        """Whether its bytes came once, and nobody can read them any more."""
        return self.sha256 is not None and self.key is None


def reserve(conn: Connection, item: str, chain: str, now: datetime) -> None:
    """Take a place for bytes that are to come."""
    conn.execute(insert(vault), {"item": item, "chain": chain, "since": now})


def fill(conn: Connection, item: str, values: Mapping[str, object]) -> bool:
    """Say which bytes came, and their key; False when the place is filled or given up."""
    is_empty = (vault.c.item == item, vault.c.sha256.is_(None))
    return bool(conn.execute(update(vault).where(*is_empty).values(**values)).rowcount)


def destroy(conn: Connection, item: str) -> None:
    """Take the key away; a place whose bytes never came is given up."""
    this = vault.c.item == item
    conn.execute(delete(vault).where(this, vault.c.sha256.is_(None)))
    conn.execute(update(vault).where(this).values(key=None, turn=_NO_TURN))


def forget(conn: Connection, item: str) -> None:
    """Leave no trace of it."""
    conn.execute(delete(vault).where(vault.c.item == item))


def find(conn: Connection, item: str) -> Item | None:
    """The item; None when there is none."""
    row = conn.execute(select(vault).where(vault.c.item == item)).one_or_none()
    return Item(**row._asdict()) if row else None


def every(conn: Connection) -> list[Item]:
    """Every item, the oldest first."""
    rows = conn.execute(select(vault).order_by(vault.c.since, vault.c.item))
    return [Item(**row._asdict()) for row in rows]
