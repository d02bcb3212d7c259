"""With which steps and answers does a run begin, beside those that run already?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from bot.core.facts import Recorded
from bot.core.facts import runbooks as f
from bot.core.runs import sharing
from bot.core.runs.model import Ask, Asked, Fired, Run, Runs, Step, book
from runbooks.parts import Context, Rule
from runbooks.shelf import Pin
from runbooks.steps import Step as Content


def started(fact: f.RunStarted, runs: Runs, recorded: Recorded) -> Runs:
    """The runs with one more; what it shares is done where it began."""
    content = book(fact.content)
    steps: list[Step] = []
    for what in content.steps:
        step, runs = _step(what, runs, recorded)
        steps.append(step)
    at_start = [one for one in content.rules if _is_at_start(one)]
    run = Run(
        number=fact.run,
        book=content,
        pin=Pin(fact.runbook, fact.edition, fact.sha256, fact.overlay_sha256),
        started_at=recorded.at,
        started_by=recorded.actor,
        contexts=cast("tuple[Context, ...]", fact.contexts),
        is_owed=fact.why == "owed",
        steps=tuple(steps),
        origin=fact.origin,
        fired={one.id: Fired(one, recorded.at, recorded.actor) for one in at_start},
    )
    known = {one.id: runs.answered[one.id] for one in run.asks if one.id in runs.answered}
    return replace(runs, all=(*runs.all, replace(run, prerequisites=known)))


def _is_at_start(rule: Rule) -> bool:
    """Whether a rule applies from the beginning; at the recovery it holds until it is met."""
    return rule.asked == "start" or (rule.effect == "gates" and rule.asked == "recovery")


def prepared(fact: f.PrerequisiteAnswered, runs: Runs, recorded: Recorded) -> Runs:
    """The runs after an answer: it holds for each that asks the same."""
    said = Asked(fact.met, recorded.actor, fact.note, fact.people)
    every = tuple(_prepared(run, fact, said) for run in runs.all)
    return replace(runs, all=every, answered={**runs.answered, fact.prerequisite: said})


def brought(step: Step, fact: f.StepBrought, recorded: Recorded) -> dict[str, Any]:
    """What of a step is as it was in the incident that goes on here."""
    values: dict[str, Any] = {"owner": fact.owner or step.owner, "note": fact.note}
    if fact.status in {"done", "left"}:
        values |= {"status": fact.status, "left": fact.left}
        values |= {"closed_at": fact.at, "closed_by": fact.by}
    elif fact.status == step.status == "active":
        values["active_at"] = fact.at or step.active_at
    if fact.edition:
        answers = {**step.answers, **step.drafts}
        values |= {"edition": fact.edition, "answers": answers, "drafts": {}}
    return {**values, "asks": tuple(_asks(fact, recorded))}


def _asks(fact: f.StepBrought, recorded: Recorded) -> Iterator[Ask]:
    """Who asked for approval there: they do not give it here, and what was granted may lapse."""
    is_granted = fact.status == "done"
    for number, person in enumerate(fact.asked_by, start=1):
        is_last = number == len(fact.asked_by)
        yield Ask(
            number=number,
            by=person,
            at=fact.at or recorded.at,
            text=fact.note or "",
            approvers=(),
            ended="granted" if is_granted and is_last else "withdrawn",
        )


def _prepared(run: Run, fact: f.PrerequisiteAnswered, said: Asked) -> Run:
    is_asked = run.is_open and any(one.id == fact.prerequisite for one in run.asks)
    if run.number != fact.run and not is_asked:
        return run
    return replace(run, prerequisites={**run.prerequisites, fact.prerequisite: said})


def _step(what: Content, runs: Runs, recorded: Recorded) -> tuple[Step, Runs]:
    """A step to begin with, and the runs, in which what it shares may ask for more now."""
    place = sharing.found(what, runs)
    if place is None:
        return Step(what), runs
    run, earlier = place
    shared = Step(what, same_as=(run.number, earlier.n))
    if not earlier.is_closed:
        also = (*earlier.also, (what.sla, recorded.at))
        grown = earlier.what if sharing.covers(earlier.what, what) else sharing.both(earlier, what)
        if grown is None:
            return Step(what), runs
        return shared, _with(runs, run, replace(earlier, what=grown, also=also))
    if sharing.covers(earlier.what, what):
        return shared, runs
    left = sharing.rest(earlier.what, what)
    return (Step(left, rest_of=shared.same_as) if left else Step(what)), runs


def _with(runs: Runs, run: Run, step: Step) -> Runs:
    steps = tuple(step if one.n == step.n else one for one in run.steps)
    return replace(runs, all=tuple(_replaced(runs, replace(run, steps=steps))))


def _replaced(runs: Runs, run: Run) -> Iterator[Run]:
    for one in runs.all:
        yield run if one.number == run.number else one
