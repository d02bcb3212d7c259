"""What is a step of a runbook, of each of the five kinds?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from runbooks.base import Model, Phrase, RoleId
from runbooks.fields import Field as Asked
from runbooks.fields import Options
from runbooks.sla import Sla
from runbooks.span import Time

Name = RoleId  # a role of roles.yaml or a title of titles.yaml
Names = Annotated[tuple[Name, ...], Field(min_length=1)]
Heading = Annotated[str, StringConstraints(min_length=3, max_length=75)]
Instruction = Annotated[str, StringConstraints(min_length=40, max_length=2500)]
Url = Annotated[str, StringConstraints(pattern=r"^https://\S{1,2000}$")]
Template = Literal["pagerduty", "jira", "github", "statuspage", "generic"]

# A modal takes 100 blocks; a page people can still read takes about twenty, and a form a few pages.
PAGE_BLOCKS = 20
MOST_PAGES = 6
# What a webhook's body may name; whoever sends it fills these in.
PLACEHOLDERS = (
    "incident.reference", "incident.title", "incident.severity", "incident.summary",
    "incident.declared_at", "incident.aware_at", "incident.room_url", "incident.ic",
    "runbook.title", "runbook.version", "step.title", "run.checklist", "review.due_on",
    "review.url", "tags",
)  # fmt: skip
_PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}")


def pages(asked: Sequence[Asked]) -> tuple[tuple[Asked, ...], ...]:
    """The questions, page by page, within what one modal can show."""
    found: list[list[Asked]] = [[]]
    for field in asked:
        used = sum(one.blocks for one in found[-1])
        if used + field.blocks > PAGE_BLOCKS:
            found.append([])
        found[-1].append(field)
    return tuple(map(tuple, found))


def _asks(name: str, asked: Sequence[Asked]) -> None:
    ids = [field.id for field in asked]
    for place, one in enumerate(ids):
        if one in ids[:place]:
            raise ValueError(f"{name}.{place}.id repeats {one}; give each its own")
    if (count := len(pages(asked))) > MOST_PAGES:
        raise ValueError(
            f"{name} fill {count} pages in Slack, and people fill {MOST_PAGES}; "
            "split the step in two"
        )


class Link(Model):
    """A tool or a page that whoever does the step opens."""

    label: Phrase
    url: Url


class Gate(Model):
    """When a step may start, and what it waits for at its end.

    `after` are the steps to be done first; none means that it may start now. `part` says what
    may start then, where the rest of the step waits for `completes_when`.
    """

    after: tuple[int, ...] = ()
    part: Phrase | None = None
    completes_when: Literal["review_linked"] | None = None


class _Step(Model):
    """What all steps have. `owner` are aliases: the first that somebody holds owns the step.

    `sla` starts when the step becomes active; `alarm_after` is when its being late is an alarm.
    `records` are what is written down when it is done, besides the questions of a form. Steps of
    several runbooks with the same `shares` are one act: it is done once for all that run at once.
    """

    n: int = Field(ge=1, le=40)
    title: Heading
    owner: Names
    supported_by: tuple[Name, ...] = ()
    sla: Sla
    sla_note: Phrase | None = None
    alarm_after: Time | None = None
    gate: Gate = Gate()
    shares: RoleId | None = None
    instruction: Instruction
    done_when: Phrase
    records: tuple[Asked, ...] = ()
    links: tuple[Link, ...] = ()

    @model_validator(mode="after")
    def _recorded(self) -> Self:
        _asks("records", self.records)
        return self

    @model_validator(mode="after")
    def _timed(self) -> Self:
        if self.sla.span is None and self.sla_note is None:
            raise ValueError("sla is per clock, and sla_note does not say which; add it")
        span = self.sla.span
        if self.alarm_after and span and span.time and self.alarm_after <= span.time:
            raise ValueError("alarm_after is not later than sla; make it the later")
        return self


class Manual(_Step):
    """Somebody does it and says so; `second_pair` asks for a second pair of eyes."""

    type: Literal["manual"]
    checks: Mapping[RoleId, Phrase] = Field(default={}, max_length=10)
    second_pair: bool = False

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.checks or self.records):
            raise ValueError("checks and records are both empty; say what shows that it is done")
        return self


class EvidenceKind(Model):
    """Evidence that is ticked off; `kind` is that of evidence.yaml, None the last one there."""

    id: RoleId
    kind: RoleId | None = None
    label: Phrase
    required: bool = True


class FileUpload(_Step):
    """At least one item, each with hash, kind, custodian and sensitivity.

    What is `restricted` is for a named group alone. A `sealed_copy` is opened by the policy's few;
    of each required kind there is a `redacted_copy` for everybody else.
    """

    type: Literal["file_upload"]
    evidence_kinds: Annotated[tuple[EvidenceKind, ...], Field(min_length=1, max_length=10)]
    restricted: bool = False
    sealed_copy: bool = False
    redacted_copy: bool = False

    @model_validator(mode="after")
    def _once(self) -> Self:
        ids = [kind.id for kind in self.evidence_kinds]
        for place, one in enumerate(ids):
            if one in ids[:place]:
                raise ValueError(f"evidence_kinds.{place}.id repeats {one}; give each its own")
        return self


class Form(_Step):
    """Questions; their answers are kept, every version of them."""

    type: Literal["form"]
    fields: Annotated[tuple[Asked, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _asks("fields", self.fields)
        return self


class Consent(Model):
    """Who decides and how. The requester never approves.

    `approvers` are aliases; `count` of them have to agree, one each where it is their number.
    `in_emergency` may decide alone; `drafted_by` write what is decided on. `expires` is how long a
    request waits, None until it is withdrawn.
    """

    approvers: Names
    count: int = Field(default=1, ge=1, le=5)
    in_emergency: tuple[Name, ...] = ()
    drafted_by: tuple[Name, ...] = ()
    four_eyes: Literal[True] = True
    conditions_allowed: bool = True
    expires: Time | None = None
    may_delegate: bool = True

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.count > len(self.approvers):
            raise ValueError(
                f"count is {self.count}, and approvers are {len(self.approvers)}; name more of them"
            )
        return self


class Approval(_Step):
    """A named approver agrees, agrees with conditions, or refuses, with a reason.

    `options` are what is chosen from, in rising force; `per` says for what each decision is made;
    `confirms` has to hold, each of it, before one can agree.
    """

    type: Literal["approval"]
    consent: Consent
    options: Options | None = None
    choose: Literal["one", "several"] = "several"
    per: Phrase | None = None
    confirms: Mapping[RoleId, Phrase] = Field(default={}, max_length=10)

    @model_validator(mode="after")
    def _own(self) -> Self:
        if self.shares:
            raise ValueError("shares is for what can be done for several runbooks; an approval is "
                             "given for what its own run found out, so take it out")  # fmt: skip
        return self


class Target(Model):
    """A system that is called; its address and secret come from the environment."""

    id: RoleId
    label: Phrase
    template: Template
    required: bool = True
    payload: Annotated[Mapping[str, str], Field(min_length=1)]

    @model_validator(mode="after")
    def _known(self) -> Self:
        for key, value in self.payload.items():
            for name in _PLACEHOLDER.findall(value):
                if name not in PLACEHOLDERS:
                    raise ValueError(
                        f"payload.{key} asks for {name}, which nothing fills in; "
                        f"use one of {', '.join(PLACEHOLDERS)}"
                    )
        return self


class Webhook(_Step):
    """Other systems are called, and what they answer is kept; `fires` says who begins."""

    type: Literal["webhook"]
    targets: Annotated[tuple[Target, ...], Field(min_length=1, max_length=10)]
    fires: Literal["by_hand", "by_itself"] = "by_hand"
    checks: Mapping[RoleId, Phrase] = Field(default={}, max_length=10)

    @model_validator(mode="after")
    def _once(self) -> Self:
        ids = [target.id for target in self.targets]
        for place, one in enumerate(ids):
            if one in ids[:place]:
                raise ValueError(f"targets.{place}.id repeats {one}; give each its own")
        return self


Step = Annotated[Manual | FileUpload | Form | Approval | Webhook, Field(discriminator="type")]
