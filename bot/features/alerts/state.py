"""Which alerts does an incident have?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.facts import Recorded
from bot.core.facts.people import AlertTaken


@dataclass(frozen=True)
class Seen:
    """One trouble as other systems told of it: how often, and when last."""

    title: str
    source: str
    link: str | None
    count: int
    last_at: datetime
    was_proposed: bool


@dataclass(frozen=True)
class Alerts:
    """By fingerprint, in the order in which they came; `keys` are the deliveries so far."""

    by_fingerprint: Mapping[str, Seen] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()


def fold(alerts: Alerts, recorded: Recorded) -> Alerts:
    """The alerts after one more fact."""
    match recorded.fact:
        case AlertTaken() as taken:
            before = alerts.by_fingerprint.get(taken.fingerprint)
            seen = Seen(
                title=taken.title,
                source=taken.source,
                link=taken.link,
                count=(before.count if before else 0) + 1,
                last_at=recorded.at,
                was_proposed=taken.was_proposed or bool(before and before.was_proposed),
            )
            return Alerts(
                {**alerts.by_fingerprint, taken.fingerprint: seen}, alerts.keys | {taken.alert}
            )
    return alerts
