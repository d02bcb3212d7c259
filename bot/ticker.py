"""What is done when time passes, with nobody asking?"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.engine import Engine, NotWritten

# Slack repeats an event for an hour at most, and with Delayed Events for a day.
KEPT = timedelta(days=3)
_EVERY = timedelta(hours=1)
_log = structlog.get_logger()


@contextlib.asynccontextmanager
async def ticking(engine: Engine) -> AsyncIterator[AsyncIOScheduler]:
    """The scheduler at work; it lives in memory, and what is due stands in the database."""
    # APScheduler drops a job that is a second late unless it is told not to.
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True}
    )
    scheduler.add_job(forget_requests, "interval", (engine,), seconds=_EVERY.total_seconds())
    scheduler.start()
    try:
        yield scheduler
    finally:
        scheduler.shutdown(wait=False)


async def forget_requests(engine: Engine) -> None:
    """Keep the inbox small."""
    try:
        count = await engine.forget_requests(KEPT)
    except NotWritten as error:
        _log.warning("inbox.not_pruned", reason=str(error))
    else:
        _log.info("inbox.pruned", count=count)
