"""How far is each run after one more fact?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import singledispatch

from bot.core.facts import Fact, Recorded
from bot.core.facts import runbooks as f
from bot.core.facts.incidents import (
    DetailsFilled,
    IncidentClosed,
    IncidentDeclared,
    IncidentReopened,
)
from bot.core.facts.roles import RoleAccepted, RoleDropped
from bot.core.facts.severity import Classified, SeverityChanged
from bot.core.facts.status import DuplicateReopened, IncidentCancelled, IncidentMerged
from bot.core.facts.webhooks import WebhookAnswered, WebhookCalledBack, WebhookFailed
from bot.core.runs import fold_approvals as approvals
from bot.core.runs import fold_begin as begin
from bot.core.runs import fold_calls as calls
from bot.core.runs import fold_ends as ends
from bot.core.runs import fold_gates as gates
from bot.core.runs.lapsing import shaken
from bot.core.runs.model import Answer, Fired, Review, Run, Runs, Step
from runbooks.sla import Sla
from runbooks.steps import Gate, Manual


def fold(runs: Runs, recorded: Recorded) -> Runs:
    """The runs after one more fact; a step becomes active when what it waits for is closed."""
    after = _after(recorded.fact, runs, recorded)
    after = shaken(after, recorded)
    return after if after is runs else gates.settled(after, recorded.at)


@singledispatch
def _after(_fact: Fact, runs: Runs, _recorded: Recorded) -> Runs:
    return runs


_after.register(f.RunStarted, begin.started)
_after.register(f.PrerequisiteAnswered, begin.prepared)


@_after.register
def _(fact: IncidentDeclared, runs: Runs, recorded: Recorded) -> Runs:
    return replace(_held(runs, fact.declarer or recorded.actor, "ic", recorded), rank=fact.rank)


@_after.register
def _(fact: RoleAccepted, runs: Runs, recorded: Recorded) -> Runs:
    return _held(runs, fact.person, fact.role, recorded)


@_after.register
def _(fact: RoleDropped, runs: Runs, recorded: Recorded) -> Runs:
    return replace(runs, vacated={**runs.vacated, fact.role: (fact.person, recorded.at)})


def _held(runs: Runs, person: str, role: str, recorded: Recorded) -> Runs:
    roles = {role: recorded.at, **runs.held.get(person, {})}
    return replace(runs, held={**runs.held, person: roles})


@_after.register
def _(fact: DetailsFilled, runs: Runs, _recorded: Recorded) -> Runs:
    tier = runs.tier if fact.governance_tier is None else fact.governance_tier
    return replace(runs, family=fact.family or runs.family, tier=tier)


@_after.register
def _(fact: Classified, runs: Runs, _recorded: Recorded) -> Runs:
    return replace(runs, failure_mode=fact.failure_mode or runs.failure_mode)


@_after.register
def _(fact: f.GovernanceTierSet, runs: Runs, _recorded: Recorded) -> Runs:
    return replace(runs, tier=fact.tier)


@_after.register
def _(fact: f.ReviewLinked, runs: Runs, _recorded: Recorded) -> Runs:
    return replace(runs, review=Review(fact.at, fact.link))


@_after.register
def _(fact: f.StepClaimed, runs: Runs, recorded: Recorded) -> Runs:
    return _step(runs, fact, claimed_by=recorded.actor, note=fact.note)


@_after.register
def _(fact: f.StepDone, runs: Runs, recorded: Recorded) -> Runs:
    by = fact.first or recorded.actor
    step = _of(runs, fact)
    note = " · ".join(one for one in (step.note if fact.first else None, fact.note) if one)
    closed = {"closed_at": recorded.at, "closed_by": by, "note": note or None}
    closed["checked_by"] = recorded.actor if fact.first else None
    asks = approvals.granted(step.asks)
    return _step(runs, fact, status="done", left=None, asks=asks, **closed)


@_after.register
def _(fact: f.StepLeft, runs: Runs, recorded: Recorded) -> Runs:
    closed = {"closed_at": recorded.at, "closed_by": recorded.actor, "note": fact.reason}
    return _step(runs, fact, status="left", left=fact.how, **closed)


@_after.register
def _(fact: f.StepReopened, runs: Runs, recorded: Recorded) -> Runs:
    begun = {"status": "active", "active_at": recorded.at, "note": fact.reason}
    ended = dict.fromkeys(("closed_at", "closed_by", "left", "claimed_by", "checked_by"))
    return _step(runs, fact, **begun, **ended)


@_after.register
def _(fact: f.StepAdded, runs: Runs, recorded: Recorded) -> Runs:
    run = runs.all[fact.run - 1]
    # Typed words may be shorter or longer than those of a runbook's file.
    what = Manual.model_construct(
        type="manual", n=fact.step, title=str(fact.title), owner=(), supported_by=(), sla=Sla(None),
        sla_note=None, alarm_after=None, gate=Gate(), instruction=str(fact.title),
        done_when="Whoever does it says that it is done.", links=(), checks={}, records=(),
        second_pair=False,
    )  # fmt: skip
    step = Step(
        what, "active", active_at=recorded.at, begun_at=recorded.at, owner=fact.owner,
        due_at=fact.due_at, is_added=True,
    )  # fmt: skip
    return _with(runs, replace(run, steps=(*run.steps, step), finished_at=None))


@_after.register
def _(fact: f.StepReassigned, runs: Runs, recorded: Recorded) -> Runs:
    return _step(runs, fact, owner=fact.owner, given_at=recorded.at)


@_after.register
def _(fact: f.StepBrought, runs: Runs, recorded: Recorded) -> Runs:
    return _step(runs, fact, **begin.brought(_of(runs, fact), fact, recorded))


@_after.register
def _(fact: f.FieldAnswered, runs: Runs, _recorded: Recorded) -> Runs:
    said = Answer(fact.chosen, fact.text, fact.unknown)
    return _step(runs, fact, drafts={**_of(runs, fact).drafts, fact.field: said})


@_after.register
def _(fact: f.FormAnswered, runs: Runs, _recorded: Recorded) -> Runs:
    step = _of(runs, fact)
    answers = {**step.answers, **step.drafts}
    return _step(runs, fact, edition=fact.edition, answers=answers, drafts={})


@_after.register(f.ApprovalAsked)
@_after.register(f.ApprovalAnswered)
@_after.register(f.ApprovalDelegated)
@_after.register(f.ApprovalWithdrawn)
@_after.register(f.ApprovalExpired)
def _(fact: approvals.OfApproval, runs: Runs, recorded: Recorded) -> Runs:
    return _step(runs, fact, asks=approvals.after(_of(runs, fact), fact, recorded))


@_after.register
def _(fact: f.ApprovalLapsed, runs: Runs, recorded: Recorded) -> Runs:
    step = _of(runs, fact)
    asks = approvals.after(step, fact, recorded)
    if step.status != "done":
        return _step(runs, fact, asks=asks)
    again = {"status": "active", "active_at": recorded.at, "closed_at": None, "closed_by": None}
    return _step(runs, fact, asks=asks, note=None, **again)


@_after.register
def _(fact: f.ProofAdded, runs: Runs, _recorded: Recorded) -> Runs:
    known = _of(runs, fact).proofs
    numbers = dict.fromkeys([*known.get(fact.kind, ()), *fact.numbers])
    return _step(runs, fact, proofs={**known, fact.kind: tuple(numbers)})


@_after.register
def _(fact: f.TargetCalled, runs: Runs, recorded: Recorded) -> Runs:
    return _step(runs, fact, calls=calls.called(_of(runs, fact), fact, recorded))


@_after.register
def _(fact: f.TargetSettled, runs: Runs, recorded: Recorded) -> Runs:
    return _step(runs, fact, calls=calls.settled(_of(runs, fact), fact, recorded))


@_after.register(WebhookAnswered)
@_after.register(WebhookFailed)
@_after.register(WebhookCalledBack)
def _(fact: calls.Came, runs: Runs, _recorded: Recorded) -> Runs:
    place = calls.place(fact.about)
    run = runs.find(place[0]) if place else None
    step = run.find(place[1]) if run and place else None
    if run is None or step is None:
        return runs
    about = f.OfStep(run=run.number, step=step.n)
    return _step(runs, about, calls=calls.came(step, fact))


@_after.register
def _(fact: f.RuleFired, runs: Runs, recorded: Recorded) -> Runs:
    run = runs.all[fact.run - 1]
    rule = next(one for one in run.book.rules if one.id == fact.rule)
    fired = Fired(rule, recorded.at, recorded.actor, note=fact.note)
    return _with(runs, replace(run, fired={**run.fired, fact.rule: fired}))


@_after.register
def _(fact: f.RuleMet, runs: Runs, recorded: Recorded) -> Runs:
    run = runs.all[fact.run - 1]
    met = replace(run.fired[fact.rule], acted_at=recorded.at, is_met=fact.is_met, note=fact.note)
    return _with(runs, replace(run, fired={**run.fired, fact.rule: met}))


@_after.register
def _(fact: f.RuleEscalated, runs: Runs, _recorded: Recorded) -> Runs:
    run = runs.all[fact.run - 1]
    called = replace(run.fired[fact.rule], has_called=True)
    return _with(runs, replace(run, fired={**run.fired, fact.rule: called}))


@_after.register
def _(fact: SeverityChanged, runs: Runs, recorded: Recorded) -> Runs:
    is_worse = fact.rank < runs.rank
    every = tuple(_raised(run, recorded.at) if is_worse else run for run in runs.all)
    return replace(runs, all=every, rank=fact.rank)


def _raised(run: Run, at: datetime) -> Run:
    """The run, where rules that ask for a worse severity are met."""
    fired = {id_: gates.met(one, at, one.rule.effect == "raises") for id_, one in run.fired.items()}
    return replace(run, fired=fired)


_after.register(IncidentClosed, ends.ended)
_after.register(IncidentCancelled, ends.ended)
_after.register(IncidentMerged, ends.ended)
_after.register(IncidentReopened, ends.begun_again)
_after.register(DuplicateReopened, ends.parted)


@_after.register
def _(fact: f.RunFinished, runs: Runs, recorded: Recorded) -> Runs:
    return _with(runs, replace(runs.all[fact.run - 1], finished_at=recorded.at))


def _of(runs: Runs, fact: f.OfStep) -> Step:
    return runs.all[fact.run - 1].steps[fact.step - 1]


def _with(runs: Runs, run: Run) -> Runs:
    return replace(runs, all=tuple(run if one.number == run.number else one for one in runs.all))


def _step(runs: Runs, fact: f.OfStep, **values: object) -> Runs:
    run = runs.all[fact.run - 1]
    after = replace(run.steps[fact.step - 1], **values)  # type: ignore[arg-type]
    steps = (*run.steps[: fact.step - 1], after, *run.steps[fact.step :])
    is_open_again = after.status == "active" and run.finished_at is not None
    end = None if is_open_again else run.finished_at
    return _with(runs, replace(run, steps=steps, finished_at=end))
