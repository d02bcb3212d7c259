"""How is the database copied into one file while bots work on it?"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, MetaData, create_engine, func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from storage import disk, faults, log, migrate, schema
from storage.db import Database, StorageError
from storage.tables import facts

_AT_ONCE = 1000
_VERSION = "alembic_version"
_HEADS = select(facts.c.chain, func.max(facts.c.seq)).group_by(facts.c.chain)
_LACKING = "The copy lacks facts of {chain}. Nothing was kept of it; try again."


def backup(database: Database, target: Path) -> log.Verification:
    """Copy the database into a new SQLite file, whole as of one moment; what its chains are like.

    Bots go on meanwhile. A copy of a broken log is kept: it is what there is.

    Raises:
        StorageError: the file is there already or cannot be written, or the database cannot be
            read. Nothing is left behind.
    """
    if target.exists():
        raise StorageError(f"{target} is there already. Name a new file.")
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        _made(unfinished)
        heads = _filled(database, unfinished)
        with opened(unfinished) as copy:
            require_heads(copy, heads)
            verification = log.verify(copy)
        disk.settled(unfinished)
        unfinished.rename(target)
        disk.settled(target.parent)
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"The copy to {target} failed: {_reason(error)}.") from error
    finally:
        for what in ("", "-journal", "-wal", "-shm"):
            unfinished.with_name(f"{unfinished.name}{what}").unlink(missing_ok=True)
    return verification


@contextlib.contextmanager
def opened(copy: Path) -> Iterator[Connection]:
    """A copy for reading alone; it may stand on a disk that takes no writes.

    Raises:
        StorageError: it is damaged, or no copy.
    """
    with _connected(f"file:{quote(str(copy.absolute()))}?mode=ro") as connection:
        yield connection


def copy_rows(source: Connection, target: Connection) -> None:
    """Put every row of every table into the same tables, which are empty."""
    there, here = MetaData(), MetaData()
    there.reflect(source)
    here.reflect(target)
    for table in here.sorted_tables:
        if table.name == _VERSION:
            continue
        rows = source.execute(
            select(there.tables[table.name]).execution_options(yield_per=_AT_ONCE)
        )
        for some in rows.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in some])


def heads_of(conn: Connection) -> dict[str, int]:
    """How long each chain is."""
    return {chain: length for chain, length in conn.execute(_HEADS)}


def require_heads(conn: Connection, wanted: dict[str, int]) -> None:
    """Go on only if every chain is as long as it has to be.

    Raises:
        StorageError: one is not.
    """
    found = heads_of(conn)
    for chain in sorted(wanted.keys() | found.keys()):
        if wanted.get(chain) != found.get(chain):
            raise StorageError(_LACKING.format(chain=chain))


def _made(target: Path) -> None:
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # it has private words


def _filled(database: Database, target: Path) -> dict[str, int]:
    with database.snapshot() as source:
        heads = heads_of(source)
        if database.is_sqlite:
            _copy_pages(source, target)
        else:
            with _connected(f"file:{quote(str(target.absolute()))}") as copy:
                migrate.lay(copy, str(schema.found(source)))
                copy_rows(source, copy)
    return heads


def _copy_pages(source: Connection, target: Path) -> None:
    # On the connection that has read already, so that the pages are those of the same moment.
    file = source.connection.driver_connection
    assert isinstance(file, sqlite3.Connection)
    with contextlib.closing(sqlite3.connect(target)) as copy:
        file.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, which needs no others beside it


@contextlib.contextmanager
def _connected(where: str) -> Iterator[Connection]:
    engine = create_engine(
        "sqlite://",
        creator=partial(sqlite3.connect, where, uri=True),
        poolclass=NullPool,
        hide_parameters=True,
    )
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        if known := faults.meaning(error, "copied"):
            raise known from error
        raise


def _reason(error: sqlite3.Error | OSError) -> str:
    return str(getattr(error, "strerror", None) or error)
