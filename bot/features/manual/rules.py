"""Who may say that a manual step is done?"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.facts import runbooks as f
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused
from bot.core.runs import acts
from runbooks.steps import Manual

At = tuple[int, int]  # a run and a step


@dataclass(frozen=True)
class Finish:
    """A step that is done, with what was ticked off."""

    at: At
    ticked: frozenset[str]
    note: str = ""


def finish(incident: Incident, request: Finish, context: Context) -> Outcome:
    """Say that a manual step is done; where it needs a second pair of eyes, the first of two."""
    run, step = acts.active(incident, request.at, context)
    if not isinstance(step.what, Manual):
        raise Refused(f"{acts.named(run, step)} is done by what it asks for. Open it.")
    acts.require_owner(incident, run, step, context)
    if step.claimed_by:
        raise Refused(f"<@{step.claimed_by}> said that it is done; somebody else has to look.")
    _require_ticked(incident, step.what, request, context)
    note = acts.words(request.note, "note")
    if not step.what.second_pair:
        return acts.done(run, step, context, note)
    acts.done(run, step, context, note)  # what would hold it later holds it now
    return Outcome((f.StepClaimed(run=run.number, step=step.n, note=note),))


def confirm(incident: Incident, request: Finish, context: Context) -> Outcome:
    """Say as the second pair of eyes that a step is done; never the one who did it."""
    run, step = acts.active(incident, request.at, context)
    if step.claimed_by is None:
        raise Refused(f"Nobody said yet that {acts.named(run, step).lower()} is done.")
    if context.actor == step.claimed_by:
        raise Refused("You did it yourself. Somebody else in the room has to look.")
    outcome = acts.done(run, step, context)
    note = acts.words(request.note, "note")
    first = f.StepDone(run=run.number, step=step.n, note=note, first=step.claimed_by)
    return Outcome((first, *outcome.facts[1:]))


def _require_ticked(incident: Incident, what: Manual, request: Finish, context: Context) -> None:
    missing = [label for id_, label in what.checks.items() if id_ not in request.ticked]
    if missing:
        raise Refused(f"Not ticked off yet: {missing[0]}. Tick it when it holds.", field="checks")
    for id_, is_so, remedy in _seen(incident, context):
        if id_ in what.checks and not is_so:
            raise Refused(f"{what.checks[id_]}: not so yet. {remedy}", field="checks")


def _seen(incident: Incident, context: Context) -> list[tuple[str, bool, str]]:
    """The checks whose truth the record shows, and what to do where it is not so."""
    streams = [("legal_owner", "legal"), ("comms_owner", "comms"), ("technical_owner", "technical")]
    role = f"`{context.command} role {{}} @someone` gives it one."
    return [
        ("severity", incident.severity is not None, f"`{context.command} severity` sets it."),
        ("ic", not incident.is_ic_acting, f"`{context.command} take ic` accepts the command."),
        ("decider", not incident.is_ic_acting, f"`{context.command} take ic` accepts it."),
        *((check, incident.holder(one) is not None, role.format(one)) for check, one in streams),
    ]
