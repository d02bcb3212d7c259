"""Who may say that a manual step is done, and what has to be so?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from bot.core import typed
from bot.core.facts import runbooks as f
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused, require
from bot.core.runs import acts, answering, beginning, opening, questions
from bot.core.runs.model import Answer, Run, Step
from runbooks.fields import Field
from runbooks.steps import Manual


@dataclass(frozen=True)
class Finish:
    """A step that is done, with what was ticked off and written down."""

    at: tuple[int, int]
    ticked: frozenset[str] = frozenset()
    note: str = ""
    values: Mapping[str, Answer] = field(default_factory=dict)


@typed.masks("what you wrote to a step", typed.AGAIN, "note", "values", "text", "unknown")
def finish(incident: Incident, request: Finish, context: Context) -> Outcome:
    """Say that a manual step is done; where it needs a second pair of eyes, the first of two."""
    run, step = acts.active(incident, request.at, context)
    if not isinstance(step.what, Manual):
        raise Refused(f"{acts.named(run, step)} is done by what it asks for. Open it.")
    acts.require_owner(incident, run, step, context)
    if step.claimed_by:
        raise Refused(f"<@{step.claimed_by}> said that it is done; somebody else has to look.")
    require(
        partial(acts.require_ticked, step.what.checks, request.ticked),
        partial(_require_answered, incident, step, request, context),
    )
    written = answering.complete(run, step, questions.asked(step), request.values)
    note = acts.words(request.note, "note")
    done = acts.done(run, step, context, note).facts[:1]
    if step.what.second_pair:
        done = (f.StepClaimed(run=run.number, step=step.n, note=note),)
    named = {one.id: request.values.get(one.id, Answer()) for one in questions.asked(step)}
    return opening.asked(incident, named, context) + beginning.concluded((*written, *done), context)


@typed.masks("your note to a step", typed.AGAIN, "note")
def confirm(incident: Incident, request: Finish, context: Context) -> Outcome:
    """Say as the second pair of eyes that a step is done; never the one who did it."""
    run, step = acts.active(incident, request.at, context)
    require_second(run, step, context.actor)
    note = acts.words(request.note, "note")
    acts.done(run, step, context)  # what holds it holds it for the second pair, too
    second = f.StepDone(run=run.number, step=step.n, note=note, first=step.claimed_by)
    return beginning.concluded((second,), context)


def require_second(run: Run, step: Step, person: str) -> None:
    """Let only somebody else look whether a step is done.

    Raises:
        Refused: nobody said that it is, or they said so themselves.
    """
    if step.claimed_by is None:
        raise Refused(f"{acts.named(run, step)} is not said to be done yet.")
    if person == step.claimed_by:
        raise Refused("You did it yourself. Somebody else in the room has to look.")


def _require_answered(incident: Incident, step: Step, request: Finish, context: Context) -> None:
    """Every question is answered; what the record knows better agrees with it."""
    require(
        *(
            partial(_require_fits, incident, one, request.values.get(one.id, Answer()), context)
            for one in questions.asked(step)
        )
    )


def _require_fits(incident: Incident, field: Field, said: Answer, context: Context) -> None:
    answering.check(field, said)
    opening.require_agrees(incident, field.id, said, context)
