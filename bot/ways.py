"""Which way does each thing go that is owed?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.core import ids
from bot.core.failures import Retryable
from bot.core.webhooks import VIA
from bot.engine import Engine, NotWritten
from bot.hooks import send
from bot.hooks.targets import Targets
from bot.slack.deliver import Delivery
from bot.slack.effects import Bring, Owed

_NEXT_TURN = timedelta(seconds=1)


def each_its_way(delivery: Delivery, sender: send.Sender, targets: Targets, write: Engine) -> Bring:
    """To Slack, to other systems, or to the slots, which are drawn and owed to Slack then."""

    async def deliver(owed: Owed) -> dict[str, Any] | None:
        if owed.body.get("via") == VIA:
            return await targets(owed)
        if owed.kind == "send":
            return await sender(owed)
        try:
            if number := ids.drawn(owed.name):
                await write.draw(number)
                return None
            return await delivery(owed)
        except NotWritten as error:
            # Newer code at work beside this one draws it as soon as its turn comes.
            raise Retryable(str(error), _NEXT_TURN if error.is_newer else None) from error

    return deliver
