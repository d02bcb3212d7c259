"""Who asked for whose role, and what came of it?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from bot.core.facts import Recorded
from bot.core.facts.roles import RoleAccepted, RoleDropped, TakeoverAsked, TakeoverRefused

End = Literal["open", "done", "kept"]


@dataclass(frozen=True)
class Asked:
    """`by` asked `holder` for a role; `seq` is the place of the fact."""

    role: str
    holder: str
    by: str
    seq: int
    end: End = "open"


@dataclass(frozen=True)
class Takeovers:
    """In the order in which they were asked for."""

    asked: tuple[Asked, ...] = ()


def fold(takeovers: Takeovers, recorded: Recorded) -> Takeovers:
    """The takeovers after one more fact."""
    match recorded.fact:
        case TakeoverAsked(role=role, holder=holder):
            asked = Asked(role, holder, recorded.actor, recorded.seq)
            return Takeovers((*takeovers.asked, asked))
        case RoleAccepted(role=role) | RoleDropped(role=role):
            return _ended(takeovers, role, "done")
        case TakeoverRefused(role=role):
            return _ended(takeovers, role, "kept")
    return takeovers


def _ended(takeovers: Takeovers, role: str, end: End) -> Takeovers:
    return Takeovers(
        tuple(
            replace(one, end=end) if one.role == role and one.end == "open" else one
            for one in takeovers.asked
        )
    )
