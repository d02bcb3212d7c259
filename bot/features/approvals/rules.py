"""Who may ask for approval, give it, refuse it, or let somebody else decide?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from bot.core import calling, ids, typed
from bot.core.deadlines import Alarm
from bot.core.facts import runbooks as f
from bot.core.incident import IC, Incident
from bot.core.outcome import Context, Outcome, Person, Refused
from bot.core.runs import acts, answering, beginning, questions, seats
from bot.core.runs.model import Answer, Ask, Run, Runs, Step
from bot.features.approvals import blocks
from runbooks.steps import Approval

At = tuple[int, int]  # a run and a step


@dataclass(frozen=True)
class Request:
    """What is to be approved, and why."""

    at: At
    text: str
    options: tuple[str, ...] = ()
    values: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True)
class Decide:
    """A decision on request `ask`; `confirmed` is what holds, `options` what of it is approved."""

    at: At
    ask: int
    decision: f.Decision
    reason: str
    conditions: str = ""
    options: tuple[str, ...] = ()
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Delegate:
    """Somebody else decides in the seat of whoever asks."""

    at: At
    ask: int
    to: str | None
    reason: str


@typed.masks("a request for approval", typed.AGAIN, "text", "values", "unknown")
def ask(incident: Incident, request: Request, context: Context) -> Outcome:
    """Ask for approval: whoever asks never gives it, and somebody has to be there who can."""
    run, step, what = _meant(incident, request.at, context)
    if step.ask:
        raise Refused(f"<@{step.ask.by}> asked already, and it waits for an answer.")
    _require_offered(what, request.options, what.options or {})
    text = acts.words(request.text, "text")
    if text is None:
        raise Refused("Say what is to be decided, and why.", field="text")
    fields = questions.asked(step)
    answering.check_all(fields, request.values)
    people = _require_deciders(incident, step, what, context)
    span = what.consent.expires
    asked = f.ApprovalAsked(
        run=run.number,
        step=step.n,
        ask=len(step.asks) + 1,
        text=text,
        approvers=people,
        options=request.options,
        expires_at=context.now + span if span else None,
    )
    calls = (one for person in people for one in calling.let_in(incident, person, context.now))
    written = answering.complete(run, step, fields, request.values)
    return beginning.concluded((*written, asked), context) + Outcome(messages=tuple(calls))


@typed.masks("your decision", typed.AGAIN, "reason", "conditions")
def decide(incident: Incident, request: Decide, context: Context) -> Outcome:
    """Approve, with conditions or without, or refuse; with enough approvals the step is done."""
    run, step, what = _meant(incident, request.at, context)
    waiting = _waiting(step, request.ask, context)
    seat = _seat(incident, step, what, context)
    reason = acts.reason(request.reason)
    conditions = acts.words(request.conditions, "conditions")
    if request.decision == "conditions":
        if not what.consent.conditions_allowed:
            raise Refused("This is approved as it is asked, or refused.")
        if conditions is None:
            raise Refused("Say which conditions.", field="conditions")
    is_refused = request.decision == "refused"
    if not is_refused:
        _require_offered(what, request.options, waiting.options)
    missing = [one for id_, one in what.confirms.items() if id_ not in request.confirmed]
    if missing and not is_refused:
        raise Refused(f"It has to hold first: {missing[0]}.", field="confirms")
    fact = f.ApprovalAnswered(
        run=run.number,
        step=step.n,
        ask=waiting.number,
        decision=request.decision,
        seat=seat,
        reason=reason,
        conditions=conditions,
        options=() if is_refused else request.options,
    )
    after = beginning.after(context.states.of(Runs), (fact,), context).all[run.number - 1]
    asked = after.steps[step.n - 1].asks[-1]
    at = (run, step, asked)
    if is_refused:
        return Outcome((fact,), blocks.answer(incident, at, "refused", context.actor))
    if not seats.is_granted(what, asked):
        return Outcome((fact,))
    done = acts.done(run, step, context, conditions)
    told = Outcome(messages=blocks.answer(incident, at, "granted", context.actor))
    return beginning.concluded((fact, *done.facts[:1]), context) + told


@typed.masks("your reason", typed.AGAIN, "reason")
def delegate(incident: Incident, request: Delegate, context: Context) -> Outcome:
    """Let somebody else decide; never one who asked, nor a guest."""
    run, step, what = _meant(incident, request.at, context)
    waiting = _waiting(step, request.ask, context)
    if not what.consent.may_delegate:
        raise Refused("This cannot be handed on: decide yourself, or pass your role on.")
    owned = seats.owners(incident, what, context.policy, seats.requesters(step))
    mine = [seat for seat, person in owned.items() if person == context.actor]
    if not mine:
        raise Refused("Only whoever was asked for their role can let somebody else decide.")
    if request.to and context.people.get(request.to, Person(request.to)).is_guest:
        raise Refused(f"<@{request.to}> is a guest. Name somebody who works here.", field="person")
    to = acts.fit(incident, request.to, context)
    if to in {context.actor, *owned.values()}:
        raise Refused("They decide already. Name somebody else.", field="person")
    if to in seats.requesters(step):
        raise Refused(f"<@{to}> asked for it, so they cannot decide on it.", field="person")
    fact = f.ApprovalDelegated(
        run=run.number,
        step=step.n,
        ask=waiting.number,
        seat=mine[0],
        to=to,
        reason=acts.reason(request.reason),
    )
    return Outcome((fact,), calling.let_in(incident, to, context.now))


def withdraw(incident: Incident, request: tuple[At, int], context: Context) -> Outcome:
    """Ask no longer; whoever asked, or commands, may."""
    run, step, _ = _meant(incident, request[0], context)
    waiting = _waiting(step, request[1], context)
    if context.actor not in {waiting.by, incident.holder(IC)}:
        raise Refused(f"<@{waiting.by}> asked for it; they take it back.")
    gone = f.ApprovalWithdrawn(run=run.number, step=step.n, ask=waiting.number)
    told = blocks.answer(incident, (run, step, waiting), "withdrawn", context.actor)
    return Outcome((gone,), told)


def expire(incident: Incident, alarm: Alarm, context: Context) -> Outcome:
    """End a request that nobody decided in time."""
    at, n, number = map(int, alarm.about.split("/"))
    run = context.states.of(Runs).find(at)
    step = run.find(n) if run else None
    waiting = step.ask if step else None
    if run is None or step is None or waiting is None or waiting.number != number:
        return Outcome()
    if waiting.expires_at is None or waiting.expires_at > context.now:
        return Outcome()
    gone = f.ApprovalExpired(run=run.number, step=step.n, ask=number)
    told = blocks.answer(incident, (run, step, waiting), "expired", context.actor)
    return Outcome((gone,), told)


def _meant(incident: Incident, at: At, context: Context) -> tuple[Run, Step, Approval]:
    run, step = acts.active(incident, at, context)
    if not isinstance(step.what, Approval):
        raise Refused("This step takes no approval. Open it on the checklist.")
    return run, step, step.what


def _waiting(step: Step, number: int, context: Context) -> Ask:
    waiting = step.ask
    if waiting is None or waiting.number != number:
        raise Refused("This request is settled already. Nothing was changed.")
    if waiting.expires_at and waiting.expires_at <= context.now:
        raise Refused("This request has expired. It has to be asked for again.")
    return waiting


def _seat(incident: Incident, step: Step, what: Approval, context: Context) -> str:
    """The seat in which whoever acts decides; one that is not taken yet."""
    waiting = step.ask
    if waiting is None or context.actor in seats.requesters(step):
        raise Refused("You asked for this approval, so somebody else decides.")
    if acts.is_guest(context):
        raise Refused("You are a guest here. Somebody who works here decides.")
    if any(one.person == context.actor for one in waiting.verdicts):
        raise Refused("You have decided already. Nothing was changed.")
    taken = {one.seat for one in waiting.verdicts}
    deciding = seats.deciders(incident, step, what, waiting, context.policy)
    mine = [seat for seat, person in deciding.items() if person == context.actor]
    free = [seat for seat in mine if seat not in taken]
    if context.actor == ids.BOT or not free:
        raise Refused(f"This is up to {_named(deciding, what, context)}. Nothing was changed.")
    return free[0]


def _named(deciding: Mapping[str, str], what: Approval, context: Context) -> str:
    people = dict.fromkeys(f"<@{one}>" for one in deciding.values())
    return " and ".join(people) or acts.titled(what.consent.approvers, context.policy)


def _require_deciders(
    incident: Incident, step: Step, what: Approval, context: Context
) -> tuple[str, ...]:
    """Whom a request goes to; enough people have to be there who did not ask for it."""
    barred = seats.requesters(step) | {context.actor}
    owned = seats.owners(incident, what, context.policy, barred)
    regular = {person for seat, person in owned.items() if seat != seats.EMERGENCY}
    if len(regular) < what.consent.count and seats.EMERGENCY not in owned:
        who = acts.titled(what.consent.approvers, context.policy)
        raise Refused(
            f"It takes {what.consent.count} of those who are {who} and did not ask, and there "
            f"are {len(regular)}. Give somebody the role first: `{context.command} role`.",
            field="text",
        )
    return tuple(dict.fromkeys(owned.values()))


def _require_offered(what: Approval, options: tuple[str, ...], known: Collection[str]) -> None:
    """Of what can be chosen, something has to be, and nothing that was not asked for."""
    if not what.options:
        known = ()
    if any(one not in known for one in options):
        raise Refused("Choose of what was asked for.", field="options")
    if known and not options:
        raise Refused("Choose at least one.", field="options")
    if what.choose == "one" and len(options) > 1:
        raise Refused("Choose one.", field="options")
