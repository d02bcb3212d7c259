"""How are channels, messages, people and views written in Slack's JSON?"""

from __future__ import annotations

import secrets
from typing import Any

from bot.sandbox import fileshapes, text, threads, zones
from bot.sandbox.model import Bookmark, Channel, Json, Message, Person, UserGroup, View
from bot.sandbox.workspace import TEAM_DOMAIN, TEAM_ID, TEAM_NAME, Workspace


def team() -> Json:
    """The team as team.info gives it."""
    return {"id": TEAM_ID, "name": TEAM_NAME, "domain": TEAM_DOMAIN, "email_domain": ""}


def channel_type(channel: Channel) -> str:
    """The word events use: "im", "mpim" (several people), "group" (private) or "channel"."""
    if channel.is_direct:
        return "im" if channel.is_im else "mpim"
    return "group" if channel.is_private else "channel"


def channel(given: Channel, workspace: Workspace) -> Json:
    """A channel as conversations.info gives it to the app."""
    app_user = workspace.app.bot_user_id
    if given.is_im:
        other = next(member for member in given.members if member != app_user)
        return {
            "id": given.id,
            "created": given.created,
            "is_im": True,
            "is_org_shared": False,
            "user": other,
            "is_archived": False,
            "is_user_deleted": False,
            "priority": 0,
        }
    return {
        "id": given.id,
        "name": given.name,
        "name_normalized": given.name,
        "is_channel": not given.is_private,
        "is_group": given.is_private,
        "is_im": False,
        "is_mpim": given.is_mpim,
        "is_private": given.is_private,
        "created": given.created,
        "is_archived": given.is_archived,
        "is_general": given.name == "general",
        "is_shared": False,
        "is_org_shared": False,
        "is_ext_shared": False,
        "context_team_id": TEAM_ID,
        "creator": given.creator,
        "is_member": app_user in given.members,
        "topic": {"value": given.topic, "creator": "", "last_set": 0},
        "purpose": {"value": given.purpose, "creator": "", "last_set": 0},
        "num_members": len(given.members),
        "previous_names": [],
    }


def message(given: Message, in_channel: Channel, workspace: Workspace) -> Json:
    """A message as the app gets it, its metadata whole."""
    shape: Json = {"type": "message", "user": given.user, "ts": given.ts, "text": given.text}
    optional = {
        "subtype": given.subtype or _subtype(given),
        "bot_id": given.bot_id,
        "app_id": given.app_id,
        "thread_ts": given.thread_ts,
        "metadata": given.metadata,
        "blocks": given.blocks,
        "attachments": given.attachments,
        "username": given.username,
        "icons": given.icons,
        "files": [fileshapes.file(workspace.files[each], workspace) for each in given.files],
    }
    shape.update({name: value for name, value in optional.items() if value})
    shape["team"] = TEAM_ID
    if given.files:
        shape["upload"] = given.bot_id is None
    if given.edited_ts:
        shape["edited"] = {"user": given.user, "ts": given.edited_ts}
    if given.ts in in_channel.pins:
        shape["pinned_to"] = [in_channel.id]
    if given.reactions:
        shape["reactions"] = [
            {"name": name, "users": users, "count": len(users)}
            for name, users in given.reactions.items()
        ]
    replies = threads.replies(in_channel, given)
    if replies:
        shape |= _thread_summary(given, replies)
    if given.is_broadcast:
        parent = next(each for each in in_channel.messages if each.ts == given.thread_ts)
        shape["root"] = message(parent, in_channel, workspace)
    return shape


def _subtype(given: Message) -> str | None:
    if given.is_broadcast:
        return "thread_broadcast"
    return "file_share" if given.files else None


def permalink(given: Message, in_channel: Channel, workspace: Workspace) -> str:
    """The address of a message."""
    link = f"{workspace.url}/archives/{in_channel.id}/p{given.ts.replace('.', '')}"
    if given.thread_ts:
        link += f"?thread_ts={given.thread_ts}&cid={in_channel.id}"
    return link


def linked_message(given: Message, in_channel: Channel, workspace: Workspace) -> Json:
    """A message as reactions.get and pins give it, with its address."""
    shape = message(given, in_channel, workspace)
    return {**shape, "permalink": permalink(given, in_channel, workspace)}


def _thread_summary(parent: Message, replies: list[Message]) -> Json:
    people = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": parent.ts,
        "reply_count": len(replies),
        "reply_users_count": len(people),
        "latest_reply": replies[-1].ts,
        "reply_users": people,
        "is_locked": False,
        "subscribed": False,
    }


def without_payload(shape: Json) -> Json:
    """The same message when include_all_metadata was not asked for."""
    if "metadata" not in shape:
        return shape
    return {**shape, "metadata": {"event_type": shape["metadata"]["event_type"]}}


def person(given: Person, workspace: Workspace) -> Json:
    """A person as users.info gives them; the email only with its scope."""
    now_seconds = workspace.now_seconds()
    profile = {
        "title": given.title,
        "real_name": given.real_name,
        "real_name_normalized": given.real_name,
        "display_name": given.name,
        "display_name_normalized": given.name,
        "first_name": given.real_name.split(" ")[0],
        "last_name": given.real_name.partition(" ")[2],
        "team": TEAM_ID,
    }
    if given.email and "users:read.email" in workspace.app.scopes:
        profile["email"] = given.email
    return {
        "id": given.id,
        "team_id": TEAM_ID,
        "name": given.name,
        "deleted": given.is_deleted,
        "real_name": given.real_name,
        **zones.of(given.tz, now_seconds),
        "profile": profile,
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": given.is_guest,
        "is_ultra_restricted": False,
        "is_bot": given.is_bot,
        "is_app_user": False,
        "updated": now_seconds,
    }


def user_group(given: UserGroup) -> Json:
    """A user group as usergroups.list gives it, without its members."""
    return {
        "id": given.id,
        "team_id": TEAM_ID,
        "is_usergroup": True,
        "is_subteam": True,
        "name": given.name,
        "description": "",
        "handle": given.handle,
        "is_external": False,
        "date_create": 0,
        "date_update": 0,
        "date_delete": 0,
        "auto_type": None,
        "prefs": {"channels": [], "groups": []},
    }


def bookmark(given: Bookmark, channel_id: str, workspace: Workspace) -> Json:
    """A bookmark as bookmarks.list gives it."""
    return {
        "id": given.id,
        "channel_id": channel_id,
        "title": given.title,
        "link": given.link,
        "emoji": given.emoji,
        "type": "link",
        "app_id": workspace.app.app_id,
        "last_updated_by_user_id": workspace.app.bot_user_id,
    }


def view(given: View, workspace: Workspace) -> Json:
    """A view as payloads and views.* answers carry it."""
    content = given.content
    return {
        "id": given.id,
        "team_id": TEAM_ID,
        "type": content["type"],
        "blocks": content.get("blocks", []),
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "external_id": content.get("external_id", ""),
        "state": {"values": given.state},
        "hash": given.hash,
        "title": content.get("title"),
        "submit": content.get("submit"),
        "close": content.get("close"),
        "clear_on_close": content.get("clear_on_close", False),
        "notify_on_close": content.get("notify_on_close", False),
        "submit_disabled": False,
        "root_view_id": given.root_id,
        "previous_view_id": given.previous_id,
        "app_id": workspace.app.app_id,
        "app_installed_team_id": TEAM_ID,
        "bot_id": workspace.app.bot_id,
    }


def stored_attachments(attachments: list[Json]) -> list[Json]:
    """Attachments as Slack keeps them: numbered, with words for those who see none of them."""
    return [
        {
            "id": number,
            "fallback": each.get("text") or "[no preview available]",
            **each,
            **({"blocks": stored_blocks(each["blocks"])} if each.get("blocks") else {}),
        }
        for number, each in enumerate(attachments, start=1)
    ]


def stored_blocks(blocks: list[Json]) -> list[Json]:
    """Blocks as Slack keeps them: with ids and the defaults of text objects."""
    return [_stored_block(block) for block in blocks]


def _stored_block(block: Json) -> Json:
    stored = {key: _stored_part(value) for key, value in block.items()}
    stored.setdefault("block_id", secrets.token_urlsafe(3))
    for inside in ("child_blocks", "elements" if block["type"] == "carousel" else ""):
        if stored.get(inside):
            stored[inside] = [_stored_block(each) for each in block[inside]]
    return stored


def _stored_part(part: Any) -> Any:
    if isinstance(part, list):
        return [_stored_part(each) for each in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") == "mrkdwn":
        verbatim = bool(part.get("verbatim", False))
        return {**part, "text": text.stored(part["text"], names=not verbatim), "verbatim": verbatim}
    if part.get("type") == "plain_text":
        return {"emoji": True, **part}
    stored = {key: _stored_part(value) for key, value in part.items()}
    if part.get("type") in _INTERACTIVE:
        stored.setdefault("action_id", secrets.token_urlsafe(3))
    return stored


_INTERACTIVE = frozenset({
    "button", "checkboxes", "datepicker", "datetimepicker", "timepicker", "email_text_input",
    "url_text_input", "number_input", "plain_text_input", "rich_text_input", "file_input",
    "overflow", "radio_buttons", "static_select", "external_select", "users_select",
    "conversations_select", "channels_select", "feedback_buttons", "icon_button",
    "workflow_button", "multi_static_select", "multi_external_select",
    "multi_users_select", "multi_conversations_select", "multi_channels_select",
})  # fmt: skip
