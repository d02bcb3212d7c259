"""On which steps does a decision rest, and which have changed since it was made?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.core.blockkit import escape
from bot.core.facts import Fact, Recorded
from bot.core.facts import runbooks as f
from bot.core.facts.evidence import EvidenceErased
from bot.core.incident import Incident
from bot.core.messages import Post
from bot.core.outcome import Outcome
from bot.core.runs.model import Ask, Run, Runs, Shaken, Step
from bot.core.telling import note

HOW = {
    "reopened": "was opened again",
    "answered": "was answered anew",
    "proof_added": "got more proof",
    "proof_erased": "lost proof, which was erased",
}


def shaken(runs: Runs, recorded: Recorded) -> Runs:
    """The runs, where a decision rests on what this fact changed and is not in question yet."""
    for at, how in _changed(runs, recorded.fact):
        mark = Shaken(*at, how, recorded.at)
        runs = replace(runs, all=tuple(_marked(run, mark) for run in runs.all))
    return runs


def why(run: Run, mark: Shaken) -> str:
    """What changed, as `step 3 was opened again`."""
    place = "" if mark.run == run.number else f" of runbook {mark.run}"
    return f"step {mark.step}{place} {HOW[mark.how]}"


def lapsed(incident: Incident, runs: Runs, *facts: Fact) -> Outcome:
    """These facts, and each decision that is in question; `runs` is how it stands after them.

    Whoever asked and whoever decided are told why.
    """
    found: list[Fact] = []
    told: list[Post] = []
    for run, step, ask, mark in in_question(runs):
        found.append(
            f.ApprovalLapsed(
                run=run.number, step=step.n, ask=ask.number,
                because_run=mark.run, because=mark.step, how=mark.how,
            )
        )  # fmt: skip
        told += _told(incident, run, step, ask, mark)
    return Outcome((*facts, *found), tuple(told))


def in_question(runs: Runs) -> Iterator[tuple[Run, Step, Ask, Shaken]]:
    """The requests that somebody decided on, and under which something has changed."""
    for run in runs.all:
        for step in run.steps:
            last = step.asks[-1] if step.asks else None
            if last and last.shaken and last.ended in {None, "granted"}:
                yield run, step, last, last.shaken


def _changed(runs: Runs, fact: Fact) -> list[tuple[tuple[int, int], f.Shift]]:
    """The steps that this fact makes other than they were, each by its run and number."""
    match fact:
        case f.StepReopened():
            return [((fact.run, fact.step), "reopened")]
        case f.FormAnswered():
            return [((fact.run, fact.step), "answered")]
        case f.ProofAdded():
            return [((fact.run, fact.step), "proof_added")]
        case EvidenceErased(by_policy=False):
            return [
                ((run.number, step.n), "proof_erased")
                for run in runs.all
                for step in run.steps
                if step.same_as is None and _is_proof(step, fact.number)
            ]
    return []


def _is_proof(step: Step, number: int) -> bool:
    return any(number in numbers for numbers in step.proofs.values())


def _marked(run: Run, mark: Shaken) -> Run:
    at = (mark.run, mark.step)
    changed = {one.n for one in run.steps if one.same_as == at or (run.number, one.n) == at}
    steps = tuple(
        _in_question(step, mark) if changed & _rests_on(run, step) else step for step in run.steps
    )
    return replace(run, steps=steps)


def _in_question(step: Step, mark: Shaken) -> Step:
    last = step.asks[-1] if step.asks else None
    if last is None or last.shaken:
        return step
    is_waiting = last.ended is None and bool(last.verdicts)
    if not is_waiting and (last.ended != "granted" or step.status != "done"):
        return step
    return replace(step, asks=(*step.asks[:-1], replace(last, shaken=mark)))


def _rests_on(run: Run, step: Step) -> set[int]:
    """The steps in front of it, and those in front of these."""
    found: set[int] = set()
    left: Sequence[int] = step.what.gate.after
    while left:
        found |= {*left}
        left = [n for one in left for n in run.steps[one - 1].what.gate.after if n not in found]
    return found


def _told(incident: Incident, run: Run, step: Step, ask: Ask, mark: Shaken) -> Iterator[Post]:
    """What whoever asked, and whoever decided, reads privately."""
    for person in dict.fromkeys([ask.by, *(one.person for one in ask.verdicts)]):
        part = "asked for it" if person == ask.by else "decided on it"
        said = (
            f"{incident.reference}: {escape(step.what.title)} has to be decided again, because "
            f"{why(run, mark)}. You {part} before that. Look at what changed; then it is asked "
            f"for anew at step {step.n} of runbook {run.number}."
        )
        yield note(incident, f"lapsed {run.number}/{step.n}/{ask.number} {person}", person, said)
