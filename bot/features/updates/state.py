"""What was said in updates so far, and what was asked?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import singledispatch

from bot.core import telling
from bot.core.facts import Fact, Recorded
from bot.core.facts.incidents import IncidentDeclared
from bot.core.facts.severity import SeverityChanged
from bot.core.facts.tasks import DeadlineWaived
from bot.core.facts.updates import (
    QuestionAnswered,
    QuestionAsked,
    UpdatePosted,
    UpdateSnoozed,
    UpdatesPaused,
    UpdatesTakenUp,
)
from bot.core.record import Column, Part, Told

_SAID = (
    "happened", "impact", "containment", "next_steps", "asks", "hypotheses", "confidence",
    "decision_needed", "customers", "ticket_tags", "reproductions", "rollback",
)  # fmt: skip
_QUOTING = ("reproductions",)
_COLUMNS = (
    Column("number", "No.", "number"),
    Column("at", "Posted", "moment"),
    Column("by", "Posted by", "person"),
    Column("harm", "Harm"),
    Column("is_no_change", "No change", "yes_no"),
    *(
        Column(one, one.replace("_", " ").capitalize(), "quote" if one in _QUOTING else "text")
        for one in _SAID
    ),
)
_ASKED = (
    Column("number", "No.", "number"),
    Column("at", "Asked", "moment"),
    Column("by", "Asked by", "person"),
    Column("question", "Question"),
    Column("answer", "Answer"),
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
class Grade:
    """A severity that held from `at` on."""

    at: datetime
    severity: str | None
    rank: int


@dataclass(frozen=True)
class Pause:
    """No update is owed; `until` None means until somebody takes them up again."""

    because: str
    by: str
    until: datetime | None = None


@dataclass(frozen=True)
class Updates:
    """Updates, questions, and what keeps the next update from being owed.

    `waived_at` is from when the cadence goes on after a waiver: its moment, or that of the update
    it let go where that is later; None once there was an update.
    """

    posted: tuple[Posted, ...] = ()
    questions: tuple[Question, ...] = ()
    grades: tuple[Grade, ...] = ()
    snoozed_until: datetime | None = None
    snoozed_at: datetime | None = None
    waived_at: datetime | None = None
    pause: Pause | None = None
    taken_up_at: datetime | None = None

    @property
    def last(self) -> UpdatePosted | None:
        """The newest update; None before the first."""
        return self.posted[-1].update if self.posted else None

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """What nobody has answered yet, the oldest first."""
        return tuple(one for one in self.questions if one.answer is None)


def record_parts(told: Told) -> list[Part]:
    """Every update and every question as they are handed on."""
    updates = told.shown.states.of(Updates)
    posted = tuple(
        (
            one.update.number, one.at, one.by, one.update.harm, one.update.is_no_change,
            *(getattr(one.update, name) for name in _SAID),
        )
        for one in updates.posted
    )  # fmt: skip
    asked = tuple((q.number, q.at, q.asker, q.words, q.answer) for q in updates.questions)
    return [
        Part("updates", "Updates", _COLUMNS, posted),
        Part("questions", "Questions", _ASKED, asked),
    ]


def fold(updates: Updates, recorded: Recorded) -> Updates:
    """The updates after one more fact."""
    return _after(recorded.fact, updates, recorded)


@singledispatch
def _after(_fact: Fact, updates: Updates, _recorded: Recorded) -> Updates:
    return updates


@_after.register
def _(fact: UpdatePosted, updates: Updates, recorded: Recorded) -> Updates:
    posted = Posted(fact, recorded.at, recorded.actor)
    pause = updates.pause
    if pause and pause.until and pause.until <= recorded.at:
        pause = None
    return replace(
        updates,
        posted=(*updates.posted, posted),
        snoozed_until=None,
        waived_at=None,
        pause=pause,
    )


@_after.register(IncidentDeclared)
@_after.register(SeverityChanged)
def _(fact: IncidentDeclared | SeverityChanged, updates: Updates, recorded: Recorded) -> Updates:
    grade = Grade(recorded.at, fact.severity, fact.rank)
    return replace(updates, grades=(*updates.grades, grade))


@_after.register
def _(fact: DeadlineWaived, updates: Updates, recorded: Recorded) -> Updates:
    if fact.name != telling.UPDATE:
        return updates
    return replace(updates, waived_at=max(fact.due_at, recorded.at), snoozed_until=None)


@_after.register
def _(fact: UpdateSnoozed, updates: Updates, recorded: Recorded) -> Updates:
    return replace(updates, snoozed_until=fact.until, snoozed_at=recorded.at)


@_after.register
def _(fact: UpdatesPaused, updates: Updates, recorded: Recorded) -> Updates:
    pause = Pause(fact.reason, recorded.actor, fact.until)
    return replace(updates, pause=pause, snoozed_until=None)


@_after.register
def _(_fact: UpdatesTakenUp, updates: Updates, recorded: Recorded) -> Updates:
    return replace(updates, pause=None, taken_up_at=recorded.at)


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
