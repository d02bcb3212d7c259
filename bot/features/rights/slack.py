"""Where does one read who may decide, and ask them?"""

from __future__ import annotations

import json

from bot.core.messages import Content
from bot.engine import Asked, Existing
from bot.features.rights import blocks, rules
from bot.slack.listen import Desk, Reply, Verb
from bot.slack.payloads import Command, Press


def register(desk: Desk) -> None:
    """Take the verb, and the button under a refusal."""

    async def who(command: Command) -> Reply:
        number, _ = await desk.meant(command)
        case = await desk.case(number, command.person)
        return blocks.who(desk.engine.shown(case))

    async def ask(press: Press) -> Reply:
        wanted = json.loads(press.value)
        request = rules.Favour(str(wanted["holder"]), str(wanted["what"]))
        asked = Asked(press.key, press.person)
        target = Existing(int(wanted["number"]))
        await desk.engine.carry_out(rules.ask_holder, request, target, asked)
        return Content(f"<@{request.holder}> is asked.")

    desk.verb(Verb("who", "who", "who does what, and who may decide", who))
    desk.button("ask_holder", ask)
