"""Who may leave a step out, give it away or add one, and say that a rule applies?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.core import calling, rights, typed
from bot.core.facts import runbooks as f
from bot.core.incident import Incident
from bot.core.messages import Message
from bot.core.outcome import Context, Outcome, Refused
from bot.core.runs import acts, beginning, lapsing, seats
from bot.core.runs.model import Run, Runs, Step
from bot.features.steering import blocks
from runbooks.steps import Approval

At = tuple[int, int]  # a run and a step
MOST_STEPS = 40


@dataclass(frozen=True)
class Change:
    """Something else about a step: `person` is for another owner."""

    at: At
    reason: str
    person: str | None = None


@dataclass(frozen=True)
class Add:
    """A step of the room's own, in a run."""

    run: int
    title: str
    owner: str | None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Said:
    """Which rules of a run apply from now on, which are met, and which do not apply after all."""

    run: int
    applies: tuple[str, ...] = ()
    met: tuple[str, ...] = ()
    not_met: tuple[str, ...] = ()
    note: str = ""


@typed.masks("your reason", typed.AGAIN, "reason")
def leave(incident: Incident, request: tuple[Change, f.Leaving], context: Context) -> Outcome:
    """Leave a step out, with a reason; whoever commands decides, of approvals an approver."""
    change, how = request
    run, step = acts.meant(incident, change.at, context)
    if step.is_closed:
        raise Refused(f"{acts.named(run, step)} is {acts.said_closed(step)} already.")
    _require_may_leave(incident, run, step, how, context)
    said = acts.reason(change.reason)
    left = f.StepLeft(run=run.number, step=step.n, how=how, reason=said)
    return beginning.concluded((left,), context)


@typed.masks("your reason", typed.AGAIN, "reason")
def reopen(incident: Incident, request: Change, context: Context) -> Outcome:
    """Do a step again; what was decided on the strength of it has to be decided again."""
    run, step = acts.meant(incident, request.at, context)
    if not step.is_closed:
        raise Refused(f"{acts.named(run, step)} is open already.")
    acts.require_owner(incident, run, step, context)
    said = acts.reason(request.reason)
    again = f.StepReopened(run=run.number, step=step.n, reason=said)
    after = beginning.after(context.states.of(Runs), (again,), context)
    return lapsing.lapsed(incident, after, again)


@typed.masks("your reason", typed.AGAIN, "reason")
def reassign(incident: Incident, request: Change, context: Context) -> Outcome:
    """Give a step to another person, with a reason; an approval stays its approvers'."""
    run, step = acts.meant(incident, request.at, context)
    if step.is_closed:
        raise Refused(f"{acts.named(run, step)} is {acts.said_closed(step)} already.")
    acts.require_owner(incident, run, step, context)
    person = acts.fit(incident, request.person, context)
    if person == acts.owner(incident, step, context.policy):
        raise Refused(f"It is <@{person}>'s already.", field="person")
    said = acts.reason(request.reason)
    given = f.StepReassigned(run=run.number, step=step.n, owner=person, reason=said)
    return Outcome((given,), calling.let_in(incident, person, context.now))


@typed.masks("the title of a step", typed.AGAIN, "title")
def add(incident: Incident, request: Add, context: Context) -> Outcome:
    """Add a step that the runbook did not have; it may start at once."""
    rights.require_at_work(incident, context)
    run = acts.run(request.run, context)
    if len(run.steps) >= MOST_STEPS:
        raise Refused(f"A run has {MOST_STEPS} steps at most. Make it a task instead.")
    title = acts.words(request.title, "title", 75)
    if title is None:
        raise Refused("Say what is to be done.", field="title")
    if request.due_at and request.due_at <= context.now:
        raise Refused("That time is over. Give a later one.", field="due_at")
    person = acts.fit(incident, request.owner, context)
    n = len(run.steps) + 1
    added = f.StepAdded(run=run.number, step=n, title=title, owner=person, due_at=request.due_at)
    return Outcome((added,), calling.let_in(incident, person, context.now))


@typed.masks("your note to a rule", typed.AGAIN, "note")
def rule(incident: Incident, request: Said, context: Context) -> Outcome:
    """Say which rules apply, and of which what they ask for is done; some start runbooks."""
    rights.require_at_work(incident, context)
    run = acts.run(request.run, context)
    note = acts.words(request.note, "note")
    if request.not_met and note is None:
        raise Refused("Say why it does not apply.", field="note")
    known = {one.id for one in run.book.rules} - {*run.fired}
    if noted := [one for one in request.applies if one not in known]:
        field = acts.rule_field(noted[0])
        raise Refused("That is noted already. Open Rules again.", field=field)
    waiting = {id_ for id_, one in run.fired.items() if one.acted_at is None}
    if gone_on := {*request.met, *request.not_met} - waiting:
        field = acts.rule_field(min(gone_on))
        raise Refused("It waits for nothing any more. Open Rules again.", field=field)
    if both := {*request.met} & {*request.not_met}:
        field = acts.rule_field(min(both))
        raise Refused("Either it is done or it does not apply: tick one.", field=field)
    if any(one.starts for one in run.book.rules if one.id in request.applies):
        rights.require(incident, context, "run")
    fired = [f.RuleFired(run=run.number, rule=one, note=note) for one in request.applies]
    met = [f.RuleMet(run=run.number, rule=one, note=note) for one in request.met]
    gone = [f.RuleMet(run=run.number, rule=one, is_met=False, note=note) for one in request.not_met]
    outcome = beginning.concluded((*fired, *met, *gone), context)
    return outcome + Outcome(messages=tuple(_told(incident, run, request.applies)))


def _told(incident: Incident, run: Run, applies: tuple[str, ...]) -> Iterator[Message]:
    """What the room reads at once of rules that want something done within a time."""
    for one in run.book.rules:
        if one.id in applies and one.effect == "raises":
            yield blocks.applies(incident, run, one)


def _require_one_decides(what: Approval) -> None:
    if what.consent.count > 1:
        raise Refused(
            f"{what.consent.count} people decide this. Ask for approval, and say there that it "
            "does not apply."
        )


def _require_may_leave(
    incident: Incident, run: Run, step: Step, how: f.Leaving, context: Context
) -> None:
    if step.claimed_by == context.actor:
        raise Refused(
            f"You said that {acts.named(run, step)} is done, so somebody else looks at it."
        )
    if not isinstance(step.what, Approval):
        rights.require(incident, context, "waive")
        return
    # Or whoever wants the change could leave out the consent to it.
    acts.active(incident, (run.number, step.n), context)
    _require_one_decides(step.what)
    owned = seats.owners(incident, step.what, context.policy, seats.requesters(step))
    regular = {person for seat, person in owned.items() if seat != seats.EMERGENCY}
    if how == "not_applicable" and context.actor in regular and not acts.is_guest(context):
        return
    who = acts.titled(step.what.consent.approvers, context.policy)
    raise Refused(
        f"{acts.named(run, step)} is an approval: it is given or refused, and only its approver "
        f"({who}) can say that it does not apply."
    )
