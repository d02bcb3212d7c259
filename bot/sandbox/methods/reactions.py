"""What does reactions.* do?"""

from __future__ import annotations

import re

from bot.sandbox import posts, shapes
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.methods import look
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Channel, Json, Message
from bot.sandbox.workspace import Workspace


@method("reactions.add", required="channel timestamp name", scopes="reactions:write")
def add(workspace: Workspace, args: Arguments) -> Json:
    """Put an emoji on a message."""
    channel = look.own_channel(workspace, args)
    message = _message(channel, args)
    name = args.text("name")
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    app_user = workspace.app.bot_user_id
    if app_user in message.reactions.get(name, []):
        raise SlackError("already_reacted")
    _check_number(workspace, message, name)
    posts.react(workspace, channel, message, (app_user, name))
    return {}


@method("reactions.remove", required="channel timestamp name", scopes="reactions:write")
def remove(workspace: Workspace, args: Arguments) -> Json:
    """Take an emoji of the app's off a message."""
    channel = look.own_channel(workspace, args)
    message = _message(channel, args)
    name, app_user = args.text("name"), workspace.app.bot_user_id
    if app_user not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    posts.unreact(workspace, channel, message, (app_user, name))
    return {}


@method("reactions.get", scopes="reactions:read")
def get(workspace: Workspace, args: Arguments) -> Json:
    """Tell which emoji are on a message."""
    if not (args.has("channel") and args.has("timestamp")):
        raise SlackError("no_item_specified")
    channel = look.channel(workspace, args)
    message = _message(channel, args)
    shape = shapes.linked_message(message, channel, workspace)
    return {"type": "message", "channel": channel.id, "message": shape}


def _check_number(workspace: Workspace, message: Message, name: str) -> None:
    chosen, app_user = workspace.chosen, workspace.app.bot_user_id
    own = sum(app_user in users for users in message.reactions.values())
    if chosen.reactions_of_one is not None and own >= chosen.reactions_of_one:
        raise SlackError("too_many_reactions")
    kinds = len(message.reactions.keys() | {name})
    if chosen.emoji_on_message is not None and kinds > chosen.emoji_on_message:
        raise SlackError("too_many_emoji")


def _message(channel: Channel, args: Arguments) -> Message:
    ts = args.text("timestamp")
    if not re.fullmatch(r"\d+\.\d+", ts):
        raise SlackError("bad_timestamp")
    return look.message(channel, ts)
