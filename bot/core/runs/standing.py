"""How does an active step stand?"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core import blockkit, calendar
from bot.core.blockkit import escape, when
from bot.core.outcome import Shown
from bot.core.runs import clocks, lapsing, seats
from bot.core.runs.model import Run, Runs, Step
from runbooks.steps import Approval

_REASON_CHARS = 300  # the thread of the step has all of it


def line(run: Run, step: Step, shown: Shown) -> str:
    """What stands behind the name of an active step: its time, and what it waits for."""
    said = [*_time(run, step, shown), *_waits(step)]
    if step.rest_of:
        at, n = step.rest_of
        said.append(f"what step {n} of runbook {at} left open")
    if others := _sharing(run, step, shown):
        said.append(f"shared with {others}")
    if isinstance(step.what, Approval):
        said += _consent(run, step, step.what, shown)
    if failed := [name for name, call in step.calls.items() if call.status == "failed"]:
        said.append(f"*{', '.join(map(escape, failed))} failed*: open it to send again")
    if run.open_markers(step):
        said.append("not validated by a practitioner")
    return "".join(f" · {one}" for one in said)


def shared(step: Step) -> str:
    """Behind the name of a step that is done with one of an earlier run; else empty."""
    at, n = step.same_as or (0, 0)
    return f" (shared with runbook {at}, step {n})" if step.same_as else ""


def _time(run: Run, step: Step, shown: Shown) -> list[str]:
    working = shown.policy.calendar
    if due := clocks.due_at(run, step, working):
        clock = clocks.strictest(run, step, working)
        moved = calendar.cut_off(clock.span, clock.start, working) if clock else None
        return [f"due {when(due)}" + (f" ({moved})" if moved else "")]
    return [step.what.sla_note] if step.what.sla_note else []


def _waits(step: Step) -> list[str]:
    said = []
    if step.what.gate.part:
        said.append(f"now {step.what.gate.part}; done when the review is linked")
    if step.claimed_by:
        said.append(f"<@{step.claimed_by}> says it is done; somebody else has to look")
    return said


def _sharing(run: Run, step: Step, shown: Shown) -> str:
    """The steps of later runs that are done with this one; empty where there are none."""
    found = [
        f"step {one.n} of runbook {other.number}"
        for other in shown.states.of(Runs).all
        for one in other.steps
        if one.same_as == (run.number, step.n)
    ]
    return " and ".join(found)


def _consent(run: Run, step: Step, what: Approval, shown: Shown) -> list[str]:
    """Who decides now, or how the last request ended."""
    if ask := step.ask:
        deciding = seats.deciders(shown.incident, step, what, ask, shown.policy)
        left = {*deciding.values()} - {one.person for one in ask.verdicts}
        if not left:
            return [f"asked by <@{ask.by}>; *nobody can decide*: give somebody the role"]
        return [f"asked by <@{ask.by}>, waits for {_people(sorted(left))}"]
    last = step.asks[-1] if step.asks else None
    match last.ended if last else None:
        case "refused":
            [*_, one] = last.verdicts if last else ()
            why = blockkit.cut(one.reason, _REASON_CHARS)
            return [f"*refused* by <@{one.person}> {when(one.at)}: {why}"]
        case "expired":
            return ["*expired*: nobody decided in time"]
        case "lapsed":
            because = f", because {lapsing.why(run, last.shaken)}" if last and last.shaken else ""
            return [f"*to be decided again*{because}"]
    return []


def _people(people: Sequence[str]) -> str:
    return ", ".join(f"<@{one}>" for one in people) or "nobody"
