"""How does somebody change the log who owns the file or the server, and knows of the triggers?"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import psycopg

from storage import chain
from storage.db import Database

Execute = Callable[..., list[tuple[Any, ...]]]
_COLUMNS = ("chain", "seq", "kind", "version", "actor", "at", "payload", "prev_hash", "hash")


@contextlib.contextmanager
def attacking(database: Database) -> Iterator[Execute]:
    """A connection of the attacker's own, past the bot and its triggers, which are left in place.

    Parameters are written `?`.
    """
    if database.is_sqlite:
        with contextlib.closing(sqlite3.connect(str(database.path))) as conn, conn:
            query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            triggers = conn.execute(query).fetchall()
            for name, _ in triggers:
                conn.execute(f"DROP TRIGGER {name}")
            yield lambda sql, *given: conn.execute(sql, given).fetchall()
            for _, sql in triggers:
                conn.execute(sql)
        return
    with psycopg.connect(database.url.replace("+psycopg", "")) as server:
        server.execute("SET session_replication_role = replica")  # no trigger fires

        def execute(sql: str, *given: object) -> list[tuple[Any, ...]]:
            done = server.execute(sql.replace("?", "%s").encode(), given)
            return done.fetchall() if done.description else []

        yield execute


def rewrite(execute: Execute, name: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the facts of a chain and seal it anew from its beginning, as the bot itself would."""
    query = f"SELECT {', '.join(_COLUMNS)} FROM facts WHERE chain = ? ORDER BY seq"
    prev_hash = chain.GENESIS
    for values in execute(query, name):
        row = dict(zip(_COLUMNS, values, strict=True))
        change(row)
        row["prev_hash"] = prev_hash
        row["hash"] = prev_hash = chain.seal([row[name] for name in chain.SEALED])
        _overwrite(execute, row, ("kind", "actor", "at", "payload", "prev_hash", "hash"))


def _overwrite(execute: Execute, row: dict[str, Any], columns: Sequence[str]) -> None:
    assigned = ", ".join(f"{column} = ?" for column in columns)
    values = [row[column] for column in columns]
    where = "WHERE chain = ? AND seq = ?"
    execute(f"UPDATE facts SET {assigned} {where}", *values, row["chain"], row["seq"])
