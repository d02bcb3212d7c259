"""Which commands, buttons and modals end an incident or begin it again?"""

from __future__ import annotations

from bot.core.outcome import Rule
from bot.engine import Asked, Existing
from bot.features.status import blocks, rules
from bot.slack.listen import Desk, Reply, Verb
from bot.slack.payloads import Command, Press, Submit

_RULES: dict[blocks.Step, Rule] = {
    "resolve": rules.resolve,
    "close": rules.close,
    "reopen": rules.reopen,
}
_SAYS: dict[blocks.Step, str] = {
    "resolve": "the harm is over",
    "close": "nothing is left to do",
    "reopen": "it was not over",
}


def register(desk: Desk) -> None:
    """Take a verb, a button and a modal for each step."""
    for step in _RULES:
        _register(desk, step)


def _register(desk: Desk, step: blocks.Step) -> None:
    rule = _RULES[step]

    async def by_verb(command: Command) -> Reply:
        number, reason = await desk.meant(command)
        if not reason and step != "reopen":
            return await desk.open_modal(command.trigger_id, blocks.reason_modal(number, step))
        asked = Asked(command.key, command.person)
        answer = await desk.engine.carry_out(rule, reason, Existing(number), asked)
        return blocks.done(answer.case.incident)

    async def by_button(press: Press) -> Reply:
        modal = blocks.reason_modal(int(press.value), step)
        return await desk.open_modal(press.trigger_id, modal)

    async def submitted(submit: Submit) -> Reply:
        asked = Asked(submit.key, submit.person)
        target = Existing(int(submit.about["number"]))
        await desk.engine.carry_out(rule, submit.text("reason") or "", target, asked)
        return None

    desk.verb(Verb(step, f"{step} [INC-12] why", _SAYS[step], by_verb))
    desk.button(f"{step}_asked", by_button)
    desk.submit(step, submitted)
