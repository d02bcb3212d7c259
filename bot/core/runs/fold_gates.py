"""Which steps may begin, and which rules are met, as the steps stand?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.core.runs import fold_approvals as approvals
from bot.core.runs.model import Fired, Run, Runs, Step


def settled(runs: Runs, at: datetime) -> Runs:
    """Every step where its gate has it; what two runs share stands in both alike."""
    runs = _mirrored(runs)
    closed = {run.number: {one.n for one in run.steps if one.is_closed} for run in runs.all}
    ready = {
        step.same_as
        for run in runs.all
        for step in run.steps
        if step.same_as and {*step.what.gate.after} <= closed[run.number]
    }
    every = (_settled(run, closed[run.number], ready, at) for run in runs.all)
    return _mirrored(replace(runs, all=tuple(every)))


def _settled(run: Run, closed: set[int], ready: set[tuple[int, int]], at: datetime) -> Run:
    """A run; what is `ready` may begin, since another run that shares it lets it."""
    steps = tuple(_gated(one, closed, (run.number, one.n) in ready, at) for one in run.steps)
    fired = {id_: met(one, at, _is_done(one, closed)) for id_, one in run.fired.items()}
    finished = run.finished_at if len(closed) == len(steps) else None
    return replace(run, steps=steps, fired=fired, finished_at=finished)


def _mirrored(runs: Runs) -> Runs:
    done: dict[int, Run] = {}
    for run in runs.all:
        steps = tuple(_mirror(step, done) for step in run.steps)
        done[run.number] = replace(run, steps=steps)
    return replace(runs, all=tuple(done.values()))


def _is_done(fired: Fired, closed: set[int]) -> bool:
    """Whether what a rule waits for is done by itself, because its steps are."""
    return fired.rule.effect in {"times", "holds_changes"} and {*fired.rule.steps} <= closed


def _mirror(step: Step, earlier: Mapping[int, Run]) -> Step:
    if step.same_as is None:
        return step
    run, n = step.same_as
    return replace(earlier[run].steps[n - 1], what=step.what, same_as=step.same_as)


def _gated(step: Step, closed: set[int], is_ready: bool, at: datetime) -> Step:
    if step.is_closed or step.same_as is not None:
        return step
    may_start = step.is_added or is_ready or set(step.what.gate.after) <= closed
    if may_start and step.status == "waiting":
        return replace(step, status="active", active_at=at, begun_at=step.begun_at or at)
    if not may_start and step.status == "active":
        asks = approvals.ended(step.asks, "withdrawn")
        return replace(step, status="waiting", active_at=None, asks=asks)
    return step


def met(fired: Fired, at: datetime, is_so: bool) -> Fired:
    """The rule, met from now on where that is so and nobody said anything of it yet."""
    if not is_so or fired.acted_at is not None:
        return fired
    return replace(fired, acted_at=at, is_met=True)
