"""What is brought into the vault in the background, and what was left on the way?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import timedelta
from typing import Any

from bot.core.evidence import Evidence
from bot.engine import Engine
from bot.slack.files import Files, Row

ROUND_SECONDS = 300.0
_LEFT_AFTER = timedelta(minutes=5)  # what nobody brought by then, another process began


class Fetches:
    """One task for each place in the vault."""

    def __init__(self) -> None:
        """Start with nothing under way."""
        self._busy: dict[str, asyncio.Task[None]] = {}

    def begin(self, item: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Work in the background, unless that is under way for this place."""
        if item not in self._busy:
            task = asyncio.create_task(work())
            self._busy[item] = task
            task.add_done_callback(lambda _: self._busy.pop(item, None))


async def left(engine: Engine, files: Files) -> AsyncIterator[tuple[int, Row, Evidence]]:
    """Each place of an incident that is not new, with the incident's number and its evidence."""
    now = engine.now()
    for row in await files.items():
        if not row.chain.startswith("incident/") or now - row.since < _LEFT_AFTER:
            continue
        number = int(row.chain.removeprefix("incident/"))
        if case := await engine.case(number):
            yield number, row, case.states.of(Evidence)
