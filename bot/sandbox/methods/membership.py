"""What do conversations.* do that let people into channels or out of them?"""

from __future__ import annotations

from bot.sandbox import rooms, scopes, shapes
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.methods import look
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Channel, Json, Person
from bot.sandbox.rules.conversations import INVITED
from bot.sandbox.workspace import Workspace


@method("conversations.invite", required="channel users")
def invite(workspace: Workspace, args: Arguments) -> Json:
    """Invite people; one who cannot be stops all, unless `force` (docs: conversations.invite)."""
    channel = look.own(workspace, args, scopes.INVITE)
    users = list(dict.fromkeys(args.words("users")))
    listed = workspace.chosen.invited_at_once
    if len(users) > (INVITED.limit if listed is None else listed):
        raise SlackError("too_many_users")
    mistakes = [
        {"user": user, "ok": False, "error": code}
        for user in users
        if (code := _obstacle(workspace, channel, user))
    ]
    refused = {mistake["user"] for mistake in mistakes}
    if mistakes and (not args.flag("force") or len(refused) == len(users)):
        raise SlackError(str(mistakes[0]["error"]), errors=mistakes)
    for user in users:
        if user not in refused:
            rooms.enter(workspace, channel, user, inviter=workspace.app.bot_user_id)
    answer: Json = {"channel": shapes.channel(channel, workspace)}
    return {**answer, "errors": mistakes} if mistakes else answer


@method("conversations.kick", required="channel user")
def kick(workspace: Workspace, args: Arguments) -> Json:
    """Take a person out of a channel."""
    channel = look.own(workspace, args, scopes.MANAGE_ROOMS)
    look.check_permitted(workspace, "conversations.kick")
    user = args.text("user")
    if user == workspace.app.bot_user_id:
        raise SlackError("cant_kick_self")
    look.person(workspace, user)
    if channel.name == "general":
        raise SlackError("cant_kick_from_general")
    if user not in channel.members:
        raise SlackError("not_in_channel")
    rooms.remove(workspace, channel, user, workspace.app.bot_user_id)
    return {"errors": {}}


@method("conversations.join", required="channel", scopes="channels:join")
def join(workspace: Workspace, args: Arguments) -> Json:
    """Enter a public channel."""
    channel = look.channel(workspace, args)
    if channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if look.is_member(workspace, channel):
        warning = "already_in_channel"
        return {
            "channel": shapes.channel(channel, workspace),
            "warning": warning,
            "response_metadata": {"warnings": [warning]},
        }
    rooms.enter(workspace, channel, workspace.app.bot_user_id)
    return {"channel": shapes.channel(channel, workspace)}


@method("conversations.leave", required="channel")
def leave(workspace: Workspace, args: Arguments) -> Json:
    """Leave a channel; not to be in it is no error."""
    channel = look.visible(workspace, args, scopes.MANAGE_ROOMS)
    if channel.is_archived:
        raise SlackError("is_archived")
    if not look.is_member(workspace, channel):
        return {"not_in_channel": True}
    if channel.name == "general":
        raise SlackError("cant_leave_general")
    rooms.leave(workspace, channel, workspace.app.bot_user_id)
    return {}


@method("conversations.members", required="channel")
def members(workspace: Workspace, args: Arguments) -> Json:
    """List who is in a channel."""
    channel = look.visible(workspace, args, scopes.READ)
    part, following = look.page(channel.members, args)
    return {"members": part, **following}


def _obstacle(workspace: Workspace, channel: Channel, user: str) -> str | None:
    person = workspace.people.get(user)
    if person is None:
        return "user_not_found"
    if user == workspace.app.bot_user_id:
        return "cant_invite_self"
    if person.is_deleted:
        return "cant_invite"
    if user in channel.members:
        return "already_in_channel"
    return "ura_max_channels" if _is_elsewhere(workspace, person) else None


def _is_elsewhere(workspace: Workspace, person: Person) -> bool:
    rooms_of = (each for each in workspace.channels.values() if not each.is_direct)
    return person.is_single_channel_guest and any(person.id in each.members for each in rooms_of)
