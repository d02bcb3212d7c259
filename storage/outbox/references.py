"""What do the symbolic names stand for, and which of them are dead?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from storage import locks
from storage.tables import refs

_VALUE = select(refs.c.value).where(refs.c.name == bindparam("ref"), refs.c.is_dead.is_(False))
_AT = (
    select(refs.c.name)
    .where(refs.c.target == bindparam("at"), refs.c.is_dead.is_(False))
    .order_by(refs.c.name)
)
_LIVING = select(refs.c.name, refs.c.value).where(
    refs.c.name.startswith(bindparam("prefix"), autoescape=False), refs.c.is_dead.is_(False)
)
_STATE = select(refs.c.is_dead).where(refs.c.name == bindparam("ref"))
_DEAD = select(refs.c.name).where(
    refs.c.name.in_(bindparam("names", expanding=True)), refs.c.is_dead.is_(True)
)
_INSERT = insert(refs)
_UPDATE = update(refs).where(refs.c.name == bindparam("ref"))
_REVIVE = delete(refs).where(refs.c.name == bindparam("ref"), refs.c.is_dead.is_(True))


def ref(conn: Connection, name: str) -> dict[str, Any] | None:
    """What a name stands for; None while it does not exist, if it never will, or if it is bare."""
    value = conn.execute(_VALUE, {"ref": name}).scalar_one_or_none()
    return dict(json.loads(value)) if value else None


def refs_at(conn: Connection, channel: str, prefix: str) -> list[str]:
    """The living names of that prefix whose value has this `channel`, sorted."""
    names = conn.execute(_AT, {"at": channel}).scalars()
    return [name for name in names if name.startswith(prefix)]


def refs_under(conn: Connection, prefix: str) -> dict[str, dict[str, Any]]:
    """What the living names of this prefix stand for; those that are bare are left out."""
    rows = conn.execute(_LIVING, {"prefix": prefix})
    return {row.name: dict(json.loads(row.value)) for row in rows if row.value}


def give(conn: Connection, name: str, value: Mapping[str, Any] | None) -> None:
    """The name stands for this from now on; None keeps what it stood for, if anything."""
    is_dead = conn.execute(_STATE, {"ref": name}).scalar_one_or_none()
    if value is None and is_dead is False:
        return
    kept = {
        "value": None if value is None else json.dumps(dict(value), sort_keys=True),
        "target": None if value is None else value.get("channel"),
        "is_dead": False,
        "reason": None,
    }
    if is_dead is None:
        conn.execute(_INSERT, {"name": name, **kept})
    else:
        conn.execute(_UPDATE, {"ref": name, **kept})


def kill(conn: Connection, name: str, reason: str) -> bool:
    """The name will never stand for anything; False when it already does, or is known as dead."""
    if conn.execute(_STATE, {"ref": name}).scalar_one_or_none() is not None:
        return False
    dead = {"value": None, "target": None, "is_dead": True, "reason": reason}
    conn.execute(_INSERT, {"name": name, **dead})
    return True


def revive(conn: Connection, name: str) -> None:
    """The name may come to stand for something after all."""
    conn.execute(_REVIVE, {"ref": name})


def dead_among(conn: Connection, names: Iterable[str]) -> set[str]:
    """Those of the names that are dead, and no other can die until this transaction ends."""
    wanted = sorted(set(names))
    if not wanted:
        return set()
    guard(conn, is_shared=True)
    return set(conn.execute(_DEAD, {"names": wanted}).scalars())


def guard(conn: Connection, *, is_shared: bool) -> None:
    """Let no name die while something that needs it is put in."""
    locks.hold(conn, locks.Lock.REFERENCES, is_shared=is_shared)
