"""What stands in a roll of announcements when it is delivered?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.core import ids
from bot.engine import Engine, Within
from bot.features.announcing import blocks

Loss = tuple[str, str | None, str]


def drawer(engine: Engine) -> Callable[[str], Awaitable[dict[str, Any]]]:
    """What draws a roll, by its slot, as its incidents stand then."""

    async def draw(roll: str) -> dict[str, Any]:
        return blocks.roll(await engine.standing(roll)).to_json()

    return draw


def each_lost(within: Within, name: str, chain: str | None, error: str) -> list[Loss]:
    """What was lost: itself, or in place of a roll the announcement of each that stood in it.

    Each is the effect's name, its chain and the error.
    """
    if not ids.is_roll(name):
        return [(name, chain, error)]
    numbers = within.standing(name)
    return [(ids.announcement(number), ids.chain(number), error) for number in numbers]
