"""Which scopes does a method ask for, by kind of channel?"""

from __future__ import annotations

from collections.abc import Iterable

from bot.sandbox import shapes
from bot.sandbox.errors import SlackError
from bot.sandbox.model import Channel
from bot.sandbox.workspace import Workspace

# Kind of channel -> scopes of which one is enough (docs.slack.dev/reference/methods/<method>).
Family = dict[str, tuple[str, ...]]
READ: Family = {
    "channel": ("channels:read",),
    "group": ("groups:read",),
    "im": ("im:read",),
    "mpim": ("mpim:read",),
}
HISTORY: Family = {
    "channel": ("channels:history",),
    "group": ("groups:history",),
    "im": ("im:history",),
    "mpim": ("mpim:history",),
}
MANAGE: Family = {
    "channel": ("channels:manage",),
    "group": ("groups:write",),
    "im": ("im:write",),
    "mpim": ("mpim:write",),
}
CLOSE: Family = {kind: MANAGE[kind] for kind in ("im", "mpim")}
MANAGE_ROOMS: Family = {kind: MANAGE[kind] for kind in ("channel", "group")}
INVITE: Family = {
    "channel": ("channels:manage", "channels:write.invites"),
    "group": ("groups:write", "groups:write.invites"),
}
TOPIC: Family = {
    "channel": ("channels:manage", "channels:write.topic"),
    "group": ("groups:write", "groups:write.topic"),
    "im": ("im:write", "im:write.topic"),
    "mpim": ("mpim:write", "mpim:write.topic"),
}


def need(workspace: Workspace, scopes: Iterable[str]) -> None:
    """Refuse unless the app has one of these; no scope at all is always fine.

    Raises:
        SlackError: missing_scope, with what is needed and what was granted.
    """
    wanted = tuple(scopes)
    granted = workspace.app.scopes
    if wanted and not set(wanted) & set(granted):
        raise SlackError("missing_scope", needed=",".join(wanted), provided=",".join(granted))


def need_any(workspace: Workspace, family: Family) -> None:
    """Refuse an app that has the scope for no kind of channel.

    Raises:
        SlackError: missing_scope.
    """
    need(workspace, (scope for scopes in family.values() for scope in scopes))


def need_for(workspace: Workspace, family: Family, channel: Channel) -> None:
    """Refuse an app that has no scope for this kind of channel.

    Raises:
        SlackError: missing_scope, method_not_supported_for_channel_type.
    """
    kind = shapes.channel_type(channel)
    if kind not in family:
        raise SlackError("method_not_supported_for_channel_type")
    need(workspace, family[kind])
