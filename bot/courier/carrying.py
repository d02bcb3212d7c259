"""How is what is owed claimed, carried out in lanes, and settled?"""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.core import ids
from bot.core.failures import Away, Permanent, Retryable, TooFast, Unknown
from bot.slack import pacing, reach
from bot.slack.calls import HOLDS
from bot.slack.effects import Owed
from storage import outbox
from storage.db import Database, StorageError

LEASE = timedelta(seconds=30)  # longer than the calls of one effect may take together
SETTLING = timedelta(seconds=2)  # how long a call that was cut off may still take effect
_ATTEMPT_LIMIT_SECONDS = 25.0  # well inside the lease: nobody else may hold the row meanwhile
_AT_ONCE = 256  # 20 declares at once owe 120 calls as soon as their rooms are open
_AFTER_ACK_SECONDS = 0.001
_SWEEP_SECONDS = 1.0  # catches what other processes wrote
_REST_SECONDS = 0.025  # after a turn in vain: what is written a hundred times a second is one turn
_FINISH_SECONDS = 2.5  # the whole process has 5 s to end in
_LONGEST_WAIT = timedelta(minutes=2)
_PACE_KEPT = timedelta(hours=1)  # longer than any limit takes to be whole again
_log = structlog.get_logger()

Deliver = Callable[[outbox.Claimed], Awaitable[dict[str, Any] | None]]
Draws = Callable[[Owed], Sequence[pacing.Draw]]
Tell = Callable[[Sequence[outbox.Lost]], Awaitable[None]]
Settled: TypeAlias = outbox.Done | outbox.Later | outbox.Failed


@dataclass
class Tally:
    """What this courier did since it started."""

    delivered: int = 0
    put_off: int = 0
    failed: int = 0


class Courier:
    """Claims what is owed, carries it out in parallel lanes, and settles in groups."""

    def __init__(
        self, database: Database, clock: Clock, deliver: Deliver, draws: Draws, tell_lost: Tell
    ) -> None:
        self._database = database
        self._clock = clock
        self._deliver = deliver
        self._draws = draws
        self._tell_lost = tell_lost
        self._worker = outbox.Worker(secrets.token_hex(8), LEASE)
        self._wake = asyncio.Event()
        self._came_back = asyncio.Event()
        self._settled: list[Settled] = []
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._held_until: dict[int, datetime] = {}
        self._reach = reach.Reach(SETTLING)
        self._is_stopping = False
        self.tally = Tally()

    def wake(self) -> None:
        """Something may be owed now; may be called from any listener on the same loop."""
        # Claiming at once would fight the listener for the interpreter, and its ack comes first.
        asyncio.get_running_loop().call_later(_AFTER_ACK_SECONDS, self._wake.set)

    async def run(self, *, is_only_owner: bool) -> None:
        """Work until `stop`. The only owner of a database takes over what its past self held."""
        while not (self._is_stopping or await self._took_over(is_only_owner)):
            await _until(self._wake, _SWEEP_SECONDS)
        while not self._is_stopping:
            wait, is_in_vain = await self._turn()
            if is_in_vain and not self._is_stopping:
                await _until(self._came_back, min(wait, _REST_SECONDS))
            if not (self._settled or self._is_stopping):
                await _until(self._wake, wait)

    async def stop(self) -> None:
        """Finish what is under way, settle it, and hand back what could not be finished."""
        self._is_stopping = True
        self._came_back.set()
        self._wake.set()
        if self._under_way:
            _, unfinished = await asyncio.wait(self._under_way.values(), timeout=_FINISH_SECONDS)
            for task in unfinished:
                task.cancel()
        try:
            await self._exchange(limit=0)
            await self._database.write(
                lambda conn: outbox.hand_back(conn, self._worker.name, self._clock.now(), SETTLING)
            )
        except StorageError as error:  # its leases end by themselves
            _log.warning("courier.not_handed_back", reason=error.sentence)

    async def _took_over(self, is_only_owner: bool) -> bool:
        """Whether what lay there could be made ready; a database may be away at the start."""
        now = self._clock.now()

        def work(conn: Connection) -> None:
            if is_only_owner:
                outbox.release(conn, now, SETTLING)
            outbox.forget_paces(conn, now - _PACE_KEPT)

        try:
            await self._database.write(work)
        except StorageError as error:
            _log.warning("courier.storage", reason=error.sentence)
            return False
        return True

    async def _turn(self) -> tuple[float, bool]:
        """One round of settling and claiming.

        The seconds until the next row may be due, and whether there was nothing to do at all.
        """
        is_idle = not self._settled
        try:
            claimed, lost, next_at = await self._exchange(_AT_ONCE - len(self._under_way))
        except StorageError as error:
            _log.warning("courier.storage", reason=error.sentence)
            return _SWEEP_SECONDS, False
        except Exception:  # noqa: BLE001 (a fault of one turn must not end all deliveries)
            _log.exception("courier.fault")
            return _SWEEP_SECONDS, False
        for row in claimed:
            self._begin(row)
        if lost:
            await self._tell(lost)
        is_in_vain = is_idle and not (claimed or lost)
        if next_at is None or len(self._under_way) >= _AT_ONCE:
            return _SWEEP_SECONDS, is_in_vain
        seconds = (next_at - self._clock.now()).total_seconds()
        return min(_SWEEP_SECONDS, max(0.0, seconds)), is_in_vain

    def _begin(self, row: outbox.Claimed) -> None:
        task = asyncio.create_task(self._attempt(row))
        before = self._under_way.get(row.id)
        if before:
            before.cancel()  # its claim was lost: this one looks first whether it did it
        self._under_way[row.id] = task
        task.add_done_callback(lambda done: self._end(row.id, done))

    def _end(self, row_id: int, task: asyncio.Task[None]) -> None:
        if self._under_way.get(row_id) is task:
            del self._under_way[row_id]
            self._held_until.pop(row_id, None)

    async def _exchange(
        self, limit: int
    ) -> tuple[list[outbox.Claimed], list[outbox.Lost], datetime | None]:
        """Settle what came back and claim what is due, in one commit."""
        self._wake.clear()
        self._came_back.clear()
        settled, self._settled = self._settled, []
        is_regained, self._reach.is_regained = self._reach.is_regained, False
        about = [row_id for row_id in self._under_way if row_id not in {one.id for one in settled}]

        def work(
            conn: Connection,
        ) -> tuple[list[outbox.Claimed], list[outbox.Lost], datetime | None, list[int]]:
            now = self._clock.now()
            worker = self._worker
            lost = outbox.settle(conn, worker.name, settled, now) if settled else []
            # A clock that people put forward must not end the leases of what is on its way.
            held = outbox.hold(conn, worker, about, now)
            if is_regained:
                outbox.open_pace(conn, reach.SLACK)
            claimed = outbox.claim(conn, worker, now, limit, self._tolls) if limit > 0 else []
            return claimed, lost, outbox.next_at(conn, now), held

        until = self._clock.now() + LEASE
        try:
            claimed, lost, next_at, held = await self._database.write(work)
        except BaseException:
            self._settled = settled + self._settled  # what was delivered must not be forgotten
            self._reach.is_regained = self._reach.is_regained or is_regained
            raise
        mine = {*held} & self._under_way.keys() | {row.id for row in claimed}
        self._held_until |= dict.fromkeys(mine, until)
        return claimed, lost, next_at

    async def _attempt(self, row: outbox.Claimed) -> None:
        HOLDS.set(lambda: self._clock.now() < self._held_until[row.id])
        outcome = await self._outcome(row)  # first: meanwhile the list is swapped for a new one
        self._settled.append(outcome)
        self._came_back.set()
        self._wake.set()

    async def _outcome(self, row: outbox.Claimed) -> Settled:
        try:
            async with asyncio.timeout(_ATTEMPT_LIMIT_SECONDS):
                value = await self._deliver(row)
        except Permanent as error:
            self.tally.failed += 1
            self._answered(row)
            _log.warning("outbox.refused", reason=str(error))
            return outbox.Failed(row.id, row.attempts, row.version, str(error))
        except (Retryable, TimeoutError) as error:
            return self._later(row, error)
        except Exception as error:  # noqa: BLE001 (one broken row must not stop the others)
            _log.exception("outbox.bug")
            self.tally.failed += 1
            reason = f"a fault of ours: {type(error).__name__}"
            return outbox.Failed(row.id, row.attempts, row.version, reason)
        self.tally.delivered += 1
        self._answered(row)
        return outbox.Done(row.id, row.attempts, row.version, value)

    def _answered(self, row: outbox.Claimed) -> None:
        if _is_for_slack(row):
            self._reach.answered()

    def _later(self, row: outbox.Claimed, error: Retryable | TimeoutError) -> outbox.Later:
        self.tally.put_off += 1
        now = self._clock.now()
        is_unknown = isinstance(error, Unknown | TimeoutError)
        after = error.after if isinstance(error, Retryable) else None
        if after is None:
            after = min(_LONGEST_WAIT, SETTLING * 2 ** min(row.attempts - 1, 6))
            after *= random.uniform(1.0, 1.25)  # noqa: S311 (spreads retries, hides nothing)
        reason = str(error) or "Slack did not answer in time"
        _log.info("outbox.later", reason=reason, seconds=after.total_seconds())
        shut = self._shut(row, error, now + after)
        uncertain = is_unknown or row.is_uncertain
        return outbox.Later(row.id, row.attempts, now + after, reason, uncertain, shut)

    def _shut(
        self, row: outbox.Claimed, error: Exception, at: datetime
    ) -> tuple[str, datetime] | None:
        """Which bucket has nothing to give for a while, and until when."""
        if isinstance(error, TooFast):
            return pacing.bucket(error.method, row), at
        is_missed = isinstance(error, Unknown | Away | TimeoutError)
        if not (is_missed and _is_for_slack(row)):
            return None
        until = self._reach.missed(self._clock.now())
        return (reach.SLACK, until) if until else None

    def _tolls(self, row: outbox.Claimed) -> list[outbox.Toll]:
        """What it takes of the pace of all workers; what is not for Slack takes nothing."""
        tolls = [outbox.Toll(one.bucket, one.every, one.at_once) for one in self._draws(row)]
        if _is_for_slack(row) and (every := self._reach.trial_every()):
            tolls.append(outbox.Toll(reach.SLACK, every))
        return tolls

    async def _tell(self, lost: Sequence[outbox.Lost]) -> None:
        try:
            await self._tell_lost(lost)
        except Exception:  # noqa: BLE001 (telling of a loss must not stop the deliveries)
            _log.exception("outbox.loss_not_told")


def _is_for_slack(row: outbox.Claimed) -> bool:
    """Whether Slack hears of it; slots are drawn here, and pagers are elsewhere."""
    return row.kind != "send" and ids.drawn(row.name) is None


async def _until(bell: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await bell.wait()
