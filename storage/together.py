"""How do writes that wait for the one writer share a commit, each with a fate of its own?"""

from __future__ import annotations

import sqlite3
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.faults import Unwritable

_AT_MOST = 16
_SECONDS = 0.005  # who is first waits for the last of them
_PASSED_BY = 3  # about as many as one commit takes while all of them are busy


@dataclass(frozen=True)
class Job:
    """Something to write; `alone` does the same in a transaction of its own.

    One that is passing waits for the first few in the queue only.
    """

    work: Callable[[Connection], Any]
    alone: Callable[[], Any]
    context: Context
    is_passing: bool = False
    answer: Future[Any] = field(default_factory=Future)


class Together:
    """Takes jobs on one thread. Those that queue up meanwhile go to the disk in one commit.

    Most that raise wrote nothing before. Where one did, or the database itself refuses anything,
    nothing of the group is kept, and all of it is done again, each job alone.
    """

    def __init__(
        self,
        engine: Engine,
        thread: ThreadPoolExecutor,
        on_refused: Callable[[DBAPIError | PoolTimeout], None],
    ) -> None:
        self._engine = engine
        self._thread = thread
        self._on_refused = on_refused
        self._waiting: deque[Job] = deque()

    def submit(self, job: Job) -> Future[Any]:
        """Queue it; its answer comes when it is on disk.

        Raises:
            RuntimeError: the thread has ended.
        """
        place = _PASSED_BY if job.is_passing else len(self._waiting)
        self._waiting.insert(place, job)
        try:
            self._thread.submit(self._take)
        except RuntimeError:
            self._waiting.remove(job)
            raise
        return job.answer

    def _take(self) -> None:
        first = self._next()
        if first is None:
            return  # it went with others
        if not self._waiting:
            _answer(first, first.alone)
            return
        answers = self._grouped(first)
        for job, answer in answers:
            _answer(job, answer)

    def _next(self) -> Job | None:
        while self._waiting:
            job = self._waiting.popleft()
            if job.answer.set_running_or_notify_cancel():
                return job
        return None

    def _grouped(self, first: Job) -> list[tuple[Job, Callable[[], Any]]]:
        """What came of each job, once all that did not raise are on disk."""
        begun: list[Job] = []
        answers: list[tuple[Job, Callable[[], Any]]] = []
        until = time.monotonic() + _SECONDS
        job: Job | None = first
        try:
            with self._engine.begin() as connection:
                while job:
                    begun.append(job)
                    answers.append((job, _within(connection, job)))
                    is_full = len(begun) == _AT_MOST or time.monotonic() > until
                    job = None if is_full else self._next()
        except (DBAPIError, PoolTimeout) as error:
            self._on_refused(error)
        except (_TookBack, Unwritable):
            pass
        else:
            return answers
        return [(one, one.alone) for one in begun or [first]]


class _TookBack(Exception):  # noqa: N818 (it is no fault)
    """A job wrote something and wants none of it kept."""


def _within(connection: Connection, job: Job) -> Callable[[], Any]:
    before = _changes(connection)
    try:
        value = job.context.run(job.work, connection)
    except (DBAPIError, PoolTimeout):
        raise
    except BaseException as error:
        if _changes(connection) != before:  # rare, and a savepoint for each would cost all of them
            raise _TookBack from error
        return _raising(error)
    return lambda: value


def _changes(connection: Connection) -> int:
    """How many rows this connection to SQLite ever changed."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver.total_changes


def _raising(error: BaseException) -> Callable[[], Any]:
    def raised() -> Any:  # noqa: ANN401 (it never answers)
        raise error

    return raised


def _answer(job: Job, answer: Callable[[], Any]) -> None:
    try:
        value = answer()
    except BaseException as error:  # noqa: BLE001 (it is its caller's)
        job.answer.set_exception(error)
    else:
        job.answer.set_result(value)
