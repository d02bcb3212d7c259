"""Who asked whom for what?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.facts import Recorded
from bot.core.facts.roles import HolderAsked


@dataclass(frozen=True)
class Favour:
    """Somebody without a right asked whoever has it."""

    by: str
    holder: str
    what: str
    at: datetime


@dataclass(frozen=True)
class Favours:
    """Everything that was asked of those who have the right to it."""

    favours: tuple[Favour, ...] = ()

    def asked_at(self, by: str, holder: str, what: str) -> datetime | None:
        """When this person last asked that one for this; None when they did not."""
        wanted = (by, holder, what)
        found = [one.at for one in self.favours if (one.by, one.holder, one.what) == wanted]
        return max(found, default=None)


def fold(favours: Favours, recorded: Recorded) -> Favours:
    """The favours after one more fact."""
    match recorded.fact:
        case HolderAsked(holder=holder, what=what):
            favour = Favour(recorded.actor, holder, what, recorded.at)
            return Favours((*favours.favours, favour))
    return favours
