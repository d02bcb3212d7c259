"""What is done again and again, with nobody asking?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.clock import Clock
from bot.reads import NotWritten

_FINISH_SECONDS = 2.0  # what is broken off is done in another round
_log = structlog.get_logger()


@dataclass(frozen=True)
class Round:
    """Something done every so many seconds; `wakes_by` takes what brings the next one forward."""

    name: str
    seconds: float
    run: Callable[[], Awaitable[None]]
    wakes_by: Callable[[Callable[[], None]], None]


@contextlib.asynccontextmanager
async def going(rounds: list[Round], clock: Clock) -> AsyncIterator[None]:
    """All rounds at work, one of each kind at a time; a clock that is put forward wakes them."""
    at_work = [asyncio.create_task(_go(one, clock)) for one in rounds]
    try:
        yield
    finally:
        for task in at_work:
            task.cancel()
        if at_work:
            await asyncio.wait(at_work, timeout=_FINISH_SECONDS)


async def _go(one: Round, clock: Clock) -> None:
    wanted = asyncio.Event()
    one.wakes_by(wanted.set)
    clock.on_move(wanted.set)
    while True:
        wanted.clear()
        try:
            await one.run()
        except NotWritten as error:
            _log.warning("round.not_done", round=one.name, reason=str(error))
        except Exception:  # noqa: BLE001 (a fault of one round must not end all of them)
            _log.exception("round.bug", round=one.name)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(one.seconds):
                await wanted.wait()
