"""What do conversations.* do with direct conversations, and with what was read?"""

from __future__ import annotations

import re

from bot.sandbox import rooms, scopes, shapes
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.methods import look
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Channel, Json
from bot.sandbox.rules.conversations import OPEN_USERS
from bot.sandbox.workspace import Workspace


@method("conversations.open")
def open_direct(workspace: Workspace, args: Arguments) -> Json:
    """Open the direct conversation with one person or with several."""
    if args.has("channel"):
        return _again(workspace, args)
    users = list(dict.fromkeys(args.words("users")))
    scopes.need(workspace, ("mpim:write",) if len(users) > 1 else ("im:write",))
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > OPEN_USERS.limit:
        raise SlackError("too_many_users")
    for user in users:
        _check_person(workspace, user)
    found = rooms.find_direct(workspace, users)
    if found is None and args.flag("prevent_creation"):
        raise SlackError("channel_not_found")
    channel = found or rooms.direct(workspace, *users)
    answer: Json = {"channel": _opened(channel, workspace, args)}
    return {"no_op": True, "already_open": True, **answer} if found else answer


@method("conversations.close", required="channel")
def close_direct(workspace: Workspace, args: Arguments) -> Json:
    """Put a direct conversation out of sight; nothing of it is lost."""
    channel = look.visible(workspace, args, scopes.CLOSE)
    if not channel.is_direct:
        raise SlackError("method_not_supported_for_channel_type")
    return {}


@method("conversations.mark", required="channel ts")
def mark(workspace: Workspace, args: Arguments) -> Json:
    """Say how far the app has read."""
    channel = look.visible(workspace, args, scopes.MANAGE)
    if not look.is_member(workspace, channel):
        raise SlackError("not_in_channel")
    if not re.fullmatch(r"\d+\.\d+", args.text("ts")):
        raise SlackError("invalid_timestamp")
    return {}


def _again(workspace: Workspace, args: Arguments) -> Json:
    scopes.need_any(workspace, scopes.CLOSE)
    channel = look.channel(workspace, args)
    if not channel.is_direct:
        raise SlackError("method_not_supported_for_channel_type")
    scopes.need_for(workspace, scopes.CLOSE, channel)
    return {"no_op": True, "already_open": True, "channel": _opened(channel, workspace, args)}


def _check_person(workspace: Workspace, user: str) -> None:
    person = look.person(workspace, user)
    if person.is_deleted:
        raise SlackError("user_disabled")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")


def _opened(channel: Channel, workspace: Workspace, args: Arguments) -> Json:
    return shapes.channel(channel, workspace) if args.flag("return_im") else {"id": channel.id}
