"""What is remembered that is about no incident in particular?"""

from __future__ import annotations

from bot.core.facts import Fact


class RollUpSent(Fact):
    """Those who read once a day what is open were told; `day` is their own, as 2026-11-21."""

    day: str
    incidents: tuple[int, ...]


KINDS: tuple[type[Fact], ...] = (RollUpSent,)
