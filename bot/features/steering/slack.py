"""Which buttons and forms change how a run goes?"""

from __future__ import annotations

from typing import cast

from bot.core.facts.runbooks import Leaving
from bot.core.outcome import Refused
from bot.core.runs import acts
from bot.features.steering import blocks, rules
from bot.slack import steps
from bot.slack.listen import Desk, Reply
from bot.slack.payloads import Press, Submit


def register(desk: Desk) -> None:
    """Take the buttons and the forms."""
    way = _Way(desk)
    desk.button("step_change_asked", way.change_asked)
    desk.button("rules_asked", way.rules_asked)
    desk.submit("step_change", way.changed)
    desk.submit("rules", way.ruled)


class _Way:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def change_asked(self, press: Press) -> Reply:
        incident, run = await steps.run(self._desk, press.value, press.person)
        modal = blocks.change_modal(incident.number, run)
        return await self._desk.open_modal(press.trigger_id, modal)

    async def rules_asked(self, press: Press) -> Reply:
        incident, run = await steps.run(self._desk, press.value, press.person)
        modal = blocks.rules_modal(incident.number, run)
        return await self._desk.open_modal(press.trigger_id, modal)

    async def changed(self, submit: Submit) -> Reply:
        way, which = submit.choice("way") or "", submit.choice("which")
        run, why = int(submit.about["run"]), submit.text("reason") or ""
        person = submit.person_chosen("person")
        if way == "add":
            request = rules.Add(run, why, person, submit.moment("due_at"))
            await steps.carry_out(self._desk, rules.add, request, submit, [person])
            return None
        if which is None:
            raise Refused("Choose the step.", field="which")
        change = rules.Change((run, int(which)), why, person)
        if way == "reassign":
            await steps.carry_out(self._desk, rules.reassign, change, submit, [person])
        elif way == "reopen":
            await steps.carry_out(self._desk, rules.reopen, change, submit)
        elif way in blocks.WAYS:
            left = (change, cast("Leaving", way))
            await steps.carry_out(self._desk, rules.leave, left, submit)
        return None

    async def ruled(self, submit: Submit) -> Reply:
        request = rules.Said(
            run=int(submit.about["run"]),
            applies=_ticked(submit, "applies"),
            met=_ticked(submit, "met"),
            not_met=_ticked(submit, "not_met"),
            note=submit.text("note") or "",
        )
        await steps.carry_out(self._desk, rules.rule, request, submit)
        return None


def _ticked(submit: Submit, said: str) -> tuple[str, ...]:
    """The rules at which this is ticked, by id."""
    start = acts.rule_field("")
    names = (name for name in submit.inputs if name.startswith(start))
    return tuple(sorted(one.removeprefix(start) for one in names if said in submit.choices(one)))
