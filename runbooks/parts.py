"""What else does a runbook say, besides its steps?"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from runbooks.base import Model, Phrase, RoleId
from runbooks.span import Span

BookId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,60}$")]
Context = Literal["customer_facing", "internal", "partner"]
Section = Literal[
    "steps", "containment", "slas", "rules", "comms_triggers", "escalate_if", "prerequisites"
]
Sentence = Annotated[str, StringConstraints(min_length=10, max_length=600)]
Rank = Annotated[int, Field(ge=0, le=3)]


class Otherwise(Model):
    """Another rank, and when it holds."""

    rank: Rank
    when: Phrase


class Severity(Model):
    """How bad such an incident is until somebody knows: the source's word, and the rank."""

    word: Literal["critical", "high", "medium", "low"]
    rank: Rank
    otherwise: tuple[Otherwise, ...] = ()


class Prerequisite(Model):
    """What is asked at the start. `links` are asked for by name; `roles` are who has to be there.

    `only_if` is None where it is always asked.
    """

    id: RoleId
    asks: Sentence
    answer: Literal["yes_no", "links", "people"] = "yes_no"
    links: tuple[Phrase, ...] = ()
    roles: tuple[RoleId, ...] = ()
    only_if: Phrase | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.answer == "links" and not self.links:
            raise ValueError("links is empty, and the answer is links; name what to link to")
        if self.answer == "people" and not self.roles:
            raise ValueError("roles is empty, and the answer is people; name who has to be there")
        return self


class Containment(Model):
    """A lever against further harm, with its operating notes.

    `authority` is the action of rights.yaml that allows it; `monitor` shows whether it helps.
    """

    id: RoleId
    label: Phrase
    is_reversible: bool = True
    authority: RoleId = "contain"
    enable_when: Sentence
    side_effects: Sentence
    say: Sentence
    monitor: Sentence


class ReviewMarker(Model):
    """What a practitioner has to validate; until then the text is not authoritative.

    Cleared by name and day, with a note; open while these are missing.
    """

    id: RoleId
    step: int | None = None
    section: Section | None = None
    validate_what: Sentence
    cleared_by: Phrase | None = None
    cleared_on: date | None = None
    note: Phrase | None = None

    @model_validator(mode="after")
    def _placed(self) -> Self:
        if (self.step is None) == (self.section is None):
            raise ValueError("step and section: give exactly one of them")
        told = [bool(one) for one in (self.cleared_by, self.cleared_on, self.note)]
        if any(told) and not all(told):
            raise ValueError("cleared_by, cleared_on and note go together; give all or none")
        return self

    @property
    def is_open(self) -> bool:
        """Whether nobody has validated it."""
        return self.cleared_by is None


class Answer(Model):
    """The answers to a form's question on which a rule acts."""

    step: int
    field: RoleId
    among: Annotated[tuple[RoleId, ...], Field(min_length=1)]


class Rule(Model):
    """If this, then that; measured by when it fired and when it was acted on.

    `asked` says when. `starts` are runbooks it starts; `steps` those it gates (held until
    it is met), times (due `within`) or holds changes for (until these are done); `answer` lets the
    bot see by itself that it applies, and so does `from_rank`: while the severity is that or worse.
    `calls` are the roles that are called when it applies, `calls_if_visible` those who are called
    besides, unless only people of the organisation can see what went wrong.
    """

    id: RoleId
    when: Sentence
    then: Sentence
    asked: Literal["start", "any_time", "answer", "severity", "recovery"] = "any_time"
    effect: Literal["starts", "gates", "times", "holds_changes", "escalates", "raises", "notes"]
    starts: tuple[BookId, ...] = ()
    steps: tuple[int, ...] = ()
    within: Span | None = None
    answer: Answer | None = None
    from_rank: Rank | None = None
    calls: tuple[RoleId, ...] = ()
    calls_if_visible: tuple[RoleId, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.asked == "severity") != (self.from_rank is not None):
            raise ValueError(
                "from_rank: give it where the rule is asked by severity, else leave it"
            )
        if (self.effect == "starts") != bool(self.starts):
            raise ValueError("starts: a rule that starts runbooks names them, and no other does")
        if self.effect in {"gates", "times", "holds_changes"} and not self.steps:
            raise ValueError(f"steps is empty, and the effect is {self.effect}; name the steps")
        if self.effect == "times" and self.within is None:
            raise ValueError("within is missing, and the effect is times; say within which time")
        if (self.asked == "answer") != (self.answer is not None):
            raise ValueError("answer: give it where the rule is asked on an answer, else leave it")
        return self


class StepNote(Model):
    """What a step also asks for in a context."""

    step: int
    also: Sentence


class Variant(Model):
    """The runbook in one context: what is asked, done and avoided besides."""

    context: Context
    applies_when: Phrase
    prerequisites: tuple[Prerequisite, ...] = ()
    notes: tuple[StepNote, ...] = ()
    do_not: tuple[Sentence, ...] = ()
    comms_triggers: tuple[Sentence, ...] = ()
