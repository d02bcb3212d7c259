"""What becomes of messages that are to be written later?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

from bot.sandbox import drafts, files
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.methods import chat, look
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Json, Scheduled
from bot.sandbox.rules.messages import SCHEDULED_AT_ONCE, SCHEDULED_DAYS
from bot.sandbox.workspace import Workspace

_LOOK_SECONDS = 0.25  # how often a clock that people can move is looked at
_WINDOW_SECONDS = 300
_TOO_LATE_SECONDS = 60  # docs.slack.dev/reference/methods/chat.deleteScheduledMessage


@method("chat.scheduleMessage", required="channel post_at", scopes="chat:write")
def schedule(workspace: Workspace, args: Arguments) -> Json:
    """Keep a message until its time has come."""
    draft = drafts.read(args, workspace.chosen)
    files.check(workspace, draft)
    channel = chat.target(workspace, args)
    post_at = args.number("post_at", 0, "invalid_time")
    _check_time(workspace, channel.id, post_at)
    kept = Scheduled(
        id=workspace.next_id("Q"),
        channel=channel.id,
        post_at=post_at,
        created=workspace.now_seconds(),
        arguments={**args.given, "channel": channel.id},
        # A fault of Slack's that its documentation tells of.
        never=draft.metadata is not None,
    )
    workspace.scheduled[kept.id] = kept
    message = {
        "text": draft.text,
        "bot_id": workspace.app.bot_id,
        "type": "delayed_message",
        "subtype": "bot_message",
    }
    return {
        "channel": channel.id,
        "scheduled_message_id": kept.id,
        "post_at": post_at,
        "message": {**message, **({"blocks": draft.blocks} if draft.blocks else {})},
    }


@method("chat.deleteScheduledMessage", required="channel scheduled_message_id", scopes="chat:write")
def forget(workspace: Workspace, args: Arguments) -> Json:
    """Let go of a message, but not in the minute before it is due."""
    channel = look.channel(workspace, args)
    kept = workspace.scheduled.get(args.text("scheduled_message_id"))
    soon = workspace.now_seconds() + _TOO_LATE_SECONDS
    if kept is None or kept.channel != channel.id or kept.post_at <= soon:
        raise SlackError("invalid_scheduled_message_id")
    del workspace.scheduled[kept.id]
    return {}


@method("chat.scheduledMessages.list")
def list_all(workspace: Workspace, args: Arguments) -> Json:
    """List what is still to be written, the next first."""
    if args.has("channel"):
        found = look.channel(workspace, args, missing="invalid_channel").id
        kept = [each for each in workspace.scheduled.values() if each.channel == found]
    else:
        kept = list(workspace.scheduled.values())
    oldest = args.number("oldest", 0)
    latest = args.number("latest", 0)
    asked = [
        each for each in kept if oldest <= each.post_at and (not latest or each.post_at <= latest)
    ]
    part, following = look.page(sorted(asked, key=lambda each: each.post_at), args)
    return {"scheduled_messages": [_shape(each) for each in part], **following}


def post_due(workspace: Workspace) -> None:
    """Write what is due; what cannot be written any more is lost, as in Slack."""
    now = workspace.now_seconds()
    due = [each for each in workspace.scheduled.values() if each.post_at <= now]
    for kept in sorted(due, key=lambda each: each.post_at):
        del workspace.scheduled[kept.id]
        if not kept.never:
            with contextlib.suppress(SlackError):
                chat.post_message(workspace, Arguments(kept.arguments))


@contextlib.asynccontextmanager
async def posting(workspace: Workspace) -> AsyncIterator[None]:
    """Write what is due soon after it is, inside `async with`."""
    looking = asyncio.create_task(_look_often(workspace))
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def _look_often(workspace: Workspace) -> None:
    while True:
        post_due(workspace)
        await asyncio.sleep(_LOOK_SECONDS)


def _check_time(workspace: Workspace, channel_id: str, post_at: int) -> None:
    now = workspace.now_seconds()
    if post_at <= now:
        raise SlackError("time_in_past")
    if post_at > now + timedelta(days=SCHEDULED_DAYS.limit).total_seconds():
        raise SlackError("time_too_far")
    window = post_at // _WINDOW_SECONDS
    others = [
        each
        for each in workspace.scheduled.values()
        if each.channel == channel_id and each.post_at // _WINDOW_SECONDS == window
    ]
    if len(others) >= SCHEDULED_AT_ONCE.limit:
        raise SlackError("restricted_too_many")


def _shape(kept: Scheduled) -> Json:
    return {
        "id": kept.id,
        "channel_id": kept.channel,
        "post_at": kept.post_at,
        "date_created": kept.created,
        "text": str(kept.arguments.get("text") or ""),
    }
