"""Which way does each thing go that is owed?"""

from __future__ import annotations

from typing import Any

from bot.core import ids
from bot.core.failures import Retryable
from bot.core.webhooks import VIA
from bot.engine import Engine, NotWritten
from bot.hooks import send
from bot.hooks.targets import Targets
from bot.slack.deliver import Delivery
from bot.slack.effects import Bring, Owed


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
            raise Retryable(str(error)) from error

    return deliver
