"""What is remembered that is about no incident in particular?"""

from __future__ import annotations

from bot.core.facts import Fact, Words


class RollUpSent(Fact):
    """Those who read once a day what is open were told; `day` is their own, as 2026-11-21."""

    day: str
    incidents: tuple[int, ...]


class AlertProposed(Fact):
    """An alert was put before people; the same trouble again counts up the same proposal."""

    alert: str
    fingerprint: str
    proposal: int
    place: str
    source: str
    title: Words


class AlertDismissed(Fact):
    """Somebody said that a proposal is no incident."""

    fingerprint: str
    proposal: int


KINDS: tuple[type[Fact], ...] = (RollUpSent, AlertProposed, AlertDismissed)
