"""What was this incident merged into, and what into it?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core.facts import Recorded
from bot.core.facts.incidents import IncidentReopened
from bot.core.facts.status import DuplicateTaken, IncidentMerged


@dataclass(frozen=True)
class Link:
    """Another incident and its room; `channel` None while that is not open."""

    number: int
    channel: str | None


@dataclass(frozen=True)
class Links:
    """`into` None: it stands on its own."""

    into: Link | None = None
    duplicates: tuple[Link, ...] = ()


def fold(links: Links, recorded: Recorded) -> Links:
    """The links after one more fact."""
    match recorded.fact:
        case IncidentMerged(into=number, channel=channel):
            return replace(links, into=Link(number, channel))
        case IncidentReopened():
            return replace(links, into=None)
        case DuplicateTaken(number=number, channel=channel):
            # Reopened and merged again, it is the same duplicate.
            others = tuple(one for one in links.duplicates if one.number != number)
            return replace(links, duplicates=(*others, Link(number, channel)))
    return links
