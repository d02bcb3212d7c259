"""How is the database opened, written and read?"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import Context, copy_context
from functools import partial
from pathlib import Path
from typing import TypeVar

from filelock import FileLock
from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool

from storage import dialects, faults, owning
from storage.faults import (
    Absent,
    AlreadyOwned,
    LogBusy,
    SchemaOutdated,
    StorageError,
    Unanswered,
    Unwritable,
)
from storage.together import Job, Together

__all__ = [
    "Absent",
    "AlreadyOwned",
    "Database",
    "LogBusy",
    "SchemaOutdated",
    "StorageError",
    "Unanswered",
    "Unwritable",
]

T = TypeVar("T")
# Slack waits 3 s for an answer, and the person has to read why by then.
PATIENCE_SECONDS = 2.3
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
        # On Postgres several write at once, and the server puts their commits together.
        self._together = (
            Together(self._writers, self._write_threads, self._held) if self.is_sqlite else None
        )
        self._lock: FileLock | None = None
        self._held_until = 0.0
        self.on_write: Callable[[float, BaseException | None], None] = lambda _seconds, _error: None

    @classmethod
    def open(cls, url: str) -> Database:
        """Open `sqlite:///file` or `postgresql://...`; nothing is written yet, no folder made.

        Raises:
            StorageError: it is neither, or the driver for Postgres is not installed.
        """
        return cls(dialects.address(url))

    @property
    def path(self) -> Path | None:
        """The SQLite file; None on Postgres."""
        return Path(self._address.database or "") if self.is_sqlite else None

    async def write(
        self,
        work: Callable[[Connection], T],
        patience: float | None = None,
        *,
        is_passing: bool = False,
        then: Callable[[T], None] | None = None,
    ) -> T:
        """Run `work` in one transaction on a database thread; it is on disk when this returns.

        Whatever `work` raises rolls back. It may run up to three times, so it must not act outside.
        Who stops waiting does not stop it. `patience` in seconds; None waits as long as it takes.
        One that is passing goes before most of those that wait for the one writer of SQLite.
        `then` is called on this loop with what came of it, once it is on disk, though nobody waits
        any more.

        Raises:
            Unwritable, LogBusy: nothing was changed.
            Unanswered: patience is over and it is under way, or the connection broke in the commit;
                it may be taken all the same.
        """
        began_at, fault = time.perf_counter(), None
        try:
            # In the caller's context, so that what is logged and owed there knows its request.
            job = self._queued(work, copy_context(), is_passing)
            if then:
                _call_back(job, then)
            return await _answer(job, patience)
        except BaseException as error:
            fault = error
            raise
        finally:
            self.on_write(time.perf_counter() - began_at, fault)

    async def read(self, work: Callable[[Connection], T], patience: float | None = None) -> T:
        """Run a query on a connection of its own, which holds up no writer and changes no byte.

        Raises:
            Absent: there is no such SQLite file.
            Unwritable, LogBusy, Unanswered: it could not be read.
        """
        try:
            job = self._read_threads.submit(self.read_now, work)
        except RuntimeError as error:
            raise Unwritable(faults.CLOSED) from error
        return await _answer(job, patience)

    def write_in_turn(self, work: Callable[[Connection], T]) -> T:
        """As `write`, for a thread of the caller's that waits for its turn among the writers."""
        return self._write_threads.submit(self._write_in_turn, work, time.monotonic()).result()

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """As `write`, on the caller's thread."""
        return _attempt(self._writers, work, "written")

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """As `read`, on the caller's thread."""
        return _attempt(self._readers, work, "read")

    def _queued(
        self, work: Callable[[Connection], T], context: Context, is_passing: bool
    ) -> Future[T]:
        turn = partial(self._write_in_turn, work, time.monotonic())
        alone = partial(context.run, turn)
        try:
            if self._together:
                return self._together.submit(Job(work, alone, context, is_passing))
            return self._write_threads.submit(alone)
        except RuntimeError as error:  # what still comes in while the process ends
            raise Unwritable(faults.CLOSED) from error

    def _held(self, error: DBAPIError | PoolTimeout) -> None:
        """Those that wait already have waited long enough, if another program holds the file."""
        if isinstance(error, DBAPIError) and isinstance(faults.meaning(error, "written"), LogBusy):
            self._held_until = time.monotonic()

    def _write_in_turn(self, work: Callable[[Connection], T], asked_at: float) -> T:
        if asked_at < self._held_until:
            # It waited while the one before it found the file held; its person waits no longer.
            raise LogBusy(faults.BUSY)
        try:
            return self.write_now(work)
        except LogBusy:
            if self.is_sqlite:
                self._held_until = time.monotonic()
            raise

    def make(self) -> None:
        """Make a SQLite file and its folder, or fit one that is there for many beside a writer.

        Raises:
            Unwritable, LogBusy: it is not made.
        """
        if self.path:
            owning.make_folder(self.path)
            with self.unwrapped() as connection:
                dialects.log_ahead(connection)

    def own(self) -> None:
        """Keep other bots off a SQLite file until `close`; readers beside it are welcome.

        Raises:
            AlreadyOwned: a bot works on it already.
            Unwritable, LogBusy: the lock beside the file cannot be made, or the file.
        """
        if self.path:
            self._lock = owning.lock(self.path)
            self.make()

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that sees one moment only, however long it reads; it holds up no writer.

        Raises:
            Unwritable, LogBusy: it could not be read.
        """
        try:
            with self._readers.connect() as connection:
                if not self.is_sqlite:  # which knows nothing else
                    connection.execution_options(isolation_level="REPEATABLE READ")
                yield connection
        except PoolTimeout as error:
            raise LogBusy(faults.BUSY) from error
        except DBAPIError as error:
            if known := faults.meaning(error, "read"):
                raise known from error
            raise

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
        self._readers.dispose()
        self._writers.dispose()  # the last, who puts what is in the -wal into the file
        if self._lock is not None:
            self._lock.release()
            self._lock = None


async def _answer(job: Future[T], patience: float | None) -> T:
    answer = asyncio.wrap_future(job)
    if patience is None:
        return await answer
    answer.add_done_callback(lambda late: late.cancelled() or late.exception())
    done, _ = await asyncio.wait({answer}, timeout=patience)
    if done:
        return answer.result()
    if job.cancel():
        raise LogBusy(faults.BUSY)  # it had not begun
    raise Unanswered(faults.SILENT)


def _call_back(job: Future[T], then: Callable[[T], None]) -> None:
    loop = asyncio.get_running_loop()

    def tell(done: Future[T]) -> None:
        if not (done.cancelled() or done.exception()):
            with contextlib.suppress(RuntimeError):  # the loop is closed: the process ends
                loop.call_soon_threadsafe(then, done.result())

    job.add_done_callback(tell)


def _attempt(engine: Engine, work: Callable[[Connection], T], verb: str) -> T:
    is_unsure = False
    for tries_left in reversed(range(_TRIES)):
        is_committing = False
        try:
            with engine.begin() as connection:
                done = work(connection)
                is_committing = True
            return done
        except PoolTimeout as error:
            raise (Unanswered if is_unsure else LogBusy)(faults.BUSY) from error
        except DBAPIError as error:
            # The commit may have been the last thing that the server did.
            is_unsure |= is_committing and error.connection_invalidated
            if tries_left and faults.is_transient(error):
                _before_once_more(engine, error)
                continue
            if known := faults.meaning(error, verb):
                raise (Unanswered(known.sentence) if is_unsure else known) from error
            raise
    raise AssertionError("the last try returns or raises")


def _before_once_more(engine: Engine, error: DBAPIError) -> None:
    if faults.is_demoted(error):
        engine.dispose()
    # Apart from each other, else the same two meet again at once.
    time.sleep(random.uniform(*_PAUSE_SECONDS))
