"""Which systems does a step call, and when is it done?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.core import ids, typed, webhooks
from bot.core.deadlines import Alarm
from bot.core.facts import Fact, Words
from bot.core.facts import runbooks as f
from bot.core.facts.webhooks import WebhookFailed
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused
from bot.core.runs import acts, answering, beginning, filling, fold_calls, questions
from bot.core.runs.model import Answer, Run, Runs, Step
from runbooks.model import Target as System
from runbooks.steps import Target, Webhook

At = tuple[int, int]  # a run and a step


@dataclass(frozen=True)
class Fire:
    """The targets to call, with the values that the runbook cannot give."""

    at: At
    targets: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Finish:
    """What was ticked off and written down once all is sent; `by_hand` what was done otherwise."""

    at: At
    ticked: frozenset[str] = frozenset()
    values: Mapping[str, Answer] = field(default_factory=dict)
    by_hand: tuple[str, ...] = ()
    note: str = ""


def fire(incident: Incident, request: Fire, context: Context) -> Outcome:
    """Call systems; one that was called and did not fail is not called twice.

    What lacks a value is failed with the reason, and holds up nothing else.
    """
    run, step, what = _meant(incident, request.at, context)
    acts.require_owner(incident, run, step, context)
    targets = [one for one in what.targets if one.id in request.targets]
    if not targets or len(targets) < len(set(request.targets)):
        raise Refused("Choose what to send.", field="targets")
    for target in targets:
        _require_not_called((run, step, target), context)
    outcome = Outcome()
    for target in targets:
        outcome += _tried(incident, (run, step, target), request.values, context)
    failed = [one.reason for one in outcome.facts if isinstance(one, WebhookFailed)]
    if len(failed) == len(targets):
        raise Refused(" ".join(failed), field="targets")
    return outcome


@typed.masks("what you wrote to a step", typed.AGAIN, "note", "values", "text", "unknown")
def finish(incident: Incident, request: Finish, context: Context) -> Outcome:
    """Say that all is sent, or done by hand, and what goes with it: the step is done."""
    run, step, what = _meant(incident, request.at, context)
    acts.require_owner(incident, run, step, context)
    facts = _by_hand(step, what, request, context)
    after = beginning.after(context.states.of(Runs), facts, context)
    now = after.all[run.number - 1].steps[step.n - 1]
    if missing := _unsettled(after, run, now, what):
        raise Refused(f"{missing[0].label} is not settled: {_why(now, missing[0])}")
    acts.require_ticked(what.checks, request.ticked)
    fields = questions.asked(step)
    answering.check_all(fields, request.values)
    written = answering.complete(run, step, fields, request.values)
    note = acts.words(request.note, "note")
    done = acts.done(run, now, context, note).facts[:1]
    return beginning.concluded((*facts, *written, *done), context)


@typed.masks("what you wrote to a step", typed.AGAIN, "note", "values", "text", "unknown")
def settle(incident: Incident, request: Finish, context: Context) -> Outcome:
    """Say that what a system should have been told was done by hand."""
    run, step, what = _meant(incident, request.at, context)
    acts.require_owner(incident, run, step, context)
    facts = _by_hand(step, what, request, context)
    if not facts:
        raise Refused("Choose what was done by hand.", field="by_hand")
    return Outcome(facts)


def follow(_incident: Incident, came: webhooks.Came, context: Context) -> Outcome:
    """What a call-back ends: the step, where nothing else is left of it."""
    place = fold_calls.place(came.sent.about)
    run = context.states.of(Runs).find(place[0]) if place else None
    step = run.find(place[1]) if run and place else None
    if run is None or step is None or not isinstance(step.what, Webhook):
        return Outcome()
    if not isinstance(came, webhooks.CalledBack) or not came.is_done or step.status != "active":
        return Outcome()
    called = step.calls.get(place[2]) if place else None
    if called is None or called.send != came.sent.name:
        return Outcome()
    after = {**step.calls, came.sent.target: replace(called, status="called_back")}
    now = replace(step, calls=after)
    runs = context.states.of(Runs)
    if _unsettled(runs, run, now, step.what) or step.what.checks or questions.asked(step):
        return Outcome()
    if run.held(step.n):
        return Outcome()
    if step.what.gate.completes_when and context.states.of(Runs).review is None:
        return Outcome()
    return beginning.concluded((f.StepDone(run=run.number, step=step.n),), context)


def by_itself(incident: Incident, alarm: Alarm, context: Context) -> Outcome:
    """Call what a step calls by itself as soon as it is active; what lacks a value is failed."""
    at, n = map(int, alarm.about.split("/"))
    run = context.states.of(Runs).find(at)
    step = run.find(n) if run else None
    if run is None or step is None or not isinstance(step.what, Webhook) or step.calls:
        return Outcome()
    outcome = Outcome()
    for target in step.what.targets:
        outcome += _tried(incident, (run, step, target), {}, context)
    return outcome


def _meant(incident: Incident, at: At, context: Context) -> tuple[Run, Step, Webhook]:
    run, step = acts.active(incident, at, context)
    if not isinstance(step.what, Webhook):
        raise Refused("This step calls no other system. Open it on the checklist.")
    return run, step, step.what


def _tried(
    incident: Incident,
    about: tuple[Run, Step, Target],
    values: Mapping[str, str],
    context: Context,
) -> Outcome:
    """The call; where it cannot go out, that it failed and what it lacks."""
    run, step, target = about
    try:
        return _called(incident, about, values, context)
    except Refused as refused:
        name = _send(incident, run, step, target)
        called = f.TargetCalled(run=run.number, step=step.n, target=target.id, send=name)
        place = fold_calls.about(run.number, step.n, target.id)
        failed = WebhookFailed(send=name, about=place, target=target.id, reason=str(refused))
        return Outcome((called, failed))


def _require_not_called(about: tuple[Run, Step, Target], context: Context) -> None:
    """Let only be called what was not called yet, or failed."""
    run, step, target = about
    before = step.calls.get(target.id)
    if before and before.status != "failed":
        raise Refused(f"{target.label} was called already. Nothing was sent.", field="targets")
    if shared := filling.elsewhere(context.states.of(Runs), run, target):
        other = shared[0].number
        raise Refused(
            f"{target.label} was called for runbook {other} already; that does for both.",
            field="targets",
        )


def _called(
    incident: Incident,
    about: tuple[Run, Step, Target],
    values: Mapping[str, str],
    context: Context,
) -> Outcome:
    """The call and what is owed by it; a test is recorded and calls nobody."""
    run, step, target = about
    _require_not_called(about, context)
    system = system_of(target, context)
    name = _send(incident, run, step, target)
    given = filling.values(incident, (run, step, target), context)
    said = {name: ids.clean(value) for name, value in values.items() if value}
    message = webhooks.send(
        _sent(name, run, step, target), incident.number, system, {**given, **said}
    )
    fact = f.TargetCalled(run=run.number, step=step.n, target=target.id, send=name)
    if not incident.is_test:
        return Outcome((fact,), (message,))
    told = Words("A test: nothing was sent.")
    settled = f.TargetSettled(run=run.number, step=step.n, target=target.id, note=told)
    return Outcome((fact, settled))


def system_of(target: Target, context: Context) -> System:
    """The system of webhooks.yaml that a step's target means: by its id, else by its template.

    Raises:
        Refused: there is none.
    """
    known = context.policy.webhooks
    system = known.find(target.id) or known.find(target.template)
    if system is None:
        raise Refused(
            f"webhooks.yaml has no target {target.id} or {target.template}. Whoever runs the bot "
            "adds it; until then do it by hand."
        )
    return system


def _send(incident: Incident, run: Run, step: Step, target: Target) -> str:
    """The name under which it is sent: another for each try of a person's."""
    return (
        f"{ids.reference(incident.number)}/step/{run.number}/{step.n}/{target.id}/"
        f"{incident.last_seq + 1}"
    )


def _sent(name: str, run: Run, step: Step, target: Target) -> webhooks.Sent:
    return webhooks.Sent(name, fold_calls.about(run.number, step.n, target.id), target.id)


def _by_hand(step: Step, what: Webhook, request: Finish, context: Context) -> tuple[Fact, ...]:
    known = {one.id for one in what.targets}
    facts: list[Fact] = []
    for id_ in request.by_hand:
        call = step.calls.get(id_)
        if id_ not in known or (call and call.is_settled):
            raise Refused("That is settled already.", field="by_hand")
        note: Words = acts.reason(request.note, "note")
        run, n = request.at
        facts.append(f.TargetSettled(run=run, step=n, target=id_, note=note))
    return tuple(facts)


def _unsettled(runs: Runs, run: Run, step: Step, what: Webhook) -> list[Target]:
    """The required targets that nobody called, that wait, or that failed."""
    missing = []
    for one in what.targets:
        shared = filling.elsewhere(runs, run, one)
        call = step.calls.get(one.id) or (shared[1] if shared else None)
        if one.required and not (call and call.is_settled):
            missing.append(one)
    return missing


def _why(step: Step, target: Target) -> str:
    call = step.calls.get(target.id)
    if call is None:
        return "nobody sent it. Send it, or say that it was done by hand."
    if call.status == "failed":
        return f"it failed ({call.note}). Send it again, or say that it was done by hand."
    return "it is on its way. Come back when the thread says what came of it."
