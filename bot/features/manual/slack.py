"""Which buttons and forms do a manual step?"""

from __future__ import annotations

from bot.core.outcome import Refused, Rule
from bot.core.runs import opening, questions
from bot.features.manual import blocks, rules
from bot.slack import questions as asked
from bot.slack import steps
from bot.slack.listen import Desk, Reply
from bot.slack.payloads import Press, Submit
from runbooks.steps import Manual


def register(desk: Desk) -> None:
    """Take the buttons and the forms."""
    way = _Way(desk)
    desk.button("step_manual", way.opened)
    desk.button("step_confirm", way.looked)
    desk.submit("step_done", way.done)
    desk.submit("step_confirmed", way.confirmed)


class _Way:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def opened(self, press: Press) -> Reply:
        incident, run, step = await steps.mine(self._desk, press)
        if not isinstance(step.what, Manual):
            raise Refused("This step is done by what it asks for. Open it on the checklist.")
        modal = blocks.done_modal(incident, run, step, step.what, self._desk.engine.policy)
        return await self._desk.open_modal(press.trigger_id, modal)

    async def looked(self, press: Press) -> Reply:
        incident, run, step = await steps.active(self._desk, press)
        rules.require_second(run, step, press.person)
        modal = blocks.confirm_modal(incident.number, run, step, self._desk.engine.policy)
        return await self._desk.open_modal(press.trigger_id, modal)

    async def done(self, submit: Submit) -> Reply:
        return await self._submitted(rules.finish, submit)

    async def confirmed(self, submit: Submit) -> Reply:
        return await self._submitted(rules.confirm, submit)

    async def _submitted(self, rule: Rule, submit: Submit) -> Reply:
        step = await steps.sent(self._desk, submit)
        values = asked.read(questions.asked(step), submit.inputs)
        ticked, note = submit.choices("checks"), submit.text("note") or ""
        request = rules.Finish(steps.at(submit), ticked, note, values)
        named = opening.people(values, self._desk.engine.policy)
        await steps.carry_out(self._desk, rule, request, submit, named)
        return None
