"""What of a run goes along when its incident goes on in another one?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.core import ids
from bot.core.facts import Fact, Words
from bot.core.facts import runbooks as f
from bot.core.incident import Incident
from bot.core.outcome import Context
from bot.core.runs import beginning, questions
from bot.core.runs.model import Answer, Run, Runs, Step

MOST_RUNS = 8  # of one incident


@dataclass(frozen=True)
class Carried:
    """What the other incident is told, and as which run each goes on there: here to there."""

    facts: tuple[Fact, ...] = ()
    runs: tuple[tuple[int, int], ...] = ()


def taken_on(person: str, incident: Incident, context: Context) -> str:
    """Who does in the other incident what this person has to do in this one.

    Of private ones nobody sees anything who is in neither room: it goes to whoever commands there.
    """
    other = context.other
    if other is None or not other.is_private:
        return person
    inside = incident.people | other.people
    if person in inside:
        return person
    return other.ic if other.ic in inside else context.actor


def carried(incident: Incident, runs: Runs, there: Runs, context: Context) -> Carried:
    """The open runs, as they go on in another incident: with what was done, and their clocks.

    Of a runbook that runs there already nothing is carried: that run goes on for both. Proof stays
    with the evidence it is, and who was asked for an approval is asked again.
    """
    facts: tuple[Fact, ...] = ()
    moved: list[tuple[int, int]] = []
    for run in runs.open:
        known = beginning.after(there, facts, context)
        same = next((one for one in known.open if one.pin.id == run.pin.id), None)
        if same:
            moved.append((run.number, same.number))
        elif len(known.all) < MOST_RUNS:
            number = len(known.all) + 1
            moved.append((run.number, number))
            going = _with_owners(run, incident, context)
            facts += _continued(incident.number, going, known, context)
    if moved and runs.review and there.review is None:
        facts += (f.ReviewLinked(at=runs.review.at, link=runs.review.link),)
    return Carried(facts, tuple(moved))


def _with_owners(run: Run, incident: Incident, context: Context) -> Run:
    """The run with whoever takes on there what was given to somebody here."""
    steps = tuple(
        replace(step, owner=taken_on(step.owner, incident, context)) if step.owner else step
        for step in run.steps
    )
    return replace(run, steps=steps)


def _continued(origin: int, run: Run, known: Runs, context: Context) -> tuple[Fact, ...]:
    number = len(known.all) + 1
    began = f.RunStarted(
        run=number,
        runbook=run.pin.id,
        title=run.book.title,
        edition=run.pin.version,
        sha256=run.pin.sha256,
        overlay_sha256=run.pin.overlay_sha256,
        content=run.book.model_dump_json(exclude_none=True),
        contexts=run.contexts,
        why="owed" if run.is_owed else "asked",
        origin=(origin, run.number),
    )
    facts: list[Fact] = [began]
    fresh = beginning.after(known, facts, context).all[-1]
    shared = {one.n for one in fresh.steps if one.same_as}
    # What is closed first: it is that which lets the others begin.
    for step in sorted(run.steps, key=lambda one: (not one.is_added, not one.is_closed, one.n)):
        if step.n not in shared:
            facts += _step(origin, run, step, number)
    return (*facts, *_prerequisites(run, fresh, number), *_rules(run, fresh, number))


def _step(origin: int, run: Run, step: Step, number: int) -> Iterator[Fact]:
    if step.is_added:
        title, owner = Words(step.what.title), step.owner or run.started_by
        yield f.StepAdded(run=number, step=step.n, title=title, owner=owner, due_at=step.due_at)
    if step.status == "waiting" and not (step.owner or step.drafts or step.edition):
        return
    yield from _answers(number, step, step.answers)
    yield f.StepBrought(
        run=number,
        step=step.n,
        status=step.status,
        left=step.left,
        at=step.closed_at or step.active_at,
        by=step.closed_by,
        note=_note(origin, step),
        owner=None if step.is_added else step.owner,
        edition=step.edition,
        asked_by=tuple(dict.fromkeys(ask.by for ask in step.asks)),
    )
    yield from _answers(number, step, step.drafts)
    for target, call in step.calls.items():
        if call.status != "failed":
            said = Words(f"Sent from {ids.reference(origin)}" + f" {call.reference or ''}".rstrip())
            yield f.TargetSettled(run=number, step=step.n, target=target, note=said)


def _answers(number: int, step: Step, answers: Mapping[str, Answer]) -> Iterator[Fact]:
    known = {one.id for one in questions.asked(step)}
    for id_, said in answers.items():
        if id_ in known:
            yield f.FieldAnswered(
                run=number, step=step.n, field=id_, chosen=said.chosen,
                text=Words(said.text) if said.text else None,
                unknown=Words(said.unknown) if said.unknown else None,
            )  # fmt: skip


def _note(origin: int, step: Step) -> Words | None:
    proof = [f"E-{number}" for numbers in step.proofs.values() for number in numbers]
    where = f"Proof in {ids.reference(origin)}: {', '.join(dict.fromkeys(proof))}" if proof else ""
    said = " · ".join(filter(None, (step.note, where)))
    return Words(said) if said else None


def _prerequisites(run: Run, fresh: Run, number: int) -> Iterator[Fact]:
    for id_, said in run.prerequisites.items():
        if id_ not in fresh.prerequisites:
            note = Words(said.note) if said.note else None
            yield f.PrerequisiteAnswered(
                run=number, prerequisite=id_, met=said.met, note=note, people=said.people
            )


def _rules(run: Run, fresh: Run, number: int) -> Iterator[Fact]:
    """Rules that apply; whom they called is not called for them again."""
    for id_, one in run.fired.items():
        note, known = Words(one.note) if one.note else None, fresh.fired.get(id_)
        if known is None:
            yield f.RuleFired(run=number, rule=id_, note=None if one.acted_at else note)
        if one.has_called:
            yield f.RuleEscalated(run=number, rule=id_, roles=())
        if one.acted_at and not (known and known.acted_at):
            yield f.RuleMet(run=number, rule=id_, is_met=one.is_met, note=note)
