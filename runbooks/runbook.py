"""What is a runbook?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from runbooks.base import Model, RoleId
from runbooks.fields import answers
from runbooks.parts import (
    BookId,
    Containment,
    Context,
    Prerequisite,
    ReviewMarker,
    Rule,
    Sentence,
    Severity,
    Variant,
)
from runbooks.steps import Form, Heading, Instruction, Link, Step

Version = Annotated[str, StringConstraints(pattern=r"^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$")]
Family = Literal["functional", "safety", "narrative"]
Sentences = Annotated[tuple[Sentence, ...], Field(min_length=1)]


class Runbook(Model):
    """A checklist with owners, kinds, deadlines and proof, and when and why to start it.

    `governance_tier_min` is the tier from which a run record is owed; None: never by tier alone.
    """

    id: BookId
    title: Heading
    version: Version
    last_reviewed: date
    review_interval_days: int = Field(ge=1, le=1100)
    estimated_minutes: int = Field(ge=1, le=1440)
    kind: Literal["operational"]
    category: Literal["incident"]
    is_template: bool = True
    severity: Severity
    families: Annotated[tuple[Family, ...], Field(min_length=1)]
    failure_modes: tuple[RoleId, ...] = ()
    governance_tier_min: int | None = Field(default=None, ge=1, le=4)
    purpose: Instruction
    when_to_use: Sentences
    detection: Sentences
    triage: Sentences
    prerequisites: Annotated[tuple[Prerequisite, ...], Field(min_length=1)]
    fast_lever: Sentence
    diagnostic_question: Sentence
    provisional_containment: Sentence
    containment: Annotated[tuple[Containment, ...], Field(min_length=1)]
    do_not: Sentences
    escalate_if: Sentences
    comms_triggers: Sentences
    recovery_checks: Sentences
    review_questions: tuple[Sentence, ...] = ()
    rules: tuple[Rule, ...] = ()
    variants: tuple[Variant, ...] = ()
    links: tuple[Link, ...] = ()
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    ir_review: Annotated[tuple[ReviewMarker, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _numbered(self) -> Self:
        for place, step in enumerate(self.steps):
            if step.n != place + 1:
                raise ValueError(
                    f"steps.{place}.n is {step.n}, not {place + 1}; number them in order, from 1"
                )
        for name in ("prerequisites", "containment", "ir_review", "rules"):
            _once(name, "id", [one.id for one in getattr(self, name)])
        _once("variants", "context", [one.context for one in self.variants])
        return self

    @model_validator(mode="after")
    def _shared(self) -> Self:
        _once("steps", "shares", [step.shares or f"\n{step.n}" for step in self.steps])
        for place, step in enumerate(self.steps):
            waits = [n for n in step.gate.after if n <= len(self.steps)]
            if step.shares and any(self.steps[n - 1].type == "approval" for n in waits):
                raise ValueError(
                    f"steps.{place}.shares: step {step.n} waits for an approval, which holds for "
                    "this runbook alone; take shares out"
                )
        return self

    @model_validator(mode="after")
    def _steps_named(self) -> Self:
        last = len(self.steps)
        for where, n in self._mentioned():
            if not 1 <= n <= last:
                raise ValueError(
                    f"{where} names step {n}, which is not here; use one of 1 to {last}"
                )
        return self

    @model_validator(mode="after")
    def _without_a_circle(self) -> Self:
        waits = {
            step.n: {*step.gate.after, *([step.sla.after] if step.sla.after else [])}
            for step in self.steps
        }
        try:
            TopologicalSorter(waits).prepare()
        except CycleError as error:
            ring = sorted({int(n) for n in error.args[1]})
            who = f"steps {', '.join(map(str, ring))} wait for each other"
            if len(ring) == 1:
                who = f"step {ring[0]} waits for itself"
            raise ValueError(
                f"steps.{ring[0] - 1}.gate.after: {who}; let one of them start without the other"
            ) from error
        return self

    @model_validator(mode="after")
    def _answers(self) -> Self:
        for place, rule in enumerate(self.rules):
            if rule.answer is None:
                continue
            where = f"rules.{place}.answer"
            asked = self.step(rule.answer.step)
            if not isinstance(asked, Form):
                raise ValueError(
                    f"{where}.step names step {asked.n}, which is no form; name a form"
                )
            field = next((one for one in asked.fields if one.id == rule.answer.field), None)
            if field is None:
                raise ValueError(
                    f"{where}.field names {rule.answer.field}, which step {asked.n} does not ask; "
                    f"use one of {', '.join(one.id for one in asked.fields)}"
                )
            known = answers(field) or ()
            if missing := [one for one in rule.answer.among if one not in known]:
                raise ValueError(
                    f"{where}.among names {missing[0]}, which is no answer there; "
                    f"use one of {', '.join(known) or 'those of a choice'}"
                )
        return self

    def _mentioned(self) -> Iterator[tuple[str, int]]:
        for place, step in enumerate(self.steps):
            yield from ((f"steps.{place}.gate.after", n) for n in step.gate.after)
            if step.sla.after is not None:
                yield f"steps.{place}.sla", step.sla.after
        for place, variant in enumerate(self.variants):
            for at, note in enumerate(variant.notes):
                yield f"variants.{place}.notes.{at}.step", note.step
        yield from self._marked_or_ruled()

    def _marked_or_ruled(self) -> Iterator[tuple[str, int]]:
        for place, marker in enumerate(self.ir_review):
            if marker.step is not None:
                yield f"ir_review.{place}.step", marker.step
        for place, rule in enumerate(self.rules):
            yield from ((f"rules.{place}.steps", n) for n in rule.steps)
            if rule.answer:
                yield f"rules.{place}.answer.step", rule.answer.step

    def step(self, n: int) -> Step:
        """The step of that number.

        Raises:
            KeyError: there is none.
        """
        if not 1 <= n <= len(self.steps):
            raise KeyError(n)
        return self.steps[n - 1]

    def may_start(self, done: Collection[int]) -> tuple[Step, ...]:
        """The steps not done whose gate lets them start, in order."""
        return tuple(
            step for step in self.steps if step.n not in done and set(step.gate.after) <= set(done)
        )

    def open_markers(self, n: int | None = None) -> tuple[ReviewMarker, ...]:
        """What nobody validated yet: of step `n`, or of the whole runbook where it is None."""
        return tuple(one for one in self.ir_review if one.is_open and (n is None or one.step == n))

    def variant(self, context: Context) -> Variant | None:
        """What differs in that context; None where nothing does."""
        return next((one for one in self.variants if one.context == context), None)


def is_review_overdue(runbook: Runbook, today: date) -> bool:
    """Whether its last review is longer ago than its interval allows."""
    return (today - runbook.last_reviewed).days > runbook.review_interval_days


def _once(name: str, key: str, ids: Sequence[str]) -> None:
    for place, one in enumerate(ids):
        if one in ids[:place]:
            raise ValueError(f"{name}.{place}.{key} repeats {one}; give each its own")
