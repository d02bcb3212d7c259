"""How is the database opened, written and read?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool, QueuePool

T = TypeVar("T")
_POOL = 4
_TRIES = 3
_BUSY_MS = 5_000
_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",  # an ack has to survive a power cut
    "busy_timeout": str(_BUSY_MS),
    "foreign_keys": "ON",
    "recursive_triggers": "ON",  # else INSERT OR REPLACE would pass by the triggers on DELETE
    "secure_delete": "ON",  # erased words leave no bytes behind
}
_SQLITE_CAUSES = {
    "readonly": "the file is read-only",
    "disk is full": "the disk is full",
    "unable to open": "the file cannot be opened",
    "disk i/o": "the disk reports an error",
    "not a database": "the file is not a database",
    "malformed": "the file is damaged",
}
_POSTGRES_CAUSES = {
    "25006": "the server takes no writes",
    "53100": "the server's disk is full",
    "53300": "the server has no connection free",
}
_POSTGRES_AGAIN = {"40001", "40P01", "23505"}  # the second of two at once sees the first next time


class StorageError(Exception):
    """The database did not do it; nothing was changed."""

    @property
    def sentence(self) -> str:
        """What to tell a person."""
        return str(self)


class Unwritable(StorageError):
    """The database cannot be written or reached."""


class LogBusy(StorageError):
    """The database stayed locked for 5 s."""


class AlreadyOwned(StorageError):
    """Another bot works on the same file."""


class SchemaOutdated(StorageError):
    """The database has another schema than this version needs."""


class Database:
    """One SQLite file or one Postgres database."""

    def __init__(self, url: str, writers: Engine, readers: Engine) -> None:
        self.url = url
        self.is_sqlite = writers.dialect.name == "sqlite"
        self._writers = writers
        self._readers = readers
        self._write_threads = ThreadPoolExecutor(1 if self.is_sqlite else _POOL, "write")
        self._read_threads = ThreadPoolExecutor(_POOL, "read")
        self._lock: FileLock | None = None

    @classmethod
    def open(cls, url: str) -> Database:
        """Open `sqlite:///file` or `postgresql://...`; nothing is written yet.

        Raises:
            Unwritable: the folder of a SQLite file cannot be made.
        """
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            path = Path(address.database or "")
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise Unwritable(f"The folder {path.parent} cannot be made ({error}).") from error
            local = address.set(drivername="sqlite+pysqlite")
            return cls(url, _sqlite(local, is_writer=True), _sqlite(local, is_writer=False))
        remote = address.set(drivername="postgresql+psycopg")
        return cls(url, _postgres(remote, is_writer=True), _postgres(remote, is_writer=False))

    @property
    def path(self) -> Path | None:
        """The SQLite file; None on Postgres."""
        return Path(make_url(self.url).database or "") if self.is_sqlite else None

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction on a database thread; it is on disk when this returns.

        Whatever `work` raises rolls back. It may run more than once, so it must not act outside.

        Raises:
            Unwritable, LogBusy: nothing was changed.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._write_threads, self.write_now, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run a query on a connection of its own, which holds up no writer.

        Raises:
            Unwritable, LogBusy: it could not be read.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._read_threads, self.read_now, work)

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """As `write`, on the caller's thread."""
        return self._attempt(self._writers, work)

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """As `read`, on the caller's thread."""
        return self._attempt(self._readers, work)

    def own(self) -> None:
        """Keep other bots off a SQLite file until `close`; readers beside it are welcome.

        Raises:
            AlreadyOwned: a bot works on it already.
        """
        if self.path is None:
            return
        lock = FileLock(f"{self.path}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise AlreadyOwned(
                f"Another bot is running on {self.path}. Stop it, or set DATABASE_URL to another "
                "file; several bots at once take Postgres."
            ) from error
        self._lock = lock

    @contextlib.contextmanager
    def unwrapped(self) -> Iterator[Connection]:
        """A connection of its own outside any transaction, for what cannot run inside one."""
        address = make_url(self.url)
        driver = "sqlite+pysqlite" if self.is_sqlite else "postgresql+psycopg"
        options = {"timeout": _BUSY_MS / 1000} if self.is_sqlite else {"connect_timeout": 5}
        engine = create_engine(
            address.set(drivername=driver),
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args=options,
        )
        try:
            with engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise _meaning(error) from error
        finally:
            engine.dispose()

    def close(self) -> None:
        """Let everything go; what was committed stays."""
        self._write_threads.shutdown(wait=True)
        self._read_threads.shutdown(wait=True)
        self._writers.dispose()
        self._readers.dispose()
        if self._lock is not None:
            self._lock.release()

    def _attempt(self, engine: Engine, work: Callable[[Connection], T]) -> T:
        for tries_left in reversed(range(_TRIES)):
            try:
                with engine.begin() as connection:
                    return work(connection)
            except DBAPIError as error:
                if not (tries_left and _is_worth_another_try(error)):
                    raise _meaning(error) from error
        raise AssertionError("the last try returns or raises")


def _sqlite(address: Any, *, is_writer: bool) -> Engine:  # noqa: ANN401 (SQLAlchemy's URL)
    engine = create_engine(
        address,
        poolclass=QueuePool,
        # One connection, so that writers queue here and not in SQLite's busy loop.
        pool_size=1 if is_writer else _POOL,
        max_overflow=0,
        connect_args={"check_same_thread": False},
    )
    begin = "BEGIN IMMEDIATE" if is_writer else "BEGIN"

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 (a DBAPI connection)
        connection.isolation_level = None  # else pysqlite begins transactions when it likes
        for name, value in _PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")
        if not is_writer:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgres(address: Any, *, is_writer: bool) -> Engine:  # noqa: ANN401 (SQLAlchemy's URL)
    options: dict[str, Any] = {"connect_timeout": 5}
    if not is_writer:
        options["options"] = "-c default_transaction_read_only=on"
    return create_engine(address, pool_size=_POOL, max_overflow=0, connect_args=options)


def _is_worth_another_try(error: DBAPIError) -> bool:
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    return state in _POSTGRES_AGAIN


def _meaning(error: DBAPIError) -> Exception:
    """What a person can be told; a fault of ours stays what it is."""
    state = getattr(error.orig, "sqlstate", None)
    said = str(error.orig).lower()
    if "locked" in said or state == "55P03":
        return LogBusy("The log is busy and did not take it within 5 s.")
    if state in _POSTGRES_CAUSES:
        return Unwritable(f"The log cannot be written: {_POSTGRES_CAUSES[state]}.")
    for sign, cause in _SQLITE_CAUSES.items():
        if sign in said:
            return Unwritable(f"The log cannot be written: {cause}.")
    is_connection = error.connection_invalidated or state is None or state.startswith(("08", "57"))
    if (
        not isinstance(error, IntegrityError)
        and is_connection
        and "psycopg" in repr(type(error.orig))
    ):
        return Unwritable("The log cannot be reached: the database does not answer.")
    return error
