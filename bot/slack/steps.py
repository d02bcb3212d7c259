"""Which step of which run does a button or a form speak of?"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.incident import Incident
from bot.core.outcome import Context, Refused, Rule
from bot.core.runs import acts, wording
from bot.core.runs.model import Run, Runs, Step
from bot.engine import Asked, Done, Existing
from bot.slack.listen import Desk
from bot.slack.payloads import Press, Submit


async def step(desk: Desk, value: str, person: str) -> tuple[Incident, Run, Step]:
    """The step behind a button's value such as `12/1/3`, for somebody who may read it.

    Raises:
        Refused: there is none, or not for this person.
    """
    number, (at, n) = wording.place(value)
    case = await desk.inside(number, person)
    run = case.states.of(Runs).find(at)
    found = run.find(n) if run else None
    if run is None or found is None:
        raise Refused("There is no such step here.")
    return case.incident, run, found


async def active(desk: Desk, press: Press) -> tuple[Incident, Run, Step]:
    """The same, of a step that can be worked on, for somebody who is at work on the incident.

    Raises:
        Refused: there is none, or it is closed or locked, or they are not in the room.
    """
    incident, run, step, _ = await _active(desk, press)
    return incident, run, step


async def mine(desk: Desk, press: Press) -> tuple[Incident, Run, Step]:
    """The same, for somebody who may do the step: nobody fills in what is refused afterwards.

    Raises:
        Refused: as `active`, or it is somebody else's; a button asks them.
    """
    incident, run, step, context = await _active(desk, press)
    acts.require_owner(incident, run, step, context)
    return incident, run, step


async def _active(desk: Desk, press: Press) -> tuple[Incident, Run, Step, Context]:
    number, at = wording.place(press.value)
    case = await desk.inside(number, press.person)
    engine = desk.engine
    context = Context(
        engine.now(), press.person, engine.policy, case.states, command=engine.command
    )
    return case.incident, *acts.active(case.incident, at, context), context


async def run(desk: Desk, value: str, person: str) -> tuple[Incident, Run]:
    """The run behind a button's value such as `12/1`, for somebody who may read it.

    Raises:
        Refused: there is none, or not for this person.
    """
    number, (at, _) = wording.place(value)
    case = await desk.inside(number, person)
    found = case.states.of(Runs).find(at)
    if found is None:
        raise Refused("There is no such runbook here.")
    return case.incident, found


async def sent(desk: Desk, submit: Submit) -> Step:
    """The step that a form is about, for somebody who may read it.

    Raises:
        Refused: there is none, or not for this person.
    """
    value = "/".join(str(submit.about[name]) for name in ("number", "run", "step"))
    return (await step(desk, value, submit.person))[2]


def at(submit: Submit) -> tuple[int, int]:
    """The run and step that a form carries along."""
    return int(submit.about["run"]), int(submit.about["step"])


async def carry_out(
    desk: Desk, rule: Rule, request: object, by: Submit | Press, people: Sequence[str | None] = ()
) -> Done:
    """Carry a rule out for whoever sent a form, or pressed a button; `people` are looked up.

    Raises:
        Refused: the rule said no; nothing was written.
        NotWritten: the database did not take it; nothing was written.
    """
    number = int(by.about["number"]) if isinstance(by, Submit) else wording.place(by.value)[0]
    known = await desk.people.look_up([by.person, *filter(None, people)])
    return await desk.engine.carry_out(
        rule, request, Existing(number), Asked(by.key, by.person, known)
    )
