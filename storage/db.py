"""How is the database opened, written and read?"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool

from storage import dialects, faults
from storage.faults import AlreadyOwned, LogBusy, SchemaOutdated, StorageError, Unwritable

__all__ = [
    "AlreadyOwned",
    "Database",
    "LogBusy",
    "SchemaOutdated",
    "StorageError",
    "Unwritable",
]

T = TypeVar("T")
_TRIES = 3
_PAUSE_SECONDS = (0.005, 0.03)


class Database:
    """One SQLite file or one Postgres database."""

    def __init__(self, address: URL) -> None:
        self.url = address.render_as_string(hide_password=False)
        self.is_sqlite = address.get_backend_name() == "sqlite"
        self._address = address
        self._writers = dialects.engine(address, is_writer=True)
        self._readers = dialects.engine(address, is_writer=False)
        threads = 1 if self.is_sqlite else dialects.POOL
        self._write_threads = ThreadPoolExecutor(threads, "write")
        self._read_threads = ThreadPoolExecutor(dialects.POOL, "read")
        self._lock: FileLock | None = None
        self.on_write: Callable[[float, BaseException | None], None] = lambda _seconds, _error: None

    @classmethod
    def open(cls, url: str) -> Database:
        """Open `sqlite:///file` or `postgresql://...`; nothing is written yet.

        Raises:
            StorageError: it is neither, or the driver for Postgres is not installed.
            Unwritable: the folder of a SQLite file cannot be made.
        """
        return cls(dialects.address(url))

    @property
    def path(self) -> Path | None:
        """The SQLite file; None on Postgres."""
        return Path(self._address.database or "") if self.is_sqlite else None

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction on a database thread; it is on disk when this returns.

        Whatever `work` raises rolls back. It may run up to three times, so it must not act outside.
        Who stops waiting does not stop it.

        Raises:
            Unwritable, LogBusy: nothing was changed.
        """
        loop = asyncio.get_running_loop()
        began_at, fault = time.perf_counter(), None
        try:
            # In the caller's context, so that what is logged and owed there knows its request.
            return await loop.run_in_executor(
                self._write_threads, copy_context().run, self.write_now, work
            )
        except BaseException as error:
            fault = error
            raise
        finally:
            self.on_write(time.perf_counter() - began_at, fault)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run a query on a connection of its own, which holds up no writer.

        Raises:
            Unwritable, LogBusy: it could not be read.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._read_threads, self.read_now, work)

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """As `write`, on the caller's thread."""
        return _attempt(self._writers, work, "written")

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """As `read`, on the caller's thread."""
        return _attempt(self._readers, work, "read")

    def own(self) -> None:
        """Keep other bots off a SQLite file until `close`; readers beside it are welcome.

        Raises:
            AlreadyOwned: a bot works on it already.
            Unwritable: the lock beside the file cannot be made.
        """
        if self.path is None:
            return
        lock = FileLock(f"{self.path}.lock", thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise AlreadyOwned(
                f"Another bot is running on {self.path}. Stop it, or set DATABASE_URL to another "
                "file; several bots at once take Postgres."
            ) from error
        except OSError as error:
            raise Unwritable(f"{lock.lock_file} cannot be made ({error.strerror}).") from error
        self._lock = lock

    @contextlib.contextmanager
    def unwrapped(self) -> Iterator[Connection]:
        """A connection of its own outside any transaction, for what cannot run inside one.

        Raises:
            Unwritable, LogBusy: as `write`.
        """
        engine = create_engine(
            self._address,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args=dialects.connect_arguments(self._address),
        )
        try:
            with engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            if known := faults.meaning(error, "written"):
                raise known from error
            raise
        finally:
            engine.dispose()

    def close(self) -> None:
        """Let everything go, when what is under way is done; what was committed stays."""
        self._write_threads.shutdown(wait=True)
        self._read_threads.shutdown(wait=True)
        self._writers.dispose()
        self._readers.dispose()
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def _attempt(engine: Engine, work: Callable[[Connection], T], verb: str) -> T:
    for tries_left in reversed(range(_TRIES)):
        try:
            with engine.begin() as connection:
                return work(connection)
        except PoolTimeout as error:
            raise LogBusy(faults.BUSY) from error
        except DBAPIError as error:
            if tries_left and faults.is_transient(error):
                # Apart from each other, else the same two meet again at once.
                time.sleep(random.uniform(*_PAUSE_SECONDS))
                continue
            if known := faults.meaning(error, verb):
                raise known from error
            raise
    raise AssertionError("the last try returns or raises")
