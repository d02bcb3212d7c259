"""Who brings to Slack what is owed to it, in order and once, whatever dies when?"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.core.failures import Permanent, Retryable, Unknown
from storage import outbox
from storage.db import Database, StorageError

LEASE = timedelta(seconds=30)  # longer than the calls of one effect may take together
SETTLING = timedelta(seconds=2)  # how long a call that was cut off may still take effect
_ATTEMPT_LIMIT_SECONDS = 25.0  # well inside the lease: nobody else may hold the row meanwhile
_AT_ONCE = 256  # 20 declares at once owe 120 calls as soon as their rooms are open
_AFTER_ACK_SECONDS = 0.001
_SWEEP_SECONDS = 1.0  # catches what other processes wrote
_LONGEST_WAIT = timedelta(minutes=2)
_log = structlog.get_logger()

Deliver = Callable[[outbox.Claimed], Awaitable[dict[str, Any] | None]]
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

    def __init__(self, database: Database, clock: Clock, deliver: Deliver, tell_lost: Tell) -> None:
        self._database = database
        self._clock = clock
        self._deliver = deliver
        self._tell_lost = tell_lost
        self._worker = secrets.token_hex(8)
        self._wake = asyncio.Event()
        self._settled: list[Settled] = []
        self._under_way: set[asyncio.Task[None]] = set()
        self._is_stopping = False
        self.tally = Tally()

    def wake(self) -> None:
        """Something may be owed now; may be called from any listener on the same loop."""
        # Claiming at once would fight the listener for the interpreter, and its ack comes first.
        asyncio.get_running_loop().call_later(_AFTER_ACK_SECONDS, self._wake.set)

    async def run(self, *, is_only_owner: bool) -> None:
        """Work until `stop`. The only owner of a database takes over what its past self held."""
        if is_only_owner:
            await self._database.write(
                lambda conn: outbox.release(conn, self._clock.now(), SETTLING)
            )
        while not self._is_stopping:
            wait = await self._turn()
            if not (self._settled or self._is_stopping):
                await self._sleep(wait)

    async def stop(self) -> None:
        """Finish what is under way, settle it, and claim nothing more."""
        self._is_stopping = True
        self._wake.set()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=5)
        await self._exchange(limit=0)

    async def _turn(self) -> float:
        """One round of settling and claiming; the seconds until the next row may be due."""
        try:
            claimed, lost, next_at = await self._exchange(_AT_ONCE - len(self._under_way))
        except StorageError as error:
            _log.warning("courier.storage", reason=error.sentence)
            return _SWEEP_SECONDS
        except Exception:  # noqa: BLE001 (a fault of one turn must not end all deliveries)
            _log.exception("courier.fault")
            return _SWEEP_SECONDS
        for row in claimed:
            task = asyncio.create_task(self._attempt(row))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        if lost:
            await self._tell(lost)
        if next_at is None or len(self._under_way) >= _AT_ONCE:
            return _SWEEP_SECONDS
        return min(_SWEEP_SECONDS, max(0.0, (next_at - self._clock.now()).total_seconds()))

    async def _exchange(
        self, limit: int
    ) -> tuple[list[outbox.Claimed], list[outbox.Lost], datetime | None]:
        """Settle what came back and claim what is due, in one commit."""
        self._wake.clear()
        settled, self._settled = self._settled, []

        def work(
            conn: Connection,
        ) -> tuple[list[outbox.Claimed], list[outbox.Lost], datetime | None]:
            now = self._clock.now()
            lost = outbox.settle(conn, self._worker, settled, now) if settled else []
            claimed = outbox.claim(conn, self._worker, now, LEASE, limit) if limit > 0 else []
            return claimed, lost, outbox.next_at(conn, now)

        try:
            return await self._database.write(work)
        except BaseException:
            self._settled = settled + self._settled  # what was delivered must not be forgotten
            raise

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _attempt(self, row: outbox.Claimed) -> None:
        outcome = await self._outcome(row)  # first: meanwhile the list is swapped for a new one
        self._settled.append(outcome)
        self._wake.set()

    async def _outcome(self, row: outbox.Claimed) -> Settled:
        try:
            async with asyncio.timeout(_ATTEMPT_LIMIT_SECONDS):
                value = await self._deliver(row)
        except Permanent as error:
            self.tally.failed += 1
            _log.warning("outbox.refused", reason=str(error))
            return outbox.Failed(row.id, str(error))
        except (Retryable, TimeoutError) as error:
            return self._later(row, error)
        except Exception as error:  # noqa: BLE001 (one broken row must not stop the others)
            _log.exception("outbox.bug")
            self.tally.failed += 1
            return outbox.Failed(row.id, f"a fault of ours: {type(error).__name__}")
        self.tally.delivered += 1
        return outbox.Done(row.id, row.version, value)

    def _later(self, row: outbox.Claimed, error: Retryable | TimeoutError) -> outbox.Later:
        self.tally.put_off += 1
        is_unknown = isinstance(error, Unknown | TimeoutError)
        after = error.after if isinstance(error, Retryable) else None
        if after is None:
            after = min(_LONGEST_WAIT, SETTLING * 2 ** min(row.attempts - 1, 6))
            after *= random.uniform(1.0, 1.25)  # noqa: S311 (spreads retries, hides nothing)
        reason = str(error) or "Slack did not answer in time"
        _log.info("outbox.later", reason=reason, seconds=after.total_seconds())
        is_uncertain = is_unknown or row.is_uncertain
        return outbox.Later(row.id, self._clock.now() + after, reason, is_uncertain)

    async def _tell(self, lost: Sequence[outbox.Lost]) -> None:
        try:
            await self._tell_lost(lost)
        except Exception:  # noqa: BLE001 (telling of a loss must not stop the deliveries)
            _log.exception("outbox.loss_not_told")
