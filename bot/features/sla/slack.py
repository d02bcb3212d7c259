"""Where is something that is owed looked at, put off or waived?"""

from __future__ import annotations

import json
from datetime import timedelta

from bot.core import times
from bot.core.outcome import Context, Refused
from bot.engine import Asked, Existing
from bot.features.sla import blocks, rules
from bot.slack.listen import Desk, Reply, Verb
from bot.slack.payloads import Command, Press, Submit


def register(desk: Desk) -> None:
    """Take the verb, the two buttons of each reminder, and their forms."""
    entry = _Entry(desk)
    desk.verb(
        Verb("deadlines", "deadlines", "what is owed, by whom and by when", entry.owed, ("owed",))
    )
    desk.button("snooze_asked", entry.snooze_asked)
    desk.button("waive_asked", entry.waive_asked)
    desk.submit("snooze", entry.snoozed)
    desk.submit("waive", entry.waived)


class _Entry:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def owed(self, command: Command) -> Reply:
        number, _ = await self._desk.meant(command)
        case = await self._desk.inside(number, command.person)
        return blocks.owed_list(self._desk.engine.shown(case))

    async def snooze_asked(self, press: Press) -> Reply:
        return await self._opened(press, is_waiver=False)

    async def waive_asked(self, press: Press) -> Reply:
        return await self._opened(press, is_waiver=True)

    async def _opened(self, press: Press, *, is_waiver: bool) -> Reply:
        about = json.loads(press.value)
        number = int(about["number"])
        case = await self._desk.inside(number, press.person)
        engine = self._desk.engine
        rules.may_put_off(case.incident, Context(engine.now(), press.person, engine.policy))
        deadlines = self._desk.engine.shown(case).deadlines
        deadline = next((one for one in deadlines if one.name == about["name"]), None)
        if deadline is None:
            raise Refused("It is not owed any more.")
        modal = blocks.put_off_modal(deadline, number, is_waiver=is_waiver)
        return await self._desk.open_modal(press.trigger_id, modal)

    async def snoozed(self, submit: Submit) -> Reply:
        try:
            by = times.span(submit.text("by") or "")
        except ValueError as error:
            raise Refused(str(error), field="by") from error
        return await self._carry_out(submit, by)

    async def waived(self, submit: Submit) -> Reply:
        return await self._carry_out(submit, None)

    async def _carry_out(self, submit: Submit, by: timedelta | None) -> Reply:
        request = rules.PutOff(str(submit.about["name"]), by, submit.text("reason") or "")
        asked = Asked(submit.key, submit.person)
        target = Existing(int(submit.about["number"]))
        await self._desk.engine.carry_out(rules.put_off, request, target, asked)
        return None
