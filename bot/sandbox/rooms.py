"""What happens to channels when somebody creates, enters, leaves or changes them?"""

from __future__ import annotations

from collections.abc import Sequence

from bot.sandbox import posts, shapes, threads
from bot.sandbox.model import Channel, Json
from bot.sandbox.workspace import TEAM_ID, Workspace


def create(workspace: Workspace, name: str, creator: str, is_private: bool) -> Channel:
    """A new channel with its creator in it."""
    channel = Channel(
        id=workspace.next_id("C"),
        name=name,
        creator=creator,
        created=workspace.now_seconds(),
        is_private=is_private,
    )
    workspace.channels[channel.id] = channel
    if not is_private:
        made = {"id": channel.id, "name": name, "created": channel.created, "creator": creator}
        workspace.emit({"type": "channel_created", "channel": made})
    enter(workspace, channel, creator)
    return channel


def find_direct(workspace: Workspace, person_ids: Sequence[str]) -> Channel | None:
    """The conversation of the app with just these people, None when nobody opened it yet."""
    inside = {workspace.app.bot_user_id, *person_ids}
    for channel in workspace.channels.values():
        if channel.is_direct and set(channel.members) == inside:
            return channel
    return None


def direct(workspace: Workspace, *person_ids: str) -> Channel:
    """The conversation of the app with a person, or with several, opened if need be."""
    found = find_direct(workspace, person_ids)
    if found is not None:
        return found
    app_user = workspace.app.bot_user_id
    is_group = len(person_ids) > 1
    members = [app_user, *person_ids]
    channel = Channel(
        id=workspace.next_id("G" if is_group else "D"),
        name=_of_several(workspace, members) if is_group else workspace.app.name,
        creator=app_user,
        created=workspace.now_seconds(),
        is_private=True,
        is_im=not is_group,
        is_mpim=is_group,
        members=members,
    )
    workspace.channels[channel.id] = channel
    workspace.tell("channels")
    return channel


def _of_several(workspace: Workspace, members: list[str]) -> str:
    return f"mpdm-{'--'.join(workspace.people[member].name for member in members)}-1"


def enter(
    workspace: Workspace, channel: Channel, person_id: str, inviter: str | None = None
) -> None:
    """Make a person a member, with the line and the event that go with it."""
    channel.members.append(person_id)
    subtype = "group_join" if channel.is_private else "channel_join"
    posts.by_slack(
        workspace, channel, person_id, (subtype, f"<@{person_id}> has joined the channel")
    )
    workspace.tell("channels")
    if workspace.app.bot_user_id not in channel.members:
        return
    event = {
        "type": "member_joined_channel",
        "user": person_id,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": TEAM_ID,
    }
    workspace.emit({**event, "inviter": inviter} if inviter else event)


def remove(workspace: Workspace, channel: Channel, person_id: str, remover: str) -> None:
    """Take a person out of a channel; Slack tells them who did."""
    leave(workspace, channel, person_id)
    name = workspace.people[remover].name
    told = f"You have been removed from #{channel.name} by @{name}."
    workspace.notify(person_id, told)


def leave(workspace: Workspace, channel: Channel, person_id: str) -> None:
    """Take oneself out of a channel."""
    was_told = workspace.app.bot_user_id in channel.members
    channel.members.remove(person_id)
    subtype = "group_leave" if channel.is_private else "channel_leave"
    posts.by_slack(workspace, channel, person_id, (subtype, f"<@{person_id}> has left the channel"))
    workspace.tell("channels")
    if was_told:
        workspace.emit(
            {
                "type": "member_left_channel",
                "user": person_id,
                "channel": channel.id,
                "channel_type": "G" if channel.is_private else "C",
                "team": TEAM_ID,
            }
        )
    if person_id == workspace.app.bot_user_id:
        workspace.emit({"type": f"{shapes.channel_type(channel)}_left", "channel": channel.id})


def set_topic(workspace: Workspace, channel: Channel, person_id: str, topic: str) -> None:
    """Set the topic; Slack says so in the channel."""
    channel.topic = topic
    line = f"set the channel topic: {topic}" if topic else "cleared the channel topic"
    posts.by_slack(workspace, channel, person_id, (_subtype(channel, "topic"), line))
    workspace.tell("channels")


def set_purpose(workspace: Workspace, channel: Channel, person_id: str, purpose: str) -> None:
    """Set the purpose; Slack says so in the channel."""
    channel.purpose = purpose
    line = f"set the channel purpose: {purpose}" if purpose else "cleared the channel purpose"
    posts.by_slack(workspace, channel, person_id, (_subtype(channel, "purpose"), line))
    workspace.tell("channels")


def rename(workspace: Workspace, channel: Channel, person_id: str, name: str) -> None:
    """Give a channel another name."""
    line = f'has renamed the channel from "{channel.name}" to "{name}"'
    channel.name = name
    posts.by_slack(workspace, channel, person_id, (_subtype(channel, "name"), line))
    workspace.tell("channels")
    changed = {"id": channel.id, "name": name, "created": channel.created}
    _emit_kind(workspace, channel, "rename", {"channel": changed})


def archive(workspace: Workspace, channel: Channel, person_id: str) -> None:
    """Archive a channel; its members stay listed, as in Slack."""
    line = f"<@{person_id}> archived the channel"
    posts.by_slack(workspace, channel, person_id, (_subtype(channel, "archive"), line))
    channel.is_archived = True
    workspace.tell("channels")
    event = {"channel": channel.id, "user": person_id, "is_moved": 0}
    _emit_kind(workspace, channel, "archive", event)


def unarchive(workspace: Workspace, channel: Channel, person_id: str) -> None:
    """Open an archived channel again; who does is in it then (docs: conversations.unarchive)."""
    channel.is_archived = False
    if person_id not in channel.members:
        channel.members.append(person_id)
    line = f"<@{person_id}> un-archived the channel"
    posts.by_slack(workspace, channel, person_id, (_subtype(channel, "unarchive"), line))
    workspace.tell("channels")
    _emit_kind(workspace, channel, "unarchive", {"channel": channel.id, "user": person_id})


def pin(workspace: Workspace, channel: Channel, person_id: str, ts: str) -> None:
    """Pin a message; Slack says so in the channel."""
    channel.pins.append(ts)
    line = f"<@{person_id}> pinned a message to this channel."
    posts.by_slack(workspace, channel, person_id, ("pinned_item", line))
    _emit_pin(workspace, channel, {"type": "pin_added", "user": person_id}, ts)


def unpin(workspace: Workspace, channel: Channel, person_id: str, ts: str) -> None:
    """Take a pin off; Slack says nothing of it."""
    channel.pins.remove(ts)
    workspace.tell(f"messages:{channel.id}")
    event = {"type": "pin_removed", "user": person_id, "has_pins": bool(channel.pins)}
    _emit_pin(workspace, channel, event, ts)


def _emit_pin(workspace: Workspace, channel: Channel, event: Json, ts: str) -> None:
    message = threads.find(channel, ts)
    if message is None or workspace.app.bot_user_id not in channel.members:
        return
    user, now = event["user"], workspace.now_seconds()
    workspace.emit(
        {
            **event,
            "channel_id": channel.id,
            "item": {
                "type": "message",
                "channel": channel.id,
                "created_by": user,
                "created": now,
                "message": shapes.linked_message(message, channel, workspace),
            },
            "item_user": message.user,
            "pin_count": str(len(channel.pins)),
            "pinned_info": {"channel": channel.id, "pinned_by": user, "pinned_ts": now},
        }
    )


def _emit_kind(workspace: Workspace, channel: Channel, what: str, event: Json) -> None:
    # Everybody hears of public channels, of private ones only who is inside.
    if not channel.is_private or workspace.app.bot_user_id in channel.members:
        workspace.emit({"type": _subtype(channel, what), **event})


def _subtype(channel: Channel, what: str) -> str:
    return f"{shapes.channel_type(channel)}_{what}"
