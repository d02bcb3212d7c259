"""Which way does each thing go that is owed?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeAlias

from bot.core import ids
from bot.core.failures import Retryable
from bot.core.webhooks import VIA
from bot.engine import Engine, NotWritten
from bot.hooks import send
from bot.hooks.targets import Targets
from bot.slack import pacing
from bot.slack.deliver import Delivery
from bot.slack.effects import Bring, Owed

_NEXT_TURN = timedelta(seconds=1)
_AT_ONCE = timedelta(0)  # as soon as its pace allows
Draws: TypeAlias = Callable[[Owed], Sequence[pacing.Draw]]


def each_its_way(delivery: Delivery, sender: send.Sender, targets: Targets, write: Engine) -> Bring:
    """To Slack, to other systems, or to slots, rolls and Homes, which are owed to Slack anew."""

    async def deliver(owed: Owed) -> dict[str, Any] | None:
        if owed.body.get("via") == VIA:
            return await targets(owed)
        if owed.kind == "send":
            return await sender(owed)
        try:
            return None if await _done_here(owed, write) else await delivery(owed)
        except NotWritten as error:
            # Newer code at work beside this one draws it as soon as its turn comes.
            raise Retryable(str(error), _NEXT_TURN if error.is_newer else None) from error

    return deliver


async def _done_here(owed: Owed, write: Engine) -> bool:
    """Whether it was something that is done in the database; Slack hears of what comes of it."""
    effect = owed.body.get("effect")
    if number := ids.drawn(owed.name):
        await write.draw(number)
    elif effect == "enroll":
        await write.enroll(int(owed.body["number"]))
    elif effect == "redraw_homes":
        if await write.redraw_homes(owed.first_claimed_at):
            raise Retryable("more Homes may have to be drawn anew", _AT_ONCE)
    else:
        return False
    return True


def drawn_by_who_can(draws: Draws, write: Engine) -> Draws:
    """The same; the slots of an incident that only newer code can read stay for that."""

    def drawing(owed: Owed) -> Sequence[pacing.Draw]:
        number = ids.drawn(owed.name)
        if number is not None and write.leaves(number):
            return [pacing.BEYOND]
        return draws(owed)

    return drawing
