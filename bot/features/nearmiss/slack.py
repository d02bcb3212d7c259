"""Where is a near miss reported?"""

from __future__ import annotations

from bot.core.facts.incidents import NearMissReported
from bot.engine import Asked, NearMiss
from bot.features.nearmiss import blocks, rules
from bot.slack.listen import Desk, Page, Reply, Verb
from bot.slack.payloads import Command, Submit


def register(desk: Desk) -> None:
    """Take the verb and the modal of this feature."""

    async def asked(command: Command) -> Reply:
        return await desk.open_modal(command.trigger_id, blocks.near_miss_modal(command.words))

    async def told(submit: Submit) -> Reply:
        request = (submit.text("what") or "", submit.text("caught_by") or "")
        done = await desk.engine.carry_out(
            rules.report, request, NearMiss(), Asked(submit.key, submit.person)
        )
        numbers = [one.number for one in done.facts if isinstance(one, NearMissReported)]
        return Page(blocks.near_miss_page(numbers[0]))

    usage, says = "nearmiss [what]", "an entry in the log, no room"
    desk.verb(Verb("nearmiss", usage, says, asked, ("near-miss",)))
    desk.submit("near_miss", told)
