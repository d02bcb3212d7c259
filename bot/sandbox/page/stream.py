"""In which order do a channel's messages stand, and what stands between them?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.sandbox.model import Message
from bot.sandbox.page import dates
from bot.sandbox.page.mrkdwn import Reader

_NOT_SYSTEM = (None, "bot_message", "me_message", "file_share")
_TOGETHER_SECONDS = 300
_BEFORE_MARKED = 3


@dataclass(frozen=True)
class Told:
    """A line of Slack's own, in a channel after the message with this ts."""

    channel_id: str
    after_ts: str
    text: str


@dataclass(frozen=True)
class Line:
    """One line of the stream: a day, a message with its replies, what Slack told, what is new.

    The first word of `key` tells which, for all but messages, whose key is their ts.
    """

    key: str
    message: Message | None = None
    text: str = ""
    is_follow_up: bool = False
    replies: tuple[Message, ...] = ()


def is_system(message: Message) -> bool:
    """Slack wrote this line itself, such as "has joined the channel"."""
    return message.subtype not in _NOT_SYSTEM


def replies(messages: list[Message]) -> dict[str, list[Message]]:
    """Of each thread that begins among these messages, by its ts, what was replied."""
    tops = {message.ts for message in messages}
    found: dict[str, list[Message]] = {}
    for message in messages:
        if _is_reply(message, tops):
            found.setdefault(str(message.thread_ts), []).append(message)
    return found


def lines(
    messages: list[Message], told: list[Told], reader: Reader, first_new: str = ""
) -> Iterator[Line]:
    """The stream from top to bottom; replies are in their thread, unless that is gone.

    A line "New" goes before the message with the ts `first_new`; empty for none.
    """
    waiting = [(number, line) for number, line in enumerate(told)]
    threads = replies(messages)
    before: Message | None = None
    last_day = ""
    for message in _in_channel(messages):
        while waiting and waiting[0][1].after_ts < message.ts:
            yield _told(*waiting.pop(0))
            before = None
        day = dates.day(message.ts, reader.zone, reader.now)
        if day != last_day:
            yield Line(f"day {day}", text=day)
            last_day, before = day, None
        if message.ts == first_new:
            yield Line("new", text="New")
            before = None
        below = tuple(threads.get(message.ts, ()))
        yield Line(message.ts, message, is_follow_up=_goes_on(before, message), replies=below)
        before = None if below else message
    for number, line in waiting:
        yield _told(number, line)


def thread_lines(root: Message, below: list[Message]) -> Iterator[Line]:
    """A thread from top to bottom: what it began with, how many replied, the replies."""
    yield Line(root.ts, root)
    yield Line("count", text=counted(len(below)))
    before: Message | None = None
    for message in below:
        yield Line(message.ts, message, is_follow_up=_goes_on(before, message))
        before = message


def counted(count: int) -> str:
    """So many replies, in words."""
    if not count:
        return "No replies yet"
    return f"{count} {'reply' if count == 1 else 'replies'}"


def first_shown(lines: Sequence[Line], marked: str, count: int) -> int:
    """Where to begin so that `count` lines show, and the one with the key `marked` too."""
    first = max(0, len(lines) - count)
    for index, line in enumerate(lines[:first]):
        if line.key == marked:
            return max(0, index - _BEFORE_MARKED)
    return first


def named(lines: Sequence[Line]) -> list[Line]:
    """The same lines, the first of them with its author."""
    return [replace(line, is_follow_up=False) for line in lines[:1]] + list(lines[1:])


def _in_channel(messages: list[Message]) -> list[Message]:
    tops = {message.ts for message in messages}
    return [message for message in messages if message.is_broadcast or not _is_reply(message, tops)]


def _is_reply(message: Message, tops: set[str]) -> bool:
    return message.thread_ts in tops and message.thread_ts != message.ts


def _goes_on(before: Message | None, message: Message) -> bool:
    if before is None or is_system(before) or is_system(message) or message.ephemeral_to:
        return False
    if (before.user, before.username, before.icons) != (
        message.user,
        message.username,
        message.icons,
    ):
        return False
    if (before.thread_ts, before.ephemeral_to) != (message.thread_ts, None):
        return False
    return float(message.ts) - float(before.ts) < _TOGETHER_SECONDS


def _told(number: int, line: Told) -> Line:
    return Line(f"told {number}", text=line.text)
