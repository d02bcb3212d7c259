"""What is done when time passes, with nobody asking?"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.engine import Engine, NotWritten
from bot.readiness import Pulse

# Slack repeats an event for an hour at most, and with Delayed Events for a day.
KEPT = timedelta(days=3)
_HOUR = timedelta(hours=1)
_MADE_UP_FOR = timedelta(hours=1)  # a restart takes less; what is of the morning is old at noon
_WHILE_OTHERS_RING = timedelta(milliseconds=25)
_SWEEP_SECONDS = 5.0  # catches what other processes wrote
_ROLLS_FOR_SECONDS = 600.0  # by then an upgrade has replaced the last process
_FINISH_SECONDS = 1.0  # what is broken off rings again: it was not committed
_log = structlog.get_logger()


@dataclass(frozen=True)
class Daily:
    """Something done once a day: when next after a moment (None: never), and what.

    A moment that passed while nobody was there is made up for within the hour, so `run` is asked
    again for one that it was run for already, and does nothing then.
    """

    name: str
    next_at: Callable[[datetime], datetime | None]
    run: Callable[[datetime], Awaitable[None]]


@contextlib.asynccontextmanager
async def ticking(
    engine: Engine, clock: Clock, dailies: Sequence[Daily] = (), pulse: Pulse | None = None
) -> AsyncIterator[AsyncIOScheduler]:
    """The scheduler at work; it lives in memory, and what is due stands in the database.

    `pulse` beats with each sweep.
    """
    # APScheduler drops a job that is a second late, or whose last run goes on, unless told not to.
    scheduler = AsyncIOScheduler(
        timezone="UTC",
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 10},
    )
    bell = _Bell(engine, clock, scheduler, dailies)
    if pulse:
        bell.pulse = pulse
    forget = partial(forget_requests, engine)
    scheduler.add_job(bell.begin, "interval", (forget,), seconds=_HOUR.total_seconds())
    scheduler.add_job(bell.ring, "interval", seconds=_SWEEP_SECONDS, id="sweep")
    scheduler.start()
    engine.bells.on_due(bell.arm)
    clock.on_move(bell.wake)
    reckoning = asyncio.create_task(reckon_anew(engine))
    bell.wake()
    try:
        yield scheduler
    finally:
        reckoning.cancel()  # it takes minutes where there is much, and begins again next time
        scheduler.shutdown(wait=False)
        await bell.stop()


class _Bell:
    """Rings incidents at the moment they asked for; one job stands at the earliest."""

    def __init__(
        self, engine: Engine, clock: Clock, scheduler: AsyncIOScheduler, dailies: Sequence[Daily]
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._scheduler = scheduler
        self._armed_at: datetime | None = None
        since = clock.now() - _MADE_UP_FOR
        self._dailies = {daily: daily.next_at(since) for daily in dailies}
        self._is_ringing = False
        self._is_wanted = False
        self._is_stopped = False
        self._under_way: set[asyncio.Task[None]] = set()
        self.pulse = Pulse()

    def arm(self, at: datetime) -> None:
        """Ring at this moment, unless something is to ring earlier anyway."""
        if self._is_stopped:
            return
        if self._armed_at is None or at < self._armed_at:
            self._armed_at = at
            run_date = self._clock.wall(at)
            self._scheduler.add_job(
                self.ring, "date", run_date=run_date, id="bell", replace_existing=True
            )

    def wake(self) -> None:
        """Look now: the clock was moved, or the process has just begun."""
        if self._is_stopped:
            return
        self._armed_at = None
        self._scheduler.add_job(self.ring, "date", id="bell", replace_existing=True)

    async def ring(self) -> None:
        """Begin to sweep."""
        await self.begin(self.sweep)

    async def begin(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begin something as a task of ours: the scheduler would break its own off at its end."""
        task = asyncio.create_task(work())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def stop(self) -> None:
        """Let what is under way come to its end."""
        self._is_stopped = True
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_FINISH_SECONDS)

    async def sweep(self) -> None:
        """Ring what is due, then wait for the earliest that is left."""
        # Two sweeps at once would ring the same incidents; the second only says: once more.
        self._is_wanted = True
        if self._is_ringing or self._is_stopped:
            return
        self._is_ringing = True
        try:
            while self._is_wanted:
                self._is_wanted = False
                await self._ring_all()
        except NotWritten as error:  # which whoever asks the database hears too
            self.pulse.beat()
            _log.warning("bell.not_rung", reason=str(error))
        finally:
            self._is_ringing = False

    async def _ring_all(self) -> None:
        # Before it reads: what is committed meanwhile may be due before all that it reads.
        self._armed_at = None
        next_at = await self._engine.next_due_at()
        while next_at and next_at <= self._clock.now() and not self._is_stopped:
            self.pulse.beat()
            count, next_at = await self._rung()
            if count == 0:  # another process has them; they are due until it commits
                next_at = self._clock.now() + _WHILE_OTHERS_RING
        await self._run_dailies(self._clock.now())
        self.pulse.beat()
        soonest = self._clock.now() + timedelta(milliseconds=1)
        to_come = [at for at in self._dailies.values() if at and at > self._clock.now()]
        for at in filter(None, [next_at, *to_come]):
            self.arm(max(at, soonest))

    async def _rung(self) -> tuple[int, datetime | None]:
        """Ring what is due; a fault in one incident must not silence the others."""
        try:
            return await self._engine.ring_due()
        except NotWritten:
            raise
        except Exception:  # noqa: BLE001 (it shows again below, with its number)
            numbers = await self._engine.due(self._clock.now())
        for number in numbers:
            if not self._is_stopped:
                await self._ring(number)
        return len(numbers), await self._engine.next_due_at()

    async def _ring(self, number: int) -> None:
        try:
            with structlog.contextvars.bound_contextvars(request=secrets.token_hex(6)):
                await self._engine.ring(number)
        except NotWritten:
            raise
        except Exception:  # noqa: BLE001 (one incident's fault must not silence the others)
            _log.exception("bell.bug", number=number)
            await self._engine.put_off(number)

    async def _run_dailies(self, now: datetime) -> None:
        for daily, at in self._dailies.items():
            if at is None or at > now:
                continue
            try:
                await daily.run(_last(daily, at, now))
            except NotWritten as error:
                _log.warning("daily.not_run", daily=daily.name, reason=str(error))
                continue  # the next sweep tries again
            except Exception:  # noqa: BLE001 (its fault must not silence the bell)
                _log.exception("daily.bug", daily=daily.name)
            self._dailies[daily] = daily.next_at(now)


def _last(daily: Daily, at: datetime, now: datetime) -> datetime:
    """Of the moments that were missed the last; nobody reads of those before it any more."""
    while (after := daily.next_at(at)) is not None and after <= now:
        at = after
    return at


async def reckon_anew(engine: Engine) -> None:
    """Once after the start: the policy may be another, and so are the deadlines then."""
    try:
        await engine.reckon_anew(_ROLLS_FOR_SECONDS)
    except NotWritten as error:
        _log.warning("deadlines.not_reckoned", reason=str(error))


async def forget_requests(engine: Engine) -> None:
    """Keep the inbox small."""
    try:
        count = await engine.forget_requests(KEPT)
    except NotWritten as error:
        _log.warning("inbox.not_pruned", reason=str(error))
    else:
        _log.info("inbox.pruned", count=count)
