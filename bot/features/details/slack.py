"""Where is the Fill in form opened and taken?"""

from __future__ import annotations

from typing import Any

from bot.core.facts.incidents import DetailsFilled
from bot.engine import Asked, Existing
from bot.features.details import blocks, rules
from bot.slack.listen import Desk, Reply, Verb
from bot.slack.payloads import Command, Press, Submit


def register(desk: Desk) -> None:
    """Take the verb, the button and the modal of this feature."""

    async def by_verb(command: Command) -> Reply:
        number, _ = await desk.meant(command)
        return await opened(number, command.person, command.trigger_id)

    async def by_button(press: Press) -> Reply:
        return await opened(int(press.value), press.person, press.trigger_id)

    async def opened(number: int, person: str, trigger_id: str) -> Reply:
        case = await desk.inside(number, person)
        rules.check(case.incident)
        modal = blocks.fill_in_modal(desk.engine.shown(case))
        return await desk.open_modal(trigger_id, modal)

    async def filled(submit: Submit) -> Reply:
        asked = Asked(submit.key, submit.person)
        target = Existing(int(submit.about["number"]))
        await desk.engine.carry_out(rules.fill_in, _request(submit), target, asked)
        return None

    desk.verb(Verb("fill", "fill", "fill in what is still missing", by_verb, ("fill-in", "harm")))
    desk.button("fill_in", by_button)
    desk.submit("fill_in", filled)


def _request(submit: Submit) -> DetailsFilled:
    ticked, tier = submit.choices("bar"), submit.choice("governance_tier") or ""
    known: dict[str, Any] = {
        **{name: submit.choice(name) for name in rules.CHOICES},
        **{name: submit.text(name) for name in rules.TEXTS},
        **{name: submit.moment(name) for name in rules.TIMES},
        **{name: name in ticked for name in blocks.BAR},
        "governance_tier": int(tier) if tier.isdigit() else None,
    }
    return DetailsFilled(**known)
