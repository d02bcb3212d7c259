"""Which commands make somebody a follower?"""

from __future__ import annotations

from bot.core.messages import Content
from bot.engine import Asked, Existing
from bot.features.following import rules
from bot.slack.listen import Desk, Reply, Verb
from bot.slack.payloads import Command


def register(desk: Desk) -> None:
    """Take the two verbs."""

    async def follow(command: Command) -> Reply:
        number, _ = await desk.meant(command)
        asked = Asked(command.key, command.person)
        done = await desk.engine.carry_out(rules.follow, None, Existing(number), asked)
        return Content(
            f"You get the updates of {done.case.incident.reference} by direct message. "
            f"`{desk.command} unfollow INC-{number}` ends it."
        )

    async def unfollow(command: Command) -> Reply:
        number, _ = await desk.meant(command)
        asked = Asked(command.key, command.person)
        done = await desk.engine.carry_out(rules.unfollow, None, Existing(number), asked)
        return Content(f"You no longer get the updates of {done.case.incident.reference}.")

    desk.verb(Verb("follow", "follow INC-12", "its updates by direct message", follow))
    desk.verb(Verb("unfollow", "unfollow INC-12", "no more of them", unfollow))
