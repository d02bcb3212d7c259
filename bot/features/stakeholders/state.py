"""What were those outside the room told so far, and when was it worth a new message?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import singledispatch

from bot.core.facts import Fact, Recorded
from bot.core.facts.incidents import DetailsFilled, Harm, IncidentDeclared, IncidentResolved
from bot.core.facts.people import FollowStarted
from bot.core.facts.severity import SeverityChanged
from bot.core.facts.status import MadePrivate
from bot.core.facts.updates import UpdatePosted
from runbooks.stakeholders import Audience

NOBODY = 99  # a rank that reaches no channel
DECISION = "A decision is needed"


@dataclass(frozen=True)
class News:
    """An update, and how much was worth a new message when it was posted."""

    update: UpdatePosted
    at: datetime
    by: str
    marks: int


@dataclass(frozen=True)
class Told:
    """`marks` is what was worth a new message so far: only those notify anybody.

    That is a severity that rose, harm that stopped, the end, and for executives alone a decision
    that is needed. `worst_rank` is the worst severity so far: whoever was told goes on being told.
    `followers` ever followed, and `since` counts the updates that each has no part in; `public`
    counts the updates until it was made private, None before.
    """

    news: tuple[News, ...] = ()
    marks: tuple[str, ...] = ()
    rank: int = NOBODY
    worst_rank: int = NOBODY
    harm: Harm = "unknown"
    followers: frozenset[str] = frozenset()
    since: Mapping[str, int] = field(default_factory=dict)
    public: int | None = None

    @property
    def last(self) -> UpdatePosted | None:
        """The newest update; None before the first."""
        return self.news[-1].update if self.news else None

    @property
    def changes(self) -> int:
        """How many of the updates said something new."""
        return sum(1 for one in self.news if not one.update.is_no_change)

    def seen_by(self, audience: Audience, count: int | None = None) -> tuple[str, ...]:
        """What of the first `count` marks (None: all) is worth a new message to an audience."""
        marks = self.marks if count is None else self.marks[:count]
        return marks if audience == "executives" else tuple(one for one in marks if one != DECISION)


def fold(told: Told, recorded: Recorded) -> Told:
    """What was told after one more fact."""
    return _after(recorded.fact, told, recorded)


@singledispatch
def _after(_fact: Fact, told: Told, _recorded: Recorded) -> Told:
    return told


@_after.register
def _(fact: IncidentDeclared, told: Told, _recorded: Recorded) -> Told:
    return replace(told, rank=fact.rank, worst_rank=fact.rank)


@_after.register
def _(fact: SeverityChanged, told: Told, _recorded: Recorded) -> Told:
    after = replace(told, rank=fact.rank, worst_rank=min(fact.rank, told.worst_rank))
    return _anew(after, "The severity rose") if fact.rank < told.rank else after


@_after.register
def _(fact: DetailsFilled, told: Told, _recorded: Recorded) -> Told:
    if fact.harm is None or fact.harm == told.harm:
        return told
    after = replace(told, harm=fact.harm)
    return _anew(after, "Harm has stopped") if fact.harm == "stopped" else after


@_after.register
def _(_fact: IncidentResolved, told: Told, _recorded: Recorded) -> Told:
    return _anew(told, "It is resolved")


@_after.register
def _(fact: FollowStarted, told: Told, _recorded: Recorded) -> Told:
    before = max(0, len(told.news) - 1)
    return replace(
        told,
        followers=told.followers | {fact.person},
        since={**told.since, fact.person: before},
    )


@_after.register
def _(_fact: MadePrivate, told: Told, _recorded: Recorded) -> Told:
    return replace(told, public=len(told.news))


@_after.register
def _(fact: UpdatePosted, told: Told, recorded: Recorded) -> Told:
    before = told.last.decision_needed if told.last else None
    if fact.decision_needed and fact.decision_needed != before:
        told = _anew(told, DECISION)
    news = News(fact, recorded.at, recorded.actor, len(told.marks))
    return replace(told, news=(*told.news, news))


def _anew(told: Told, why: str) -> Told:
    return replace(told, marks=(*told.marks, why))
