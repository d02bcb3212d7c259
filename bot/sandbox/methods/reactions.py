"""What does reactions.* do?"""

from __future__ import annotations

import re

from bot.sandbox import limits
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.methods import look
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Json
from bot.sandbox.workspace import Workspace


@method("reactions.add", required="channel timestamp name", scopes="reactions:write")
def add(workspace: Workspace, args: Arguments) -> Json:
    """Put an emoji on a message."""
    channel = look.own_channel(workspace, args)
    message = look.message(channel, args.text("timestamp"))
    name = args.text("name")
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    app_user = workspace.app.bot_user_id
    if app_user in message.reactions.get(name, []):
        raise SlackError("already_reacted")
    if sum(app_user in users for users in message.reactions.values()) >= limits.REACTIONS:
        raise SlackError("too_many_reactions")
    message.reactions.setdefault(name, []).append(app_user)
    workspace.tell(f"messages:{channel.id}")
    return {}


@method("reactions.remove", required="channel timestamp name", scopes="reactions:write")
def remove(workspace: Workspace, args: Arguments) -> Json:
    """Take an emoji of the app's off a message."""
    channel = look.own_channel(workspace, args)
    message = look.message(channel, args.text("timestamp"))
    name, app_user = args.text("name"), workspace.app.bot_user_id
    if app_user not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    message.reactions[name].remove(app_user)
    if not message.reactions[name]:
        del message.reactions[name]
    workspace.tell(f"messages:{channel.id}")
    return {}
