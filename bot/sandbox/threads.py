"""Which message of a channel has this ts, and what was replied to it?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from decimal import Decimal

from bot.sandbox.model import Channel, Message


def find(channel: Channel, ts: str) -> Message | None:
    """The message with this ts that everybody in the channel sees, None when there is none."""
    message = find_any(channel, ts)
    return None if message is None or message.ephemeral_to is not None else message


def find_any(channel: Channel, ts: str) -> Message | None:
    """The same, notes that one person sees among them."""
    place = _place(channel, ts)
    if place == len(channel.messages) or channel.messages[place].ts != ts:
        return None
    return channel.messages[place]


def thread(channel: Channel, ts: str) -> list[Message]:
    """The message and the replies to it, in order."""
    parent = find(channel, ts)
    return [] if parent is None else [parent, *replies(channel, parent)]


def replies(channel: Channel, parent: Message) -> list[Message]:
    """What was replied to the message, in order, as everybody sees it."""
    if not parent.reply_count:
        return []  # by far the most; a room's messages are not looked through for each of them
    return [
        message
        for message in channel.messages[_place(channel, parent.ts) :]
        if message.thread_ts == parent.ts and message.ephemeral_to is None
    ]


def between(
    messages: list[Message], oldest: Decimal | None, latest: Decimal | None, *, inclusive: bool
) -> list[Message]:
    """Those of `messages` after `oldest` and before `latest`, or at them; None is no bound."""
    start, end = 0, len(messages)
    if oldest is not None:
        side = bisect_left if inclusive else bisect_right
        start = side(messages, oldest, key=_moment)
    if latest is not None:
        side = bisect_right if inclusive else bisect_left
        end = side(messages, latest, key=_moment)
    return messages[start:end]


def _place(channel: Channel, ts: str) -> int:
    return bisect_left(channel.messages, (len(ts), ts), key=_in_order)


def _in_order(message: Message) -> tuple[int, str]:
    # A ts is written with six decimals always: of two, the longer is the later.
    return len(message.ts), message.ts


def _moment(message: Message) -> Decimal:
    return Decimal(message.ts)
