"""Which buttons and forms ask for approval and give it?"""

from __future__ import annotations

from typing import cast

from bot.core.facts.runbooks import Decision
from bot.core.outcome import Refused
from bot.core.runs import questions, seats
from bot.core.runs.model import Run, Step
from bot.features.approvals import blocks, rules
from bot.slack import questions as asked
from bot.slack import showing, steps
from bot.slack.listen import Desk, Reply
from bot.slack.listen import Run as Listener
from bot.slack.payloads import Press, Submit
from runbooks.steps import Approval


def register(desk: Desk) -> None:
    """Take the buttons and the forms."""
    way = _Way(desk)
    desk.button("step_approval", way.opened)
    for decision in blocks.DECISIONS:
        desk.button(f"approval_{decision}", way.deciding(decision))
    desk.button("approval_hand_on", way.handing_on)
    desk.button("approval_withdraw", way.withdrawn)
    desk.submit("approval_ask", way.asked)
    desk.submit("approval_decide", way.decided)
    desk.submit("approval_delegate", way.delegated)


class _Way:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def opened(self, press: Press) -> Reply:
        incident, run, step = await steps.step(self._desk, press.value, press.person)
        what, policy = _approval(step), self._desk.engine.policy
        if step.ask is not None:
            deciding = seats.deciders(incident, step, what, step.ask, policy)
            decides = press.person in deciding.values()
            case = await self._desk.inside(incident.number, press.person)
            shown = self._desk.engine.shown(case)
            modal = blocks.waiting_page(shown, run, step, press.person, decides=decides)
        elif press.person in seats.regular(incident, step, what, policy):
            modal = blocks.decider_page(run, step)
        else:
            await steps.active(self._desk, press)
            modal = blocks.ask_modal((incident.number, policy), run, step, what)
        return await self._desk.open_modal(press.trigger_id, modal)

    def deciding(self, decision: str) -> Listener:
        """What opens the form for one decision."""

        async def on_press(press: Press) -> Reply:
            number, run, step = await self._asked(press)
            modal = blocks.decide_modal(number, run, step, _approval(step), decision)
            return await showing.show(self._desk, press, modal)

        return on_press

    async def handing_on(self, press: Press) -> Reply:
        number, run, step = await self._asked(press)
        return await showing.show(self._desk, press, blocks.delegate_modal(number, run, step))

    async def withdrawn(self, press: Press) -> Reply:
        _, run, step = await self._asked(press)
        request = ((run.number, step.n), step.asks[-1].number)
        await steps.carry_out(self._desk, rules.withdraw, request, press)
        return await showing.said(self._desk, press, "It is taken back.")

    async def asked(self, submit: Submit) -> Reply:
        step = await steps.sent(self._desk, submit)
        values = asked.read(questions.asked(step), submit.inputs)
        text = submit.text("text") or ""
        request = rules.Request(steps.at(submit), text, _options(submit), values)
        await steps.carry_out(self._desk, rules.ask, request, submit)
        return None

    async def decided(self, submit: Submit) -> Reply:
        request = rules.Decide(
            at=steps.at(submit),
            ask=int(submit.about["ask"]),
            decision=cast("Decision", _decision(submit)),
            reason=submit.text("reason") or "",
            conditions=submit.text("conditions") or "",
            options=_options(submit),
            confirmed=submit.choices("confirms"),
        )
        await steps.carry_out(self._desk, rules.decide, request, submit)
        return None

    async def delegated(self, submit: Submit) -> Reply:
        person = submit.person_chosen("person")
        why = submit.text("reason") or ""
        request = rules.Delegate(steps.at(submit), int(submit.about["ask"]), person, why)
        await steps.carry_out(self._desk, rules.delegate, request, submit, [person])
        return None

    async def _asked(self, press: Press) -> tuple[int, Run, Step]:
        """The request behind a button, which has to be the one that waits."""
        value, _, number = press.value.rpartition("/")
        incident, run, step = await steps.step(self._desk, value, press.person)
        if step.ask is None or str(step.ask.number) != number:
            raise Refused("This request is settled already. Nothing was changed.")
        return incident.number, run, step


def _approval(step: Step) -> Approval:
    if not isinstance(step.what, Approval):
        raise Refused("This step takes no approval. Open it on the checklist.")
    return step.what


def _decision(submit: Submit) -> str:
    decision = str(submit.about["decision"])
    if decision not in blocks.DECISIONS:
        raise Refused("Approve, approve with conditions, or refuse.")
    return decision


def _options(submit: Submit) -> tuple[str, ...]:
    one = submit.choice("options")
    return tuple(sorted(submit.choices("options"))) or ((one,) if one else ())
