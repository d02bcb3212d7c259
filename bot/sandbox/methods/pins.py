"""What does pins.* do?"""

from __future__ import annotations

from bot.sandbox import rooms, shapes
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.methods import look
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Json
from bot.sandbox.workspace import Workspace


@method("pins.add", required="channel timestamp", scopes="pins:write")
def add(workspace: Workspace, args: Arguments) -> Json:
    """Pin a message."""
    channel = look.own_channel(workspace, args)
    message = look.message(channel, args.text("timestamp"))
    if message.subtype or message.files:
        raise SlackError("not_pinnable")
    if message.ts in channel.pins:
        raise SlackError("already_pinned")
    most = workspace.chosen.pins
    if most is not None and len(channel.pins) >= most:
        raise SlackError("too_many_pins")
    rooms.pin(workspace, channel, workspace.app.bot_user_id, message.ts)
    return {}


@method("pins.remove", required="channel", scopes="pins:write")
def remove(workspace: Workspace, args: Arguments) -> Json:
    """Unpin a message."""
    channel = look.own_channel(workspace, args)
    message = look.message(channel, args.text("timestamp"))
    if message.ts not in channel.pins:
        raise SlackError("no_pin")
    rooms.unpin(workspace, channel, workspace.app.bot_user_id, message.ts)
    return {}


@method("pins.list", required="channel", scopes="pins:read")
def list_all(workspace: Workspace, args: Arguments) -> Json:
    """List what is pinned in a channel, newest pin first."""
    channel = look.channel(workspace, args)
    items = []
    for ts in reversed(channel.pins):
        shape = shapes.message(look.message(channel, ts), channel, workspace)
        items.append({"type": "message", "channel": channel.id, "message": shape})
    return {"items": items}
