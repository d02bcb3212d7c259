"""How does a copy become the database again?"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, MetaData, func, select, text, update

from storage import backup, log, migrate, schema
from storage.db import Database, StorageError
from storage.tables import outbox

_LOCK = text("LOCK TABLE facts, texts, inbox, lookup, counters, outbox, refs IN EXCLUSIVE MODE")
_VERSION = "alembic_version"
# What was owed then may have been delivered since: whoever takes it looks for it first.
_PERHAPS_DELIVERED = (
    update(outbox)
    .where(outbox.c.state.in_(("pending", "claimed")))
    .values(
        state="pending",
        is_uncertain=True,
        first_claimed_at=func.coalesce(outbox.c.first_claimed_at, outbox.c.created_at),
        worker=None,
        lease_until=None,
    )
)
_NEXT_ID = text(
    "SELECT setval(pg_get_serial_sequence('outbox', 'id'), "
    "(SELECT coalesce(max(id), 0) + 1 FROM outbox), false)"
)


def restore(database: Database, source: Path) -> log.Verification:
    """Load a copy into an empty database, SQLite or Postgres, in one transaction.

    Every chain is walked in the copy before, and in the database before it is committed.

    Raises:
        StorageError: the copy is not there, no copy, newer or broken; the database is not empty,
            or cannot be written. It is empty still.
    """
    if not source.is_file():
        raise StorageError(f"There is no copy at {source}.")
    database.own()
    database.read_now(_require_empty)
    with backup.opened(source) as copy:
        at = _known_version(copy, source)
        _require_whole(log.verify(copy), str(source))
        found = database.write_now(lambda conn: _load(copy, conn, at))
    migrate.upgrade(database, contracts=True)
    return found


def _known_version(copy: Connection, source: Path) -> str:
    at = schema.found(copy)
    if at is None:
        raise StorageError(f"{source} is no copy that `warroom backup` made.")
    if at > schema.HEAD:
        raise StorageError(
            f"The copy is of schema {at}, newer than this version, which knows {schema.HEAD}. "
            "Install the newer version."
        )
    return at


def _load(copy: Connection, conn: Connection, at: str) -> log.Verification:
    is_postgres = conn.dialect.name == "postgresql"
    there = schema.found(conn)
    if there is None:
        migrate.lay(conn, at)
    elif there != at:
        raise StorageError(
            f"The copy is of schema {at}, and the empty database has {there}. "
            "Name a database without any tables."
        )
    if is_postgres:
        conn.execute(_LOCK)
    _require_empty(conn)
    backup.copy_rows(copy, conn)
    conn.execute(_PERHAPS_DELIVERED)
    if is_postgres:
        conn.execute(_NEXT_ID)
    backup.require_heads(conn, backup.heads_of(copy))
    verification = log.verify(conn)
    _require_whole(verification, "what was loaded")
    return verification


def _require_empty(conn: Connection) -> None:
    tables = MetaData()
    tables.reflect(conn)
    for table in tables.sorted_tables:
        if table.name != _VERSION and conn.execute(select(table).limit(1)).first():
            raise StorageError(
                "The database is not empty. Set DATABASE_URL to a new one; "
                "nothing is ever loaded over what is there."
            )


def _require_whole(verification: log.Verification, what: str) -> None:
    if broken := verification.broken:
        raise StorageError(
            f"The log in {what} is broken: {broken.chain}, fact {broken.seq}. {broken.reason} "
            "Nothing was loaded; take an older copy."
        )
