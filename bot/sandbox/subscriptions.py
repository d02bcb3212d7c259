"""Which events does the app get?"""

from __future__ import annotations

from bot.sandbox.model import App, Json

# Name in the manifest -> the scope it needs (docs.slack.dev/reference/events/<name>).
_SCOPES = {
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    **{f"message_metadata_{what}": "metadata.message:read" for what in (
        "posted", "updated", "deleted",
    )},
    "emoji_changed": "emoji:read",
    "team_join": "users:read",
    "user_change": "users:read",
    "dnd_updated_user": "dnd:read",
    **{f"channel_{what}": "channels:read" for what in (
        "created", "rename", "archive", "unarchive", "left",
    )},
    **{f"file_{what}": "files:read" for what in (
        "change", "created", "deleted", "public", "shared", "unshared",
    )},
    **{f"subteam_{what}": "usergroups:read" for what in (
        "created", "members_changed", "updated",
    )},
    **{f"group_{what}": "groups:read" for what in ("rename", "archive", "unarchive", "left")},
}  # fmt: skip
_BY_KIND = ("member_joined_channel", "member_left_channel")


def is_sent(app: App, event: Json, name: str) -> bool:
    """The manifest subscribes to `name` and has the scope this event needs."""
    if name not in app.events:
        return False
    if name in _BY_KIND:
        needed = "groups:read" if event["channel_type"] == "G" else "channels:read"
        return needed in app.scopes
    return name not in _SCOPES or _SCOPES[name] in app.scopes
