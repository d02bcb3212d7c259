"""By when is each step owed, and each rule acted on?"""

from __future__ import annotations

from collections.abc import Iterator

from bot.core import calendar
from bot.core.deadlines import Deadline
from bot.core.outcome import Shown
from bot.core.runs import acts, clocks
from bot.core.runs.model import Run, Runs, Step


def deadlines(shown: Shown) -> list[Deadline]:
    """Every active step that has a time, from the moment it became active; also after resolve."""
    if shown.incident.is_over:
        return []
    runs = shown.states.of(Runs).open
    return [one for run in runs for one in (*_steps(run, shown), *_rules(run, shown))]


def _steps(run: Run, shown: Shown) -> Iterator[Deadline]:
    for step in run.steps:
        if step.same_as is None and step.status == "active":
            yield from _step(run, step, shown)


def _step(run: Run, step: Step, shown: Shown) -> Iterator[Deadline]:
    working, what = shown.policy.calendar, step.what
    due, clock = clocks.due_at(run, step, working), clocks.strictest(run, step, working)
    start = clock.start if clock else clocks.started(run, step)
    if due is None or start is None:
        return
    rule = calendar.explain(clock.span, start, working) if clock else None
    label = f"Step {step.n}: {what.title}"
    remedy = "Open it on the checklist."
    owner_roles = acts.roles_of(step, shown.policy) or ("ic",)
    owed = {"starts_at": start, "owner_roles": owner_roles, "owner": step.owner, "remedy": remedy}
    name = f"step/{run.number}/{step.n}"
    climbs = what.alarm_after is None
    yield Deadline(name, label, due_at=due, rule=rule, climbs=climbs, **owed)  # type: ignore[arg-type]
    if what.alarm_after is not None:
        at = start + what.alarm_after
        yield Deadline(f"{name}/alarm", f"{label} (alarm)", due_at=at, **owed)  # type: ignore[arg-type]


def _rules(run: Run, shown: Shown) -> Iterator[Deadline]:
    for one in run.fired.values():
        if one.rule.within is None or one.acted_at is not None:
            continue
        yield Deadline(
            name=f"rule/{run.number}/{one.rule.id}",
            label=f"Rule: {one.rule.id.replace('_', ' ')}",
            starts_at=one.at,
            due_at=calendar.due(one.rule.within, one.at, shown.policy.calendar),
            remedy=f"{one.rule.then} Then press Rules on the checklist.",
            rule=calendar.explain(one.rule.within, one.at, shown.policy.calendar),
        )
