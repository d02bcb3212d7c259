"""What was decided, and what became of it?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from bot.core.facts import Recorded
from bot.core.facts.decisions import (
    DecisionAmended,
    DecisionDetails,
    DecisionRecorded,
    DecisionReversed,
    DecisionUpheld,
    DecisionWithdrawn,
    SourceDeleted,
    SourceEdited,
)
from bot.core.facts.incidents import IncidentDeclared
from bot.core.facts.roles import RoleAccepted, RoleDropped
from bot.core.facts.status import MadePrivate
from bot.core.incident import IC
from bot.core.record import Cell, Column, Part, Told

T = TypeVar("T")
SCRIBE = "scribe"
_ASKED = (SCRIBE, IC)
DETAILS = tuple(DecisionDetails.model_fields)
_COLUMNS = (
    Column("number", "No.", "number"), Column("at", "Recorded", "moment"),
    Column("by", "Recorded by", "person"), Column("decision", "Decision"),
    Column("marks", "Since then"), Column("decider", "Decider", "person"),
    Column("authority", "Authority"), Column("why", "Why"), Column("alternatives", "Alternatives"),
    Column("facts_seen", "Facts known", "quote"), Column("evidence", "Evidence", "quote"),
    Column("expected", "Expected"), Column("measure", "Measure"),
    Column("review_at", "Review", "moment"), Column("is_reviewed", "Reviewed", "yes_no"),
    Column("reversed_because", "Reversed because"), Column("first_words", "As first captured"),
    Column("message", "Message"),
)  # fmt: skip
_ABOUT_ONE = (
    DecisionAmended,
    DecisionReversed,
    DecisionUpheld,
    DecisionWithdrawn,
    SourceDeleted,
    SourceEdited,
)


@dataclass(frozen=True)
class Source:
    """The message something was captured from."""

    channel: str
    ts: str
    permalink: str | None = None


@dataclass(frozen=True)
class Decision:
    """A decision as it reads now; `record` is how it was first captured, and stays.

    `is_elsewhere` says that its line stands in a room that was left when it became private.
    """

    record: DecisionRecorded
    at: datetime
    by: str
    text: str
    details: DecisionDetails
    review_since: datetime | None = None
    is_reviewed: bool = False
    amended_at: tuple[datetime, ...] = ()
    reversed_at: datetime | None = None
    reversed_by: str | None = None
    reversed_because: str | None = None
    is_withdrawn: bool = False
    is_source_edited: bool = False
    is_source_deleted: bool = False
    is_elsewhere: bool = False

    @property
    def number(self) -> int:
        """Its number within the incident."""
        return self.record.number

    @property
    def holds(self) -> bool:
        """Whether it was neither taken back nor reversed."""
        return not self.is_withdrawn and self.reversed_at is None

    @property
    def marks(self) -> str:
        """What became of it and of its message, as in " (amended, source edited)"; else empty."""
        said = {
            "withdrawn": self.is_withdrawn,
            "reversed": self.reversed_at is not None,
            "amended": bool(self.amended_at),
            "source deleted": self.is_source_deleted,
            "source edited": self.is_source_edited and not self.is_source_deleted,
        }
        kept = [name for name, is_so in said.items() if is_so]
        return f" ({', '.join(kept)})" if kept else ""

    def came_from(self, source: Source) -> bool:
        """Whether it was captured from this message and is no slip."""
        place = (self.record.channel, self.record.ts)
        return not self.is_withdrawn and place == (source.channel, source.ts)


@dataclass(frozen=True)
class Decisions:
    """All decisions in their order; `asked` are those who were ever asked for reasons.

    Most of what is recorded is about no decision, and leaves them and what was drawn of them as is.
    """

    all: tuple[Decision, ...] = ()
    asked: tuple[str, ...] = ()
    owners: Mapping[str, str] = field(default_factory=dict)
    _drawn: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    @cached_property
    def kept(self) -> tuple[Decision, ...]:
        """Those that were not taken back as a slip, the newest first."""
        return tuple(one for one in reversed(self.all) if not one.is_withdrawn)

    @cached_property
    def deciders(self) -> frozenset[str]:
        """Who is named as having decided what holds."""
        named = (one.details.decider for one in self.all if one.holds)
        return frozenset(person for person in named if person)

    @cached_property
    def lacking(self) -> tuple[Decision, ...]:
        """Those that hold and say no reason, in their order."""
        return tuple(one for one in self.all if one.holds and not one.details.why)

    @cached_property
    def to_review(self) -> tuple[Decision, ...]:
        """Those that hold and were to be looked at again, which nobody did yet."""
        owed = (one for one in self.all if one.details.review_at)
        return tuple(one for one in owed if one.holds and not one.is_reviewed)

    def find(self, number: int) -> Decision | None:
        """The decision of this number; None when there is none, or it was a slip."""
        return next((one for one in self.kept if one.number == number), None)

    def captured_from(self, source: Source) -> Decision | None:
        """The decision captured from this message; None when there is none."""
        return next((one for one in self.kept if one.came_from(source)), None)

    def drawn_of(self, seen: object, draw: Callable[[], T]) -> T:
        """What `draw` makes of these decisions, asked for only when `seen` is not as last time."""
        known: tuple[object, T] | None = self._drawn.get("last")
        if known is None or known[0] != seen:
            self._drawn["last"] = known = (seen, draw())
        return known[1]

    @property
    def asks(self) -> str | None:
        """Who is asked for what is lacking: the scribe, or whoever commands."""
        return self.owners.get(SCRIBE) or self.owners.get(IC) or self.owners.get("declarer")


def record_parts(told: Told) -> list[Part]:
    """Every decision as it is handed on, those that were taken back too."""
    rows = tuple(_row(one) for one in told.shown.states.of(Decisions).all)
    return [Part("decisions", "Decisions", _COLUMNS, rows)]


def _row(one: Decision) -> tuple[Cell, ...]:
    said = one.details
    return (
        one.number, one.at, one.by, one.text, one.marks.strip(" ()"), said.decider, said.authority,
        said.why, said.alternatives, said.facts_seen, said.evidence, said.expected, said.measure,
        said.review_at, one.is_reviewed, one.reversed_because,
        one.record.text if one.amended_at else None, one.record.permalink,
    )  # fmt: skip


def fold(decisions: Decisions, recorded: Recorded) -> Decisions:
    """The decisions after one more fact."""
    after = _owned(_decided(decisions, recorded), recorded)
    asks = after.asks
    if asks and asks not in after.asked and after.lacking:
        return replace(after, asked=(*after.asked, asks))
    return after


def _decided(decisions: Decisions, recorded: Recorded) -> Decisions:
    match recorded.fact:
        case DecisionRecorded() as record:
            return replace(decisions, all=(*decisions.all, _first(record, recorded)))
        case MadePrivate():
            left = tuple(replace(one, is_elsewhere=True) for one in decisions.all)
            return replace(decisions, all=left)
        case fact if isinstance(fact, _ABOUT_ONE):
            return replace(decisions, all=tuple(_after(one, recorded) for one in decisions.all))
    return decisions


def _first(record: DecisionRecorded, recorded: Recorded) -> Decision:
    said = DecisionDetails(**{name: getattr(record, name) for name in DETAILS})
    since = recorded.at if record.review_at else None
    return Decision(record, recorded.at, recorded.actor, record.text, said, review_since=since)


def _after(one: Decision, recorded: Recorded) -> Decision:
    match recorded.fact:
        case SourceEdited(channel=channel, ts=ts) if one.came_from(Source(channel, ts)):
            return replace(one, is_source_edited=True, is_elsewhere=False)
        case SourceDeleted(channel=channel, ts=ts) if one.came_from(Source(channel, ts)):
            return replace(one, is_source_deleted=True, is_elsewhere=False)
        case DecisionAmended(number=number) as amended if number == one.number:
            return _amended(one, amended, recorded.at)
        case DecisionReversed(number=number, why=why) if number == one.number:
            return replace(
                one,
                reversed_at=recorded.at,
                reversed_by=recorded.actor,
                reversed_because=why,
                is_elsewhere=False,
            )
        case DecisionUpheld(number=number) if number == one.number:
            return replace(one, is_reviewed=True)
        case DecisionWithdrawn(number=number) if number == one.number:
            return replace(one, is_withdrawn=True, is_elsewhere=False)
    return one


def _amended(one: Decision, amended: DecisionAmended, at: datetime) -> Decision:
    """What was said anew takes the place of what was known; a new time of review starts anew."""
    said = {name: getattr(amended, name) for name in DETAILS}
    details = one.details.model_copy(
        update={name: value for name, value in said.items() if value is not None}
    )
    review_at = one.details.review_at
    is_met = one.is_reviewed or (review_at is not None and at >= review_at)
    return replace(
        one,
        text=amended.text or one.text,
        details=details,
        amended_at=(*one.amended_at, at),
        review_since=at if amended.review_at else one.review_since,
        is_reviewed=False if amended.review_at else is_met,
        is_elsewhere=False,
    )


def _owned(decisions: Decisions, recorded: Recorded) -> Decisions:
    owners = dict(decisions.owners)
    match recorded.fact:
        case IncidentDeclared():
            owners["declarer"] = recorded.actor
        case RoleAccepted(role=role, person=person) if role in _ASKED:
            owners[role] = person
        case RoleDropped(role=role) if role in _ASKED:
            owners.pop(role, None)
        case _:
            return decisions
    return replace(decisions, owners=owners)
