"""What is remembered of what the others were told?"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import AwareDatetime

from bot.core.facts import Fact, Words
from bot.core.facts.incidents import Harm

Confidence = Literal["low", "medium", "high"]


class UpdatePosted(Fact):
    """A status update, whole: what was taken over from the last one is repeated in it."""

    is_drawn_later: ClassVar[bool] = True
    is_drawn_each: ClassVar[bool] = True
    number: int
    harm: Harm
    happened: Words | None = None
    impact: Words | None = None
    is_impact_known: bool = False
    containment: Words | None = None
    next_steps: Words | None = None
    asks: Words | None = None
    hypotheses: Words | None = None
    confidence: Confidence | None = None
    decision_needed: Words | None = None
    customers: Words | None = None
    ticket_tags: Words | None = None
    reproductions: Words | None = None
    rollback: Words | None = None
    is_no_change: bool = False
    is_quick: bool = False


class UpdateSnoozed(Fact):
    """The next update is owed later than the cadence says."""

    is_drawn_later: ClassVar[bool] = True
    until: AwareDatetime
    reason: Words


class UpdatesPaused(Fact):
    """No update is owed before `until`; None: until somebody takes them up again."""

    is_drawn_later: ClassVar[bool] = True
    reason: Words
    until: AwareDatetime | None = None


class UpdatesTakenUp(Fact):
    """Updates are owed again."""

    is_drawn_later: ClassVar[bool] = True


class QuestionAsked(Fact):
    """Somebody outside the work wants to know something; the next update answers."""

    is_drawn_later: ClassVar[bool] = True
    number: int
    question: Words


class QuestionAnswered(Fact):
    """A question was answered; in which update, if it was one."""

    is_drawn_later: ClassVar[bool] = True
    number: int
    answer: Words
    update: int | None = None


KINDS: tuple[type[Fact], ...] = (
    UpdatePosted,
    UpdateSnoozed,
    UpdatesPaused,
    UpdatesTakenUp,
    QuestionAsked,
    QuestionAnswered,
)
