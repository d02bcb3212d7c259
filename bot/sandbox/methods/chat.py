"""What does chat.* do?"""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox import drafts, files, posts, rooms, shapes, threads
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.methods import look
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Channel, Json, Message
from bot.sandbox.posts import Draft
from bot.sandbox.rules.messages import UPDATED_TEXT
from bot.sandbox.rules.text import limit
from bot.sandbox.workspace import Workspace

_WITHOUT_REPLIES = ("_join", "_leave", "_archive", "_unarchive")


@method("chat.postMessage", required="channel", scopes="chat:write")
def post_message(workspace: Workspace, args: Arguments) -> Json:
    """Write a message into a channel, or to a person."""
    draft = drafts.read(args, workspace.chosen)
    files.check(workspace, draft)
    channel = target(workspace, args)
    look.check_permitted(workspace, "chat.postMessage")
    thread_ts = _thread(channel, args.text("thread_ts"))
    draft = drafts.in_thread(draft, thread_ts, is_broadcast=args.flag("reply_broadcast"))
    message = posts.by_app(workspace, channel, _named(workspace, args, draft))
    shape = shapes.message(message, channel, workspace)
    return {"channel": channel.id, "ts": message.ts, "message": shape}


@method("chat.update", required="channel ts", scopes="chat:write")
def update(workspace: Workspace, args: Arguments) -> Json:
    """Change a message of the app's; blocks stay only if no text is given (docs: chat.update)."""
    channel = look.channel(workspace, args)
    message = look.message(channel, args.text("ts"))
    if message.bot_id != workspace.app.bot_id or message.subtype:
        raise SlackError("cant_update_message")
    if channel.is_archived:
        raise SlackError("is_inactive")
    if _is_too_old(workspace, message):
        raise SlackError("edit_window_closed")
    if len(args.text("text")) > UPDATED_TEXT.limit:
        raise SlackError("msg_too_long")
    draft = drafts.change(args, message, workspace.chosen)
    if args.has("blocks") or args.has("attachments"):
        files.check(workspace, draft)
    is_reply = message.thread_ts not in (None, message.ts)
    is_broadcast = is_reply and args.flag("reply_broadcast")
    posts.change(workspace, channel, message, replace(draft, is_broadcast=is_broadcast))
    shape = shapes.message(message, channel, workspace)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shape}


@method("chat.delete", required="channel ts", scopes="chat:write")
def delete(workspace: Workspace, args: Arguments) -> Json:
    """Delete a message of the app's."""
    channel = look.channel(workspace, args)
    message = look.message(channel, args.text("ts"))
    if message.bot_id != workspace.app.bot_id or message.subtype:
        raise SlackError("cant_delete_message")
    if channel.is_archived:
        raise SlackError("is_inactive")
    posts.take_away(workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.postEphemeral", required="channel user", scopes="chat:write")
def post_ephemeral(workspace: Workspace, args: Arguments) -> Json:
    """Write a note that one person in the channel sees."""
    draft = drafts.read(args)
    files.check(workspace, draft)
    if len(args.text("text")) > limit("text.cut"):
        raise SlackError("msg_too_long")
    channel = look.own_channel(workspace, args)
    user = args.text("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    draft = drafts.in_thread(draft, _thread(channel, args.text("thread_ts")))
    message = posts.by_app(workspace, channel, drafts.private(draft, user))
    return {"message_ts": message.ts}


@method("chat.getPermalink", required="channel message_ts")
def get_permalink(workspace: Workspace, args: Arguments) -> Json:
    """The address of a message."""
    channel = look.channel(workspace, args)
    message = look.message(channel, args.text("message_ts"))
    return {"channel": channel.id, "permalink": shapes.permalink(message, channel, workspace)}


def _is_too_old(workspace: Workspace, message: Message) -> bool:
    most = workspace.policy.edit_seconds
    return most is not None and float(message.ts) + most < workspace.now_seconds()


def _named(workspace: Workspace, args: Arguments, draft: Draft) -> Draft:
    # Without the scope Slack ignores these (papercups-io/papercups pull request 522).
    if "chat:write.customize" not in workspace.app.scopes:
        return draft
    icons = {name: args.text(f"icon_{name}") for name in ("emoji", "url")}
    icons = {name: icon for name, icon in icons.items() if icon}
    return replace(draft, username=args.text("username"), icons=icons)


def target(workspace: Workspace, args: Arguments) -> Channel:
    """The channel the app may write to: by id, by #name, or a person's direct conversation.

    Raises:
        SlackError: channel_not_found, not_in_channel, is_archived, cannot_dm_bot, user_disabled.
    """
    name = args.text("channel")
    if name in workspace.people:
        return _direct(workspace, name)
    if name.startswith("#"):
        args = Arguments({"channel": _id_of(workspace, name[1:])})
    channel = look.channel(workspace, args)
    if channel.is_archived:
        raise SlackError("is_archived")
    may_stay_outside = "chat:write.public" in workspace.app.scopes
    if not look.is_member(workspace, channel) and not may_stay_outside:
        raise SlackError("not_in_channel")
    return channel


def _direct(workspace: Workspace, person_id: str) -> Channel:
    person = workspace.people[person_id]
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    if person.is_deleted:
        raise SlackError("user_disabled")
    return rooms.direct(workspace, person_id)


def _id_of(workspace: Workspace, name: str) -> str:
    named = (each.id for each in workspace.channels.values() if each.name == name)
    return next(named, "")


def _thread(channel: Channel, thread_ts: str) -> str | None:
    if not thread_ts:
        return None
    parent: Message | None = threads.find(channel, thread_ts)
    if parent is None:
        raise SlackError("thread_not_found")
    if (parent.subtype or "").endswith(_WITHOUT_REPLIES):
        raise SlackError("cannot_reply_to_message")
    return parent.thread_ts or parent.ts
