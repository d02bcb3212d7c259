"""What do conversations.* do that make, change and find channels?"""

from __future__ import annotations

import re

from bot.sandbox import rooms, scopes, shapes
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.methods import look
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Channel, Json
from bot.sandbox.rules.channels import NAME, TOPIC
from bot.sandbox.workspace import Workspace

_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


@method("conversations.create")
def create(workspace: Workspace, args: Arguments) -> Json:
    """Make a channel; the name is checked, not changed (docs: conversations.create)."""
    is_private = args.flag("is_private")
    scopes.need(workspace, scopes.MANAGE["group" if is_private else "channel"])
    look.check_permitted(workspace, "conversations.create")
    name = args.text("name", error="invalid_name")
    _check_name(name)
    _check_free(workspace, name)
    channel = rooms.create(workspace, name, workspace.app.bot_user_id, is_private)
    return {"channel": shapes.channel(channel, workspace)}


@method("conversations.rename", required="channel name")
def rename(workspace: Workspace, args: Arguments) -> Json:
    """Rename a channel; the name is made to fit (docs: conversations.rename)."""
    channel = look.own(workspace, args, scopes.MANAGE)
    if channel.creator != workspace.app.bot_user_id:
        raise SlackError("not_authorized")
    name = re.sub(r"[^\w-]", "", args.text("name").lower().replace(" ", "-"))
    _check_name(name)
    if name != channel.name:
        _check_free(workspace, name)
        rooms.rename(workspace, channel, workspace.app.bot_user_id, name)
    return {"channel": shapes.channel(channel, workspace)}


@method("conversations.setTopic", required="channel")
def set_topic(workspace: Workspace, args: Arguments) -> Json:
    """Set the topic."""
    channel, topic = _to_describe(workspace, args, "topic")
    rooms.set_topic(workspace, channel, workspace.app.bot_user_id, topic)
    return {"channel": shapes.channel(channel, workspace)}


@method("conversations.setPurpose", required="channel")
def set_purpose(workspace: Workspace, args: Arguments) -> Json:
    """Set the purpose."""
    channel, purpose = _to_describe(workspace, args, "purpose")
    rooms.set_purpose(workspace, channel, workspace.app.bot_user_id, purpose)
    return {"purpose": channel.purpose, "channel": shapes.channel(channel, workspace)}


@method("conversations.archive", required="channel")
def archive(workspace: Workspace, args: Arguments) -> Json:
    """Archive a channel."""
    channel = look.visible(workspace, args, scopes.MANAGE)
    if channel.is_direct:
        raise SlackError("method_not_supported_for_channel_type")
    look.check_permitted(workspace, "conversations.archive")
    if channel.is_archived:
        raise SlackError("already_archived")
    if channel.name == "general":
        raise SlackError("cant_archive_general")
    if channel.id in workspace.policy.required:
        raise SlackError("cant_archive_required")
    if not look.is_member(workspace, channel):
        raise SlackError("not_in_channel")
    rooms.archive(workspace, channel, workspace.app.bot_user_id)
    return {}


@method("conversations.unarchive", required="channel")
def unarchive(workspace: Workspace, args: Arguments) -> Json:
    """Open an archived channel again: a person can, a bot token cannot."""
    channel = look.visible(workspace, args, scopes.MANAGE)
    if not channel.is_archived:
        raise SlackError("not_archived")
    # "Bot tokens cannot currently be used to unarchive" (docs: conversations.unarchive).
    raise SlackError("not_in_channel")


@method("conversations.info", required="channel")
def info(workspace: Workspace, args: Arguments) -> Json:
    """Tell what a channel is."""
    channel = look.visible(workspace, args, scopes.READ)
    shape = shapes.channel(channel, workspace)
    if not args.flag("include_num_members"):
        shape.pop("num_members", None)
    if channel.canvas_id:
        canvas = workspace.canvases[channel.canvas_id]
        about = {"file_id": canvas.id, "is_empty": not canvas.sections}
        shape["properties"] = {"canvas": about}
    return {"channel": shape}


@method("conversations.list")
def list_all(workspace: Workspace, args: Arguments) -> Json:
    """List the channels the app may know of."""
    return _listed(workspace, args, list(workspace.channels.values()))


@method("users.conversations")
def list_of_user(workspace: Workspace, args: Arguments) -> Json:
    """List the channels somebody is in, as far as the app may know of them."""
    user_id = args.text("user") or workspace.app.bot_user_id
    look.person(workspace, user_id)
    inside = [channel for channel in workspace.channels.values() if user_id in channel.members]
    return _listed(workspace, args, inside)


def _listed(workspace: Workspace, args: Arguments, channels: list[Channel]) -> Json:
    kinds = _kinds(workspace, args.words("types") or ["public_channel"])
    seen = [
        channel
        for channel in channels
        if shapes.channel_type(channel) in kinds
        and (not channel.is_private or look.is_member(workspace, channel))
        and not (channel.is_archived and args.flag("exclude_archived"))
    ]
    part, following = look.page(seen, args)
    return {"channels": [shapes.channel(channel, workspace) for channel in part], **following}


def _kinds(workspace: Workspace, types: list[str]) -> set[str]:
    if not set(types) <= _TYPES.keys():
        raise SlackError("invalid_types")
    for given in types:
        scopes.need(workspace, scopes.READ[_TYPES[given]])
    return {_TYPES[given] for given in types}


def _to_describe(workspace: Workspace, args: Arguments, name: str) -> tuple[Channel, str]:
    channel = look.own(workspace, args, scopes.TOPIC)
    given = args.text(name)
    if len(given) > TOPIC.limit:
        raise SlackError("too_long")
    return channel, given


def _check_name(name: str) -> None:
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > NAME.limit:
        raise SlackError("invalid_name_maxlength")
    if re.fullmatch(r"[\W_]+", name):
        raise SlackError("invalid_name_punctuation")
    if any(letter.isupper() or not (letter.isalnum() or letter in "-_") for letter in name):
        raise SlackError("invalid_name_specials")


def _check_free(workspace: Workspace, name: str) -> None:
    # Archived channels and private ones the app cannot see keep their names too.
    channels = workspace.channels.values()
    if any(channel.name == name for channel in channels if not channel.is_direct):
        raise SlackError("name_taken")
