"""What comes of one turn of settling and claiming, and how is the next one waited for?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.courier.losses import Told
from storage import outbox


@dataclass(frozen=True)
class Turn:
    """What came of settling and claiming: `held` is what this worker is still about."""

    claimed: Sequence[outbox.Claimed]
    told: Sequence[Told]
    held: Sequence[int]
    next_at: datetime | None
    took_seconds: float


async def until(bell: asyncio.Event, seconds: float) -> None:
    """Wait for the bell, for so long at most."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await bell.wait()
