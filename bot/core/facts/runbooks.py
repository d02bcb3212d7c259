"""What is remembered of runbooks that are run?"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import AwareDatetime

from bot.core.facts import Fact, Words

Why = Literal["asked", "owed", "rule"]
Leaving = Literal["skipped", "waived", "not_applicable"]
Met = Literal["yes", "not_yet", "not_applicable"]
Decision = Literal["approved", "conditions", "refused"]
Shift = Literal["reopened", "answered", "proof_added", "proof_erased"]


class _Course(Fact):
    """Something that changes how far a run is, and nothing of who may read what."""

    is_drawn_later: ClassVar[bool] = True


class RunStarted(_Course):
    """A runbook is run from now on; `why` is "owed" where the governance tier asks for a record.

    `content` is the whole runbook as JSON, as it was then, overlay included: a later change of the
    files leaves the run as it is. It is text, because the log sorts keys and their order matters.
    `origin` is the incident and run that goes on here, after a merge.
    `edition` is its version, `sha256` and `overlay_sha256` are of the files. `rule` is that which
    started it, as "run/rule".
    """

    run: int
    runbook: str
    title: str
    edition: str
    sha256: str
    overlay_sha256: str | None = None
    content: str
    contexts: tuple[str, ...] = ()
    why: Why = "asked"
    rule: str | None = None
    origin: tuple[int, int] | None = None


class GovernanceTierSet(_Course):
    """How closely the incident is governed, 1 to 4; some runbooks owe a record from a tier on."""

    tier: int
    reason: Words | None = None


class PrerequisiteAnswered(_Course):
    """Whether something that a run needs is there; a later answer takes the place of an earlier."""

    run: int
    prerequisite: str
    met: Met
    note: Words | None = None
    people: tuple[str, ...] = ()


class OfStep(Fact):
    """Something about one step of one run."""

    run: int
    step: int


class _OnStep(OfStep):
    """The same, where it changes nothing of who may read what."""

    is_drawn_later: ClassVar[bool] = True


class StepClaimed(_OnStep):
    """Somebody says that a step is done; a second pair of eyes has yet to look."""

    note: Words | None = None


class StepDone(_OnStep):
    """A step is done; `first` did it where this is the second pair of eyes."""

    note: Words | None = None
    first: str | None = None


class StepLeft(_OnStep):
    """A step is not done, on purpose; what waited for it may go on."""

    how: Leaving
    reason: Words


class StepReopened(_OnStep):
    """A step is to be done again; what waits for it and was not done waits again."""

    reason: Words


class StepAdded(_OnStep):
    """A step that the runbook did not have, of the kind "manual"."""

    title: Words
    owner: str
    due_at: AwareDatetime | None = None


class StepReassigned(_OnStep):
    """A step is this person's now, whatever roles own it."""

    owner: str
    reason: Words


class StepBrought(_OnStep):
    """How far a step was in the incident that goes on here; `at` is since when, or when it ended.

    `by` ended it, `owner` was given it by name, `asked_by` asked for approval of it: they never
    give it here either. With an `edition` the answers in front of this are a whole form.
    """

    status: Literal["waiting", "active", "done", "left"]
    left: Leaving | None = None
    at: AwareDatetime | None = None
    by: str | None = None
    note: Words | None = None
    owner: str | None = None
    edition: int = 0
    asked_by: tuple[str, ...] = ()


class FieldAnswered(_OnStep):
    """An answer to a form's question; a later one takes its place. `draft` ones count later.

    `chosen` are what was chosen or counted, in the order of the input: ids of options, numbers,
    people, or a day; `text` is what was typed, `unknown` why nobody knows.
    """

    field: str
    chosen: tuple[str, ...] = ()
    text: Words | None = None
    unknown: Words | None = None


class FormAnswered(_OnStep):
    """A version of a form is complete; `fields` are those that differ from the version before."""

    edition: int
    fields: tuple[str, ...]


class ApprovalAsked(OfStep):
    """Somebody asks for approval; they can never give it. `approvers` were asked then."""

    ask: int
    text: Words
    approvers: tuple[str, ...]
    options: tuple[str, ...] = ()
    expires_at: AwareDatetime | None = None


class ApprovalAnswered(OfStep):
    """An approver decided, for the `seat` (the alias) they have; `conditions` are to be kept."""

    ask: int
    decision: Decision
    seat: str
    reason: Words
    conditions: Words | None = None
    options: tuple[str, ...] = ()


class ApprovalDelegated(OfStep):
    """An approver lets somebody else decide in their seat."""

    ask: int
    seat: str
    to: str
    reason: Words


class ApprovalWithdrawn(OfStep):
    """Whoever asked for approval no longer does."""

    ask: int


class ApprovalExpired(OfStep):
    """Nobody decided in time; it has to be asked for again."""

    ask: int


class ApprovalLapsed(OfStep):
    """What an approval rests on has changed, so it has to be decided again.

    `because_run` and `because` are the step that changed, `how` is what became of it. Whoever
    asked, or decided, did so for what was there before; nobody's right to decide changes.
    """

    ask: int
    because_run: int
    because: int
    how: Shift


class ProofAdded(_OnStep):
    """Evidence of these numbers (E-3 is 3) is what a step asks for as `kind`."""

    kind: str
    numbers: tuple[int, ...]


class TargetCalled(_OnStep):
    """Another system is called for a step; `send` is its name in the outbox."""

    target: str
    send: str


class TargetSettled(_OnStep):
    """What a system should have been told was done by hand."""

    target: str
    note: Words


class RuleFired(_Course):
    """An if-then rule of the runbook applies from now on."""

    run: int
    rule: str
    note: Words | None = None


class RuleMet(_Course):
    """What a rule asks for is done, or it is said why it is not: `is_met` False."""

    run: int
    rule: str
    is_met: bool = True
    note: Words | None = None


class RuleEscalated(_Course):
    """Who a rule that applies names was called, or somebody of that role was in hand already.

    `roles` are those that were called, `nobody` those for which there was nobody to call.
    """

    run: int
    rule: str
    roles: tuple[str, ...]
    nobody: tuple[str, ...] = ()


class ReviewLinked(_Course):
    """The post-incident review is booked, and here is where."""

    at: AwareDatetime
    link: str


class RunFinished(_Course):
    """All steps of a run are done or left, and the review is linked."""

    run: int


KINDS: tuple[type[Fact], ...] = (
    RunStarted,
    GovernanceTierSet,
    PrerequisiteAnswered,
    StepClaimed,
    StepDone,
    StepLeft,
    StepReopened,
    StepAdded,
    StepReassigned,
    StepBrought,
    FieldAnswered,
    FormAnswered,
    ApprovalAsked,
    ApprovalAnswered,
    ApprovalDelegated,
    ApprovalWithdrawn,
    ApprovalExpired,
    ApprovalLapsed,
    ProofAdded,
    TargetCalled,
    TargetSettled,
    RuleFired,
    RuleMet,
    RuleEscalated,
    ReviewLinked,
    RunFinished,
)
