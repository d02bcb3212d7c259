"""Which buttons answer whoever asks for a role?"""

from __future__ import annotations

from bot.core.messages import Content
from bot.core.outcome import Rule
from bot.engine import Asked, Existing
from bot.features.takeover import rules
from bot.slack.listen import Desk, Reply
from bot.slack.payloads import Press


def register(desk: Desk) -> None:
    """Take both buttons of the question."""

    async def carry_out(rule: Rule, press: Press) -> None:
        number, _, role = press.value.partition("/")
        asked = Asked(press.key, press.person)
        await desk.engine.carry_out(rule, role, Existing(int(number)), asked)

    async def agreed(press: Press) -> Reply:
        await carry_out(rules.agree, press)
        return Content("It is handed over. Thank you.")

    async def kept(press: Press) -> Reply:
        await carry_out(rules.keep, press)
        return Content("You keep the role; they are told.")

    desk.button("takeover_agreed", agreed)
    desk.button("takeover_kept", kept)
