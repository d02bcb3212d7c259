"""How do SQLite and Postgres have to be set up so that both keep every commit?"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from storage import faults, schema
from storage.faults import Absent, StorageError, Unwritable

POOL = 4
WAIT_SECONDS = 2
_FILE = "file"
# A server that is gone without a word is noticed within seconds, not after Linux's quarter of an
# hour: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
_TO_POSTGRES: dict[str, Any] = {
    "connect_timeout": WAIT_SECONDS,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,
    "application_name": schema.RUNNING,
}
# postgresql://user@one:5432,two:5432/name, as libpq takes several servers and SQLAlchemy does not
_SEVERAL = re.compile(r"^(\w+://(?:[^@/?]*@)?)([^@/?]+,[^@/?]+)(/[^?]*)?(?:\?(.*))?$")
_PRAGMAS = {
    "synchronous": "FULL",  # an ack has to survive a power cut
    "busy_timeout": str(WAIT_SECONDS * 1000),
    "foreign_keys": "ON",
    "recursive_triggers": "ON",  # else INSERT OR REPLACE would pass by the triggers on DELETE
    "secure_delete": "ON",  # erased words leave no bytes behind
}
_NOT_AN_ADDRESS = (
    "DATABASE_URL has to look like sqlite:///var/warroom.db or postgresql://user@host/name."
)


def address(url: str) -> URL:
    """The address with our driver in it.

    Raises:
        StorageError: it is neither SQLite in a file nor Postgres.
    """
    try:
        given = make_url(_one_by_one(url))
    except (ArgumentError, ValueError) as error:
        raise StorageError(_NOT_AN_ADDRESS) from error
    backend = given.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return given.set(drivername="postgresql+psycopg")
    if backend != "sqlite" or not given.database or given.database == ":memory:":
        raise StorageError(_NOT_AN_ADDRESS)
    return given.set(drivername="sqlite+pysqlite")


def _one_by_one(url: str) -> str:
    """Several servers as SQLAlchemy wants them named; of several, the one that takes writes."""
    several = _SEVERAL.match(url)
    if several is None:
        return url
    start, hosts, name, query = several.groups()
    named = [f"host={host}" for host in hosts.split(",")]
    asked = query or ""
    if "target_session_attrs" not in asked:
        named.append("target_session_attrs=read-write")
    return f"{start}{name or ''}?{'&'.join(filter(None, [*named, asked]))}"


def engine(where: URL, *, is_writer: bool) -> Engine:
    """Connections that write in transactions of their own, or that can only read.

    Raises:
        StorageError: the driver for Postgres is not installed.
    """
    if where.get_backend_name() == "sqlite":
        return _sqlite(where, is_writer=is_writer)
    try:
        return _postgres(where, is_writer=is_writer)
    except ModuleNotFoundError as error:
        raise StorageError("Postgres needs one more package: warroom[postgres].") from error


def connect_arguments(where: URL) -> dict[str, Any]:
    """How long the driver waits: for a lock on SQLite, for the server on Postgres."""
    if where.get_backend_name() == "sqlite":
        return {"timeout": WAIT_SECONDS}
    return dict(_TO_POSTGRES)


def _sqlite(where: URL, *, is_writer: bool) -> Engine:
    made = create_engine(
        where,
        hide_parameters=True,  # an error in the log must not quote what people typed
        poolclass=QueuePool,
        # One connection, so that writers queue here and not in SQLite's busy loop.
        pool_size=1 if is_writer else POOL,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        connect_args={"check_same_thread": False, **connect_arguments(where)},
    )
    begin = "BEGIN IMMEDIATE" if is_writer else "BEGIN"

    def on_connect(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # else pysqlite begins transactions when it likes
        for name, value in _PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")
        if not is_writer:
            connection.execute("PRAGMA query_only=ON")
        record.info[_FILE] = _file(where.database)

    def on_begin(connection: Connection) -> None:
        # SQLite does not see it with a write-ahead log: what it acks then, nobody finds again.
        if is_writer and _file(where.database) != connection.info[_FILE]:
            raise Unwritable(faults.MOVED)
        connection.exec_driver_sql(begin)

    event.listen(made, "do_connect", _to_write if is_writer else _to_read)
    event.listen(made, "connect", on_connect)
    event.listen(made, "begin", on_begin)
    return made


def _to_write(_dialect: object, _record: object, args: list[str], _options: dict[str, Any]) -> None:
    """SQLite itself would say no more than that it cannot open a file."""
    if Path(args[0]).exists() and not _is_writable(args[0]):
        raise Unwritable(faults.PROTECTED)


def _to_read(_dialect: object, _record: object, args: list[str], options: dict[str, Any]) -> None:
    """Open the file so that not one byte of it changes, nor anything is left beside it."""
    if not Path(args[0]).exists():
        raise Absent(faults.ABSENT.format(Path(args[0]).resolve()))
    args[0] = f"file:{quote(args[0])}?{_reading(args[0])}"
    options["uri"] = True


def _reading(name: str) -> str:
    """How SQLite is asked: https://www.sqlite.org/wal.html#read_only_databases."""
    if Path(f"{name}-wal").exists():
        if not Path(f"{name}-shm").exists() and not _is_writable(name):
            raise Unwritable(faults.CUT_OFF.format(name))
        return "mode=ro"  # else whoever closes the file last puts into it what stands beside it
    if _is_writable(name):
        return "mode=rw"  # with "ro" a -wal would be made and left
    # Without either of them nobody writes, and SQLite need not make a -wal to read.
    return "mode=ro" if Path(f"{name}-journal").exists() else "mode=ro&immutable=1"


def _is_writable(name: str) -> bool:
    return os.access(name, os.W_OK) and os.access(Path(name).parent, os.W_OK)


def _file(name: str | None) -> tuple[int, int] | None:
    """Which file has this name now; None where there is none."""
    try:
        found = os.stat(name or "")  # noqa: PTH116 (a tenth of the time, at each commit)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def log_ahead(connection: Connection) -> None:
    """Switch to the write-ahead log, so that readers and the writer do not wait for each other."""
    give_up_at = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        except OperationalError as error:
            # SQLite's own waiting does not cover two connections that switch a new file at once.
            if not faults.is_busy(error) or time.monotonic() > give_up_at:
                raise
            time.sleep(0.01)
        else:
            return


def _postgres(where: URL, *, is_writer: bool) -> Engine:
    made = create_engine(
        where,
        hide_parameters=True,  # as above
        pool_size=POOL,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        connect_args=connect_arguments(where),
    )

    def on_connect(connection: Any, _record: object) -> None:
        connection.autocommit = True
        connection.execute(f"SET lock_timeout = '{WAIT_SECONDS}s'")
        connection.autocommit = False
        connection.read_only = not is_writer

    event.listen(made, "connect", on_connect)
    return made
