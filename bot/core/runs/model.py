"""What is a run of a runbook, and what of it is done?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Literal

from bot.core.facts.runbooks import Decision, Leaving, Met, Shift
from runbooks.parts import Context, Prerequisite, Rule
from runbooks.runbook import Runbook
from runbooks.shelf import Pin
from runbooks.sla import Sla
from runbooks.steps import Step as Content

Status = Literal["waiting", "active", "done", "left"]
Sent = Literal["sent", "answered", "called_back", "failed", "by_hand"]
Ending = Literal["granted", "refused", "withdrawn", "expired", "lapsed"]


@dataclass(frozen=True)
class Answer:
    """What a form's question was answered with; see `FieldAnswered`."""

    chosen: tuple[str, ...] = ()
    text: str | None = None
    unknown: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said."""
        return not (self.chosen or self.text or self.unknown)


@dataclass(frozen=True)
class Verdict:
    """What one approver decided, in which seat."""

    person: str
    seat: str
    decision: Decision
    reason: str
    at: datetime
    conditions: str | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shaken:
    """A step that an approval rests on is not what it was when somebody decided."""

    run: int
    step: int
    how: Shift
    at: datetime


@dataclass(frozen=True)
class Ask:
    """A request for approval; `ended` None while it waits. `delegates` are seat to (by, to).

    `shaken` is what changed under it since somebody decided, None where nothing did.
    """

    number: int
    by: str
    at: datetime
    text: str
    approvers: tuple[str, ...]
    options: tuple[str, ...] = ()
    expires_at: datetime | None = None
    verdicts: tuple[Verdict, ...] = ()
    delegates: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    ended: Ending | None = None
    shaken: Shaken | None = None


@dataclass(frozen=True)
class Call:
    """A system that was called for a step, and what came of it; `note` is a reason or a note."""

    send: str
    by: str
    at: datetime
    status: Sent = "sent"
    reference: str | None = None
    link: str | None = None
    note: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nothing of it is owed any more."""
        return self.status in {"answered", "called_back", "by_hand"}


@dataclass(frozen=True)
class Step:
    """A step as it stands; `same_as` is the run and step of an earlier run that it shares.

    `rest_of` is such a step that was done before this run began, and left something of this one;
    `also` are the spans that later runs give the step, and since when.
    `owner` is a person it was given to, None where the roles of `what` own it. `answers` are those
    of the newest version of a form, `drafts` what was said since. `due_at` is of an added step,
    `checked_by` the second pair of eyes. `begun_at` is when it was active first, `given_at` when
    it was given to its `owner`.
    """

    what: Content
    status: Status = "waiting"
    active_at: datetime | None = None
    begun_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    left: Leaving | None = None
    note: str | None = None
    owner: str | None = None
    given_at: datetime | None = None
    due_at: datetime | None = None
    claimed_by: str | None = None
    checked_by: str | None = None
    is_added: bool = False
    same_as: tuple[int, int] | None = None
    rest_of: tuple[int, int] | None = None
    also: tuple[tuple[Sla, datetime], ...] = ()
    edition: int = 0
    answers: Mapping[str, Answer] = field(default_factory=dict)
    drafts: Mapping[str, Answer] = field(default_factory=dict)
    asks: tuple[Ask, ...] = ()
    proofs: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    calls: Mapping[str, Call] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Its number within the run."""
        return self.what.n

    @property
    def is_closed(self) -> bool:
        """Whether what waits for it may go on."""
        return self.status in {"done", "left"}

    @property
    def ask(self) -> Ask | None:
        """The request for approval that waits; None when none does."""
        last = self.asks[-1] if self.asks else None
        return last if last and last.ended is None else None


@dataclass(frozen=True)
class Fired:
    """A rule that applies since `at`; `acted_at` None while it is not met, or said why not.

    `has_called` once those whom it names were called.
    """

    rule: Rule
    at: datetime
    by: str
    acted_at: datetime | None = None
    is_met: bool = False
    note: str | None = None
    has_called: bool = False


@dataclass(frozen=True)
class Asked:
    """What was answered to a prerequisite."""

    met: Met
    by: str
    note: str | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """One run of one runbook, as it was when the run began.

    `finished_at` is when all was done, `ended_at` when the incident was over before that.
    `origin` is the incident and run that it continues, `goes_on` those that continue it.
    """

    number: int
    book: Runbook
    pin: Pin
    started_at: datetime
    started_by: str
    contexts: tuple[Context, ...] = ()
    is_owed: bool = False
    steps: tuple[Step, ...] = ()
    prerequisites: Mapping[str, Asked] = field(default_factory=dict)
    fired: Mapping[str, Fired] = field(default_factory=dict)
    finished_at: datetime | None = None
    ended_at: datetime | None = None
    origin: tuple[int, int] | None = None
    goes_on: tuple[int, int] | None = None

    def find(self, n: int) -> Step | None:
        """The step of that number; None when there is none."""
        return self.steps[n - 1] if 1 <= n <= len(self.steps) else None

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.finished_at is None and self.ended_at is None

    @property
    def is_all_closed(self) -> bool:
        """Whether no step is left to do."""
        return all(step.is_closed for step in self.steps)

    @property
    def asks(self) -> tuple[Prerequisite, ...]:
        """Everything the run needs, that of its contexts too."""
        variants = (self.book.variant(one) for one in self.contexts)
        more = [one for variant in variants if variant for one in variant.prerequisites]
        return (*self.book.prerequisites, *more)

    @property
    def lacking(self) -> list[str]:
        """What the run needs and is not there, or nobody said."""
        return [
            one.asks.split(".")[0]
            for one in self.asks
            if (said := self.prerequisites.get(one.id)) is None or said.met == "not_yet"
            if one.only_if is None or said
        ]

    def held(self, n: int) -> tuple[Fired, ...]:
        """The rules that apply, are not acted on, and hold this step until they are."""
        return tuple(
            one
            for one in self.fired.values()
            if one.rule.effect == "gates" and n in one.rule.steps and one.acted_at is None
        )

    def open_markers(self, step: Step) -> bool:
        """Whether nobody validated what the runbook says of this step."""
        return bool(not step.is_added and self.book.open_markers(step.n))

    @property
    def secures(self) -> tuple[Step, ...]:
        """The steps not done until which changes that destroy state are held."""
        holds = (one.rule for one in self.fired.values() if one.rule.effect == "holds_changes")
        wanted = {n for rule in holds for n in rule.steps}
        return tuple(step for step in self.steps if step.n in wanted and not step.is_closed)


@dataclass(frozen=True)
class Review:
    """When the post-incident review is, and where it is booked."""

    at: datetime
    link: str


@dataclass(frozen=True)
class Runs:
    """All runs, in the order they began. `tier` None: nobody said how closely it is governed.

    `rank` is how bad the incident is. `answered` is what was said last of each prerequisite,
    whichever run asked for it. `held` is which roles each person ever held, and since when first,
    so that whoever was told hears that it is not theirs any more; `vacated` who laid
    each down last, and when.
    """

    all: tuple[Run, ...] = ()
    tier: int | None = None
    review: Review | None = None
    family: str | None = None
    failure_mode: str | None = None
    held: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    vacated: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)
    answered: Mapping[str, Asked] = field(default_factory=dict)
    rank: int = 0

    def find(self, number: int) -> Run | None:
        """The run of that number; None when there is none."""
        return self.all[number - 1] if 1 <= number <= len(self.all) else None

    @property
    def open(self) -> tuple[Run, ...]:
        """Those that go on."""
        return tuple(one for one in self.all if one.is_open)


@lru_cache(maxsize=64)
def book(content: str) -> Runbook:
    """The runbook that a fact keeps as JSON; parsed once, because it is folded often."""
    return Runbook.model_validate_json(content)
