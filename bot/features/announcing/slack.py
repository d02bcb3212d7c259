"""What stands in a roll of announcements when it is delivered?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.core import ids
from bot.engine import Engine
from bot.features.announcing import blocks

Loss = tuple[str, str | None, str]


def drawer(engine: Engine) -> Callable[[str], Awaitable[dict[str, Any]]]:
    """What draws a roll, by its slot, as its incidents stand then."""

    async def draw(roll: str) -> dict[str, Any]:
        return blocks.roll(await engine.standing(roll)).to_json()

    return draw


async def each_lost(engine: Engine, losses: Sequence[Loss]) -> list[Loss]:
    """The losses, with those of each announcement in place of the roll in which they stood.

    Each is the effect's name, its chain and the error.
    """
    found: list[Loss] = []
    for loss in losses:
        name, _, error = loss
        if not ids.is_roll(name):
            found.append(loss)
            continue
        for shown, _ in await engine.standing(name):
            number = shown.incident.number
            found.append((ids.announcement(number), ids.chain(number), error))
    return found
