"""What was said in updates so far, and what was asked?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import singledispatch

from bot.core.facts import Fact, Recorded
from bot.core.facts.updates import (
    QuestionAnswered,
    QuestionAsked,
    UpdatePosted,
    UpdateSnoozed,
    UpdatesPaused,
    UpdatesTakenUp,
)


@dataclass(frozen=True)
class Posted:
    """An update, when and by whom."""

    update: UpdatePosted
    at: datetime
    by: str


@dataclass(frozen=True)
class Question:
    """Something somebody outside the work wants to know; `answer` None: nobody has answered."""

    number: int
    words: str
    asker: str
    at: datetime
    answer: str | None = None


@dataclass(frozen=True)
class Updates:
    """Updates, questions, and what keeps the next update from being owed."""

    posted: tuple[Posted, ...] = ()
    questions: tuple[Question, ...] = ()
    snoozed_until: datetime | None = None
    paused_because: str | None = None
    taken_up_at: datetime | None = None

    @property
    def last(self) -> UpdatePosted | None:
        """The newest update; None before the first."""
        return self.posted[-1].update if self.posted else None

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """What nobody has answered yet, the oldest first."""
        return tuple(one for one in self.questions if one.answer is None)


def fold(updates: Updates, recorded: Recorded) -> Updates:
    """The updates after one more fact."""
    return _after(recorded.fact, updates, recorded)


@singledispatch
def _after(_fact: Fact, updates: Updates, _recorded: Recorded) -> Updates:
    return updates


@_after.register
def _(fact: UpdatePosted, updates: Updates, recorded: Recorded) -> Updates:
    posted = Posted(fact, recorded.at, recorded.actor)
    return replace(updates, posted=(*updates.posted, posted), snoozed_until=None)


@_after.register
def _(fact: UpdateSnoozed, updates: Updates, _recorded: Recorded) -> Updates:
    return replace(updates, snoozed_until=fact.until)


@_after.register
def _(fact: UpdatesPaused, updates: Updates, _recorded: Recorded) -> Updates:
    return replace(updates, paused_because=fact.reason, snoozed_until=None)


@_after.register
def _(_fact: UpdatesTakenUp, updates: Updates, recorded: Recorded) -> Updates:
    return replace(updates, paused_because=None, taken_up_at=recorded.at)


@_after.register
def _(fact: QuestionAsked, updates: Updates, recorded: Recorded) -> Updates:
    asked = Question(fact.number, fact.question, recorded.actor, recorded.at)
    return replace(updates, questions=(*updates.questions, asked))


@_after.register
def _(fact: QuestionAnswered, updates: Updates, _recorded: Recorded) -> Updates:
    questions = tuple(
        replace(one, answer=fact.answer) if one.number == fact.number else one
        for one in updates.questions
    )
    return replace(updates, questions=questions)
