"""What do conversations.history and conversations.replies give back?"""

from __future__ import annotations

import re
from decimal import Decimal

from bot.sandbox import scopes, shapes, threads
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.methods import look
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Channel, Json, Message
from bot.sandbox.rules.conversations import HISTORY, HISTORY_DEFAULT
from bot.sandbox.workspace import Workspace


@method("conversations.history", required="channel")
def history(workspace: Workspace, args: Arguments) -> Json:
    """The newest messages first; replies are only in their threads."""
    channel = _readable(workspace, args)
    inside = (
        message
        for message in reversed(_between(channel.messages, args))
        if message.ephemeral_to is None
        and (message.thread_ts in (None, message.ts) or message.is_broadcast)
    )
    default, most = HISTORY_DEFAULT.limit, HISTORY.limit
    part, following = look.page(inside, args, default=default, most=most)
    has_more = bool(following["response_metadata"]["next_cursor"])
    answer: Json = {
        "messages": _written(workspace, args, channel, part),
        "has_more": has_more,
        "pin_count": len(channel.pins),
    }
    return {**answer, **following} if has_more else answer


@method("conversations.replies", required="channel ts")
def replies(workspace: Workspace, args: Arguments) -> Json:
    """A thread, oldest first; the parent leads whatever the limits of time are."""
    channel = _readable(workspace, args)
    found = threads.find(channel, args.text("ts"))
    if found is None:
        raise SlackError("thread_not_found")
    parent_ts = found.thread_ts or found.ts
    whole = threads.thread(channel, parent_ts)
    part, following = look.page([*whole[:1], *_between(whole[1:], args)], args, default=1000)
    has_more = bool(following["response_metadata"]["next_cursor"])
    answer: Json = {
        "messages": _written(workspace, args, channel, part),
        "has_more": has_more,
    }
    return {**answer, **following} if has_more else answer


def _readable(workspace: Workspace, args: Arguments) -> Channel:
    channel = look.visible(workspace, args, scopes.HISTORY)
    if not look.is_member(workspace, channel):
        raise SlackError("not_in_channel")
    return channel


def _between(messages: list[Message], args: Arguments) -> list[Message]:
    oldest = _moment(args, "oldest", "invalid_ts_oldest")
    latest = _moment(args, "latest", "invalid_ts_latest")
    return threads.between(messages, oldest, latest, inclusive=args.flag("inclusive"))


def _moment(args: Arguments, name: str, error: str) -> Decimal | None:
    given = args.text(name)
    if given in ("", "0"):
        return None
    if not re.fullmatch(r"\d+(\.\d*)?", given):
        raise SlackError(error)
    return Decimal(given)


def _written(
    workspace: Workspace, args: Arguments, channel: Channel, messages: list[Message]
) -> list[Json]:
    written = [shapes.message(message, channel, workspace) for message in messages]
    if args.flag("include_all_metadata"):
        return written
    return [shapes.without_payload(shape) for shape in written]
