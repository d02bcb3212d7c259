"""What does whoever runs the bot get to see of its work?"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from prometheus_client.core import Metric
from sqlalchemy import Connection
from structlog.contextvars import bind_contextvars

from bot import metrics
from bot.core.failures import Permanent, Retryable, Unknown
from bot.core.incident import OPEN
from bot.courier import Deliver
from runbooks.model import Policy
from storage import lookup, outbox
from storage.db import Database, StorageError

_STATES = ("pending", "claimed", "failed", "undeliverable")
_log = structlog.get_logger()
_UNRATED = "unrated"
_READ_SECONDS = 5.0
_SUBJECT = re.compile(r"^(?:incident|talk)/(\d+)$")
# The first that fits says what came of an attempt.
_OUTCOMES: tuple[tuple[type[BaseException], str], ...] = (
    (Permanent, "refused"),
    (Unknown, "unknown"),
    (Retryable, "put_off"),
    (TimeoutError, "unknown"),
    (asyncio.CancelledError, "unknown"),  # the courier waits no longer
)


@dataclass(frozen=True)
class Standing:
    """What stands in the database at a moment."""

    at: datetime
    depths: Sequence[outbox.Depth]
    open_by_rank: dict[int | None, int]

    def oldest_seconds(self, *states: str) -> float:
        """The age of the oldest thing in one of these states; 0 when there is none."""
        ages = [(self.at - one.since).total_seconds() for one in self.depths if one.state in states]
        return max((0.0, *ages))

    def rows(self, *states: str) -> int:
        """How many things are in one of these states."""
        return sum(one.rows for one in self.depths if one.state in states)


def counted(deliver: Deliver) -> Deliver:
    """The same deliveries, with each attempt counted and its log lines named."""

    async def carry(owed: outbox.Claimed) -> dict[str, Any] | None:
        effect = effect_of(owed)
        about = _SUBJECT.match(owed.subject or "")
        bind_contextvars(
            request=owed.body.pop(outbox.REQUEST, None),
            incident=int(about[1]) if about else None,
            effect=effect,
            owed=owed.id,
            attempt=owed.attempts,
        )
        if owed.attempts > 1:
            metrics.RETRIES.labels(effect).inc()
        began_at, outcome = time.perf_counter(), "delivered"
        try:
            return await deliver(owed)
        except BaseException as error:
            outcome = next((name for kind, name in _OUTCOMES if isinstance(error, kind)), "bug")
            raise
        finally:
            seconds = time.perf_counter() - began_at
            metrics.DELIVERIES.labels(effect, outcome).observe(seconds)
            _log.debug("delivery", outcome=outcome, milliseconds=round(seconds * 1000, 1))

    return carry


def effect_of(owed: outbox.Claimed) -> str:
    """The kind of effect in the code's own words, such as `post`, `keep.topic`, `call.invite`."""
    detail = {"call": "effect", "keep": "shape"}.get(owed.kind)
    return f"{owed.kind}.{owed.body[detail]}" if detail else owed.kind


def standing(conn: Connection, now: datetime) -> Standing:
    """What is owed and open; private incidents and tests are not counted."""
    return Standing(now, outbox.depths(conn), lookup.public_by_rank(conn, OPEN))


async def page(database: Database, policy: Policy, now: datetime) -> bytes:
    """What Prometheus reads; without the figures of the database when it does not answer."""
    try:
        async with asyncio.timeout(_READ_SECONDS):
            read = await database.read(lambda conn: standing(conn, now))
    except (StorageError, TimeoutError):
        return metrics.page([_up(is_up=False)])
    return metrics.page([_up(is_up=True), *_figures(read, policy)])


def _up(*, is_up: bool) -> Metric:
    values = [("log", float(is_up))]
    return metrics.gauge("warroom_database_up", "1 when the log can be read.", "name", values)


def _figures(read: Standing, policy: Policy) -> list[Metric]:
    labels = {one.rank: one.label for one in policy.severities.severities}
    ranks: list[int | None] = [*labels, None]
    return [
        metrics.gauge(
            "warroom_outbox_rows",
            "What is owed and not delivered, by state.",
            "state",
            [(state, read.rows(state)) for state in _STATES],
        ),
        metrics.gauge(
            "warroom_outbox_oldest_seconds",
            "The age of the oldest thing owed, by state; 0 when there is none.",
            "state",
            [(state, read.oldest_seconds(state)) for state in _STATES],
        ),
        metrics.gauge(
            "warroom_open_incidents",
            "Open incidents by severity; private ones and tests are not counted.",
            "severity",
            [
                (labels.get(rank, _UNRATED) if rank is not None else _UNRATED, count)
                for rank in ranks
                for count in [read.open_by_rank.get(rank, 0)]
            ],
        ),
    ]
