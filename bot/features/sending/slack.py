"""Which button and form call other systems for a step?"""

from __future__ import annotations

from bot.core.facts.webhooks import WebhookFailed
from bot.core.outcome import Refused
from bot.core.runs import questions
from bot.engine import Done
from bot.features.sending import blocks, rules
from bot.slack import questions as asked
from bot.slack import steps
from bot.slack.listen import Desk, Page, Reply
from bot.slack.payloads import Press, Submit
from runbooks.steps import Webhook

_VALUE = "value."


def register(desk: Desk) -> None:
    """Take the button and the form."""
    way = _Way(desk)
    desk.button("step_webhook", way.opened)
    desk.submit("step_send", way.submitted)


class _Way:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def opened(self, press: Press) -> Reply:
        incident, run, step = await steps.mine(self._desk, press)
        if not isinstance(step.what, Webhook):
            raise Refused("This step calls no other system. Open it on the checklist.")
        policy = self._desk.engine.policy
        modal = blocks.step_modal(incident.number, run, step, step.what, policy)
        return await self._desk.open_modal(press.trigger_id, modal)

    async def submitted(self, submit: Submit) -> Reply:
        way, chosen = submit.choice("way"), tuple(sorted(submit.choices("targets")))
        if way == "send":
            fire = rules.Fire(steps.at(submit), chosen, _values(submit))
            done = await steps.carry_out(self._desk, rules.fire, fire, submit)
            return await self._not_sent(submit, done)
        step = await steps.sent(self._desk, submit)
        request = rules.Finish(
            at=steps.at(submit),
            ticked=submit.choices("checks"),
            values=asked.read(questions.asked(step), submit.inputs),
            by_hand=chosen if way == "by_hand" else (),
            note=submit.text("note") or "",
        )
        rule = rules.settle if way == "by_hand" else rules.finish
        await steps.carry_out(self._desk, rule, request, submit)
        return None

    async def _not_sent(self, submit: Submit, done: Done) -> Reply:
        """What lacked something, where the form stood; nothing where all is on its way."""
        failed = {one.target: one.reason for one in done.facts if isinstance(one, WebhookFailed)}
        step = await steps.sent(self._desk, submit)
        if not failed or not isinstance(step.what, Webhook):
            return None
        return Page(blocks.not_sent_page(step, step.what, failed))


def _values(submit: Submit) -> dict[str, str]:
    return {
        name.removeprefix(_VALUE): submit.text(name) or ""
        for name in submit.inputs
        if name.startswith(_VALUE)
    }
