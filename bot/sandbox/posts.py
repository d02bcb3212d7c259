"""What happens when a message is written, changed or taken away?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.sandbox import metadata, notifying, shapes, text, threads
from bot.sandbox.model import Channel, Json, Message
from bot.sandbox.workspace import Workspace

SLACKBOT = "USLACKBOT"


@dataclass(frozen=True)
class Draft:
    """A message before it has a ts; `text` is as Slack stores it."""

    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    subtype: str | None = None
    ephemeral_to: str | None = None
    attachments: list[Json] = field(default_factory=list)
    username: str = ""
    icons: Json = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    is_broadcast: bool = False


def by_app(workspace: Workspace, channel: Channel, draft: Draft) -> Message:
    """Write a message of the app's into a channel."""
    return _write(workspace, channel, workspace.app.bot_user_id, draft)


def by_person(workspace: Workspace, channel: Channel, person_id: str, draft: Draft) -> Message:
    """Write a person's message into a channel."""
    return _write(workspace, channel, person_id, draft)


def by_slack(
    workspace: Workspace, channel: Channel, person_id: str, subtype_text: tuple[str, str]
) -> None:
    """Write the line Slack writes by itself, such as "has joined the channel"."""
    subtype, line = subtype_text
    _write(workspace, channel, person_id, Draft(line, subtype=subtype))


def change(workspace: Workspace, channel: Channel, message: Message, draft: Draft) -> None:
    """Replace a message's text, blocks and, where given, metadata."""
    before = shapes.message(message, channel, workspace)
    message.text = draft.text
    message.blocks = draft.blocks
    old_metadata, message.metadata = message.metadata, draft.metadata or message.metadata
    message.attachments = draft.attachments
    message.is_broadcast = message.is_broadcast or draft.is_broadcast
    if message.ephemeral_to is None:
        message.edited_ts = workspace.next_ts()
    workspace.tell(f"messages:{channel.id}")
    _emit_hidden(
        workspace,
        channel,
        message,
        {
            "subtype": "message_changed",
            "message": shapes.message(message, channel, workspace),
            "previous_message": before,
        },
    )
    metadata.tell(workspace, channel, message, old_metadata)


def take_away(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Delete a message, its pin with it; one that has replies leaves a tombstone."""
    if message.ts in channel.pins:
        channel.pins.remove(message.ts)
    if len(threads.thread(channel, message.ts)) > 1 and message.thread_ts in (None, message.ts):
        _bury(workspace, channel, message)
        return
    _remove(workspace, channel, message)
    whole = threads.thread(channel, message.thread_ts) if message.thread_ts else []
    if [each.subtype for each in whole] == ["tombstone"]:
        _remove(workspace, channel, whole[0])


def _remove(workspace: Workspace, channel: Channel, message: Message) -> None:
    before = shapes.message(message, channel, workspace)
    _unshare(workspace, channel, message)
    channel.messages.remove(message)
    parent = _parent(channel, message)
    if parent is not None:
        parent.reply_count -= 1
    workspace.tell(f"messages:{channel.id}")
    metadata.tell_deleted(workspace, channel, message)
    _emit_hidden(
        workspace,
        channel,
        message,
        {
            "subtype": "message_deleted",
            "deleted_ts": message.ts,
            "previous_message": before,
        },
    )


def react(workspace: Workspace, channel: Channel, message: Message, whose: tuple[str, str]) -> None:
    """Put an emoji on a message; `whose` is the person's id and the emoji's name."""
    person_id, name = whose
    message.reactions.setdefault(name, []).append(person_id)
    _emit_reaction(workspace, channel, message, ("reaction_added", *whose))


def unreact(
    workspace: Workspace, channel: Channel, message: Message, whose: tuple[str, str]
) -> None:
    """Take an emoji off a message; `whose` is the person's id and the emoji's name."""
    person_id, name = whose
    message.reactions[name].remove(person_id)
    if not message.reactions[name]:
        del message.reactions[name]
    _emit_reaction(workspace, channel, message, ("reaction_removed", *whose))


def _write(workspace: Workspace, channel: Channel, user_id: str, draft: Draft) -> Message:
    is_app = user_id == workspace.app.bot_user_id and draft.subtype is None
    message = Message(
        ts=workspace.next_ts(),
        user=user_id,
        text=draft.text,
        blocks=draft.blocks,
        thread_ts=draft.thread_ts,
        bot_id=workspace.app.bot_id if is_app else None,
        app_id=workspace.app.app_id if is_app else None,
        subtype=draft.subtype,
        metadata=draft.metadata,
        ephemeral_to=draft.ephemeral_to,
        attachments=draft.attachments,
        username=draft.username,
        icons=draft.icons,
        files=draft.files,
        is_broadcast=draft.is_broadcast,
    )
    channel.messages.append(message)
    parent = _parent(channel, message)
    if parent is not None:
        parent.reply_count += 1
    for file_id in message.files:
        workspace.files[file_id].shared.setdefault(channel.id, []).append(message.ts)
    notifying.ring(workspace, channel, message)
    workspace.tell(f"messages:{channel.id}")
    _emit_written(workspace, channel, message)
    metadata.tell(workspace, channel, message, None)
    return message


def _parent(channel: Channel, reply: Message) -> Message | None:
    is_counted = reply.thread_ts is not None and reply.ephemeral_to is None
    return threads.find(channel, reply.thread_ts or "") if is_counted else None


def _emit_written(workspace: Workspace, channel: Channel, message: Message) -> None:
    app_user = workspace.app.bot_user_id
    if message.ephemeral_to is not None or app_user not in channel.members:
        return
    event = {
        **shapes.message(message, channel, workspace),
        "channel": channel.id,
        "event_ts": message.ts,
        "channel_type": shapes.channel_type(channel),
    }
    workspace.emit(event, _subscription(channel))
    is_named = f"<@{app_user}>" in message.text or f"<@{app_user}|" in message.text
    if is_named and message.user != app_user and not channel.is_direct:
        event.pop("channel_type")
        workspace.emit({**event, "type": "app_mention"})


def _bury(workspace: Workspace, channel: Channel, message: Message) -> None:
    # A deleted parent of a thread becomes "message_changed" with a tombstone, not
    # "message_deleted" (openclaw/openclaw pull request 22035, 42wim/matterbridge issue 600).
    before = shapes.message(message, channel, workspace)
    message.subtype, message.user, message.text = "tombstone", SLACKBOT, "This message was deleted."
    message.blocks, message.attachments, message.reactions = [], [], {}
    _unshare(workspace, channel, message)
    message.bot_id = message.app_id = message.metadata = message.edited_ts = None
    workspace.tell(f"messages:{channel.id}")
    after = {**shapes.message(message, channel, workspace), "hidden": True}
    change = {"subtype": "message_changed", "message": after, "previous_message": before}
    _emit_hidden(workspace, channel, message, change)


def _unshare(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Take its files off a message; they stay in the workspace."""
    for file_id in message.files:
        shared = workspace.files[file_id].shared
        shared[channel.id].remove(message.ts)
        if not shared[channel.id]:
            del shared[channel.id]
    message.files = []


def _emit_reaction(
    workspace: Workspace, channel: Channel, message: Message, what: tuple[str, str, str]
) -> None:
    workspace.tell(f"messages:{channel.id}")
    if workspace.app.bot_user_id not in channel.members:
        return
    kind, person_id, name = what
    workspace.emit(
        {
            "type": kind,
            "user": person_id,
            "reaction": name,
            "item_user": message.user,
            "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        }
    )


def _emit_hidden(workspace: Workspace, channel: Channel, message: Message, more: Json) -> None:
    if message.ephemeral_to is not None or workspace.app.bot_user_id not in channel.members:
        return
    event = {
        "type": "message",
        "hidden": True,
        "channel": channel.id,
        "ts": workspace.next_ts(),
        "channel_type": shapes.channel_type(channel),
        **more,
    }
    workspace.emit(event, _subscription(channel))


def _subscription(channel: Channel) -> str:
    kind = shapes.channel_type(channel)
    return f"message.{_SUBSCRIBED.get(kind, kind)}"


_SUBSCRIBED = {"channel": "channels", "group": "groups"}


def stored(draft: Draft, *, link_names: bool = False) -> Draft:
    """The draft as Slack keeps it: text escaped, ids for blocks that have none."""
    return replace(
        draft,
        text=text.stored(draft.text, names=link_names),
        blocks=shapes.stored_blocks(draft.blocks),
        attachments=shapes.stored_attachments(draft.attachments),
    )
