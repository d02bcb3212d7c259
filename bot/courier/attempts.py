"""What came of one attempt to bring something?"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

import structlog

from bot.clock import Clock
from bot.core import ids
from bot.core.failures import Away, Permanent, Retryable, TooFast, Unknown
from bot.courier.doubts import Doubts, Heard
from bot.slack import pacing
from bot.slack.calls import HEARD
from bot.slack.effects import Owed
from bot.slack.reach import Reach
from storage import outbox

_LIMIT_SECONDS = 25.0  # well inside the lease: nobody else may hold the row meanwhile
_LONGEST_WAIT = timedelta(minutes=2)
_log = structlog.get_logger()

Deliver = Callable[[outbox.Claimed], Awaitable[dict[str, Any] | None]]
Draws = Callable[[Owed], Sequence[pacing.Draw]]
Settled: TypeAlias = outbox.Done | outbox.Later | outbox.Failed


@dataclass
class Tally:
    """What this courier did since it started."""

    delivered: int = 0
    put_off: int = 0
    failed: int = 0


class Attempts:
    """Carries things out one by one, and says how each is to be settled."""

    def __init__(self, clock: Clock, deliver: Deliver) -> None:
        self._clock = clock
        self._deliver = deliver
        self._doubts = Doubts()
        self.reach = Reach(outbox.SETTLING)
        self.tally = Tally()

    async def outcome(self, row: outbox.Claimed) -> Settled:
        """Carry it out; what it came to."""
        if row.is_torn:
            return self._failed(row, "it cannot be read")
        # Given up before it is made once more: no call of it is cut off then, whatever follows.
        if given_up := self._doubts.against(row, self._clock.now()):
            self._doubts.ended(row, ())
            _log.warning("outbox.given_up", reason=given_up)
            return self._failed(row, given_up)
        heard: list[tuple[str, bool]] = []
        HEARD.set(lambda method, is_answered: heard.append((method, is_answered)))
        return await self._carried_out(row, heard)

    async def _carried_out(self, row: outbox.Claimed, heard: Heard) -> Settled:
        try:
            async with asyncio.timeout(_LIMIT_SECONDS):
                value = await self._deliver(row)
        except Permanent as error:
            self._answered(row, heard)
            _log.warning("outbox.refused", reason=str(error))
            return self._failed(row, str(error))
        except (Retryable, TimeoutError) as error:
            return self._later(row, heard, error)
        except Exception as error:  # noqa: BLE001 (one broken row must not stop the others)
            _log.exception("outbox.bug")
            return self._failed(row, f"a fault of ours: {type(error).__name__}")
        self.tally.delivered += 1
        self._answered(row, heard)
        return outbox.Done(row.id, row.attempts, row.version, value)

    def _failed(self, row: outbox.Claimed, reason: str) -> outbox.Failed:
        self.tally.failed += 1
        return outbox.Failed(row.id, row.attempts, row.version, reason)

    def _answered(self, row: outbox.Claimed, heard: Heard) -> None:
        self._doubts.ended(row, heard)
        if is_for_slack(row):
            self.reach.answered()

    def _later(
        self, row: outbox.Claimed, heard: Heard, error: Retryable | TimeoutError
    ) -> outbox.Later:
        self.tally.put_off += 1
        now = self._clock.now()
        is_unknown = isinstance(error, Unknown | TimeoutError)
        after = error.after if isinstance(error, Retryable) else None
        if after is None:
            after = min(_LONGEST_WAIT, outbox.SETTLING * 2 ** min(row.attempts - 1, 6))
            after *= random.uniform(1.0, 1.25)  # noqa: S311 (spreads retries, hides nothing)
        reason = str(error) or "Slack did not answer in time"
        self._doubts.put_off(row, heard, reason if is_unknown else None, now)
        _log.info("outbox.later", reason=reason, seconds=after.total_seconds())
        if is_for_slack(row) and (is_unknown or isinstance(error, Away)):
            self.reach.missed(now)
        shut = None
        if isinstance(error, TooFast):
            shut = pacing.bucket(error.method, row), now + after
        uncertain = is_unknown or row.is_uncertain
        return outbox.Later(row.id, row.attempts, now + after, reason, uncertain, shut)


# What goes elsewhere, and slots, which are drawn here. A roll's turn may as well wait for Slack.
ELSEWHERE = outbox.Only(kinds=("send",), beginning=ids.SLOTS)


def is_for_slack(row: outbox.Claimed) -> bool:
    """Whether Slack hears of it; some is done here, and pagers are elsewhere."""
    return row.kind != "send" and not ids.is_ours(row.name)
