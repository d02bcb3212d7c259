"""What becomes of runs when their incident is over, and when it begins again?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core.facts import Recorded
from bot.core.facts.incidents import IncidentClosed, IncidentReopened
from bot.core.facts.status import DuplicateReopened, IncidentCancelled, IncidentMerged
from bot.core.runs import fold_approvals as approvals
from bot.core.runs.model import Run, Runs, Step

End = IncidentClosed | IncidentCancelled | IncidentMerged


def ended(fact: End, runs: Runs, recorded: Recorded) -> Runs:
    """The runs, of which those that went on end with their incident, or go on in another."""
    every = (_ended(run, recorded.at) for run in runs.all)
    if not isinstance(fact, IncidentMerged):
        return replace(runs, all=tuple(every))
    there = {here: (fact.into, number) for here, number in fact.runs}
    moved = (replace(run, goes_on=there.get(run.number, run.goes_on)) for run in every)
    return replace(runs, all=tuple(moved))


def parted(fact: DuplicateReopened, runs: Runs, recorded: Recorded) -> Runs:
    """The runs, of which those end that came from a duplicate: they go on there again."""
    back = {run.number for run in runs.open if run.origin and run.origin[0] == fact.number}
    every = (
        _ended(run, recorded.at) if run.number in back else _apart(run, back) for run in runs.all
    )
    return replace(runs, all=tuple(every))


def _apart(run: Run, back: set[int]) -> Run:
    """The run, which does by itself what it shared with runs that went back."""
    steps = tuple(
        replace(one, same_as=None) if one.same_as and one.same_as[0] in back else one
        for one in run.steps
    )
    return replace(run, steps=steps)


def begun_again(_fact: IncidentReopened, runs: Runs, recorded: Recorded) -> Runs:
    """The runs, of which those that had ended with their incident go on."""
    return replace(runs, all=tuple(_again(run, recorded.at) for run in runs.all))


def _ended(run: Run, at: datetime) -> Run:
    if not run.is_open:
        return run
    # Nobody is asked any more to decide on what is over.
    steps = tuple(replace(one, asks=approvals.ended(one.asks, "withdrawn")) for one in run.steps)
    return replace(run, steps=steps, ended_at=at)


def _again(run: Run, at: datetime) -> Run:
    if run.ended_at is None:
        return run
    return replace(
        run, ended_at=None, goes_on=None, steps=tuple(_restarted(one, at) for one in run.steps)
    )


def _restarted(step: Step, at: datetime) -> Step:
    """The step; the time in which nobody worked on it does not count."""
    return replace(step, active_at=at) if step.status == "active" else step
