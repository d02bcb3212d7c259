"""Which evidence does a step take, and when is there enough of it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.core import disclosure, preserving
from bot.core.evidence import Evidence
from bot.core.facts import Fact
from bot.core.facts import runbooks as f
from bot.core.facts.evidence import FileAwaited
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused
from bot.core.runs import acts, answering, beginning, questions
from bot.core.runs.model import Answer, Runs, Step
from runbooks.steps import FileUpload


@dataclass(frozen=True)
class Proof:
    """Files to preserve and evidence that is there, as `kind`; `is_all`: the step is done by it."""

    at: tuple[int, int]
    kind: str | None
    files: tuple[preserving.SlackFile, ...] = ()
    numbers: tuple[int, ...] = ()
    labels: preserving.Labels = preserving.Labels()
    is_all: bool = False
    values: Mapping[str, Answer] = field(default_factory=dict)


def add(incident: Incident, request: Proof, context: Context) -> Outcome:
    """Preserve the files, tie all of it to the step, and end the step where it is all there."""
    run, step = acts.active(incident, request.at, context)
    what = step.what
    if not isinstance(what, FileUpload):
        raise Refused("This step takes no files. Open it on the checklist.")
    acts.require_owner(incident, run, step, context)
    outcome = Outcome()
    if request.files or request.numbers:
        outcome = _tied(incident, request, what, context)
    elif not request.is_all:
        raise Refused("Choose files, or evidence that is there already.", field="files")
    if not request.is_all:
        return outcome
    after = beginning.after(context.states.of(Runs), outcome.facts, context)
    _require_enough(after.all[run.number - 1].steps[step.n - 1], what, outcome, context)
    fields = questions.asked(step)
    answering.check_all(fields, request.values)
    written = answering.complete(run, step, fields, request.values)
    done = acts.done(run, step, context).facts[:1]
    whole = beginning.concluded((*outcome.facts, *written, *done), context)
    return replace(outcome, facts=whole.facts)


def _tied(incident: Incident, request: Proof, what: FileUpload, context: Context) -> Outcome:
    kinds = {one.id for one in what.evidence_kinds}
    if request.kind not in kinds:
        raise Refused("Say what it is.", field="kind")
    for number in request.numbers:
        one = disclosure.found(incident, number, context)
        if one.erased_at or one.missed:
            raise Refused(f"E-{number} is not there. Choose another.", field="items")
    outcome = Outcome()
    if request.files:
        wanted = preserving.Preserve(source="upload", labels=request.labels, files=request.files)
        outcome = preserving.preserve(incident, wanted, context)
    fresh = tuple(fact.number for fact in outcome.facts if isinstance(fact, FileAwaited))
    run, step = request.at
    numbers = (*request.numbers, *fresh)
    added: Fact = f.ProofAdded(run=run, step=step, kind=request.kind or "", numbers=numbers)
    return replace(outcome, facts=(*outcome.facts, added))


def _require_enough(step: Step, what: FileUpload, now: Outcome, context: Context) -> None:
    """At least one item of each kind that is required, each with its hash and its custodian."""
    evidence = context.states.of(Evidence)
    coming = {fact.number for fact in now.facts if isinstance(fact, FileAwaited)}
    for kind in what.evidence_kinds:
        items = [evidence.find(number) for number in step.proofs.get(kind.id, ())]
        kept = [one for one in items if one and one.sha256 and not one.erased_at]
        waits = [one.number for one in items if one and one.is_awaited]
        waits += [number for number in step.proofs.get(kind.id, ()) if number in coming]
        if kept or not kind.required:
            continue
        if waits:
            raise Refused(
                f"E-{waits[0]} is on its way into the vault. Add it now, and say that all is "
                "there in a moment.",
                field="all",
            )
        raise Refused(f"Still missing: {kind.label}.", field="kind")
