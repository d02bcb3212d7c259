"""Which alerts does an incident have?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core.facts import Recorded
from bot.core.facts.house import AlertDismissed, AlertProposed
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
    proposal: int = 0


@dataclass(frozen=True)
class Proposal:
    """The newest time that a trouble was put before people; `count` alerts told of it."""

    number: int
    at: datetime
    last_at: datetime
    count: int
    place: str
    dismissed_by: str | None = None


@dataclass(frozen=True)
class Alerts:
    """By fingerprint, in the order in which they came; `keys` are the deliveries so far.

    An incident has its own; the proposals are those of the house.
    """

    by_fingerprint: Mapping[str, Seen] = field(default_factory=dict)
    proposals: Mapping[str, Proposal] = field(default_factory=dict)
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
                proposal=taken.proposal or (before.proposal if before else 0),
            )
            return replace(
                alerts,
                by_fingerprint={**alerts.by_fingerprint, taken.fingerprint: seen},
                keys=alerts.keys | {taken.alert},
            )
        case AlertProposed() as proposed:
            return _proposed(alerts, proposed, recorded.at)
        case AlertDismissed(fingerprint=fingerprint):
            gone = replace(alerts.proposals[fingerprint], dismissed_by=recorded.actor)
            return replace(alerts, proposals={**alerts.proposals, fingerprint: gone})
    return alerts


def _proposed(alerts: Alerts, fact: AlertProposed, at: datetime) -> Alerts:
    before = alerts.proposals.get(fact.fingerprint)
    if before and before.number == fact.proposal:
        proposal = replace(before, last_at=at, count=before.count + 1)
    else:
        proposal = Proposal(fact.proposal, at, at, 1, fact.place)
    return replace(
        alerts,
        proposals={**alerts.proposals, fact.fingerprint: proposal},
        keys=alerts.keys | {fact.alert},
    )
