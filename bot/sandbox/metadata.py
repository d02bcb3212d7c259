"""Which events tell the app about the metadata of messages?"""

from __future__ import annotations

from bot.sandbox.model import Channel, Json, Message
from bot.sandbox.workspace import TEAM_ID, Workspace


def tell(workspace: Workspace, channel: Channel, message: Message, before: Json | None) -> None:
    """Say that a message got metadata, or other metadata than `before`."""
    if message.metadata is None or message.metadata == before:
        return
    more = {"metadata": message.metadata}
    if before is None:
        _emit(workspace, channel, message, ("posted", more))
    else:
        _emit(workspace, channel, message, ("updated", {**more, "previous_metadata": before}))


def tell_deleted(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Say that a message went, and its metadata with it."""
    if message.metadata is not None:
        deleted = {"previous_metadata": message.metadata, "deleted_ts": workspace.next_ts()}
        _emit(workspace, channel, message, ("deleted", deleted))


def _emit(workspace: Workspace, channel: Channel, message: Message, what: tuple[str, Json]) -> None:
    kind, more = what
    metadata = more.get("metadata") or more["previous_metadata"]
    app = workspace.app
    is_told = message.ephemeral_to is None and app.bot_user_id in channel.members
    if not is_told or metadata["event_type"] not in app.metadata_types:
        return
    event = {
        "type": f"message_metadata_{kind}",
        "app_id": message.app_id,
        "bot_id": message.bot_id,
        "user_id": message.user,
        "team_id": TEAM_ID,
        "channel_id": channel.id,
        "message_ts": message.ts,
        **more,
    }
    workspace.emit(event)
