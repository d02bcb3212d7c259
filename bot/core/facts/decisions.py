"""What is remembered of what was decided?"""

from __future__ import annotations

from typing import ClassVar

from pydantic import AwareDatetime

from bot.core.facts import Fact, Words


class DecisionDetails(Fact):
    """What may be said of a decision besides the decision itself; None was not said."""

    is_drawn_later: ClassVar[bool] = True
    decider: str | None = None
    decider_role: str | None = None
    authority: Words | None = None
    why: Words | None = None
    alternatives: Words | None = None
    facts_seen: Words | None = None
    evidence: Words | None = None
    expected: Words | None = None
    measure: Words | None = None
    review_at: AwareDatetime | None = None


class DecisionRecorded(DecisionDetails):
    """Something was decided. `severity` is what it was at the time.

    `channel` and `ts` are the message it was captured from, None when it was typed.
    """

    number: int
    text: Words
    severity: str | None = None
    rank: int
    channel: str | None = None
    ts: str | None = None
    permalink: str | None = None
    is_by_reaction: bool = False


class DecisionAmended(DecisionDetails):
    """Something was said of a decision later; the first record stays as it is."""

    number: int
    text: Words | None = None


class DecisionReversed(Fact):
    """A decision holds no longer."""

    is_drawn_later: ClassVar[bool] = True
    number: int
    why: Words


class DecisionUpheld(Fact):
    """A decision was looked at again, as was agreed, and still holds."""

    is_drawn_later: ClassVar[bool] = True
    number: int


class DecisionWithdrawn(Fact):
    """A capture by reaction was taken back in time: it was a slip."""

    is_drawn_later: ClassVar[bool] = True
    number: int


class SourceEdited(Fact):
    """The message something was captured from was edited; the captured words stay."""

    channel: str
    ts: str


class SourceDeleted(Fact):
    """The message something was captured from was deleted; the captured words stay."""

    channel: str
    ts: str


KINDS: tuple[type[Fact], ...] = (
    DecisionRecorded,
    DecisionAmended,
    DecisionReversed,
    DecisionUpheld,
    DecisionWithdrawn,
    SourceEdited,
    SourceDeleted,
)
