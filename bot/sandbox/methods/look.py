"""Which channel, message or person does the app mean, and may it know of it?"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from bot.sandbox import scopes, threads
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.model import Channel, Json, Message, Person
from bot.sandbox.workspace import Workspace

_Item = TypeVar("_Item")


def channel(
    workspace: Workspace,
    args: Arguments,
    name: str = "channel",
    missing: str = "channel_not_found",
) -> Channel:
    """The channel; a private one does not exist for those outside.

    Raises:
        SlackError: `missing`.
    """
    found = workspace.channels.get(args.text(name))
    if found is None or (found.is_private and not is_member(workspace, found)):
        raise SlackError(missing)
    return found


def check_permitted(workspace: Workspace, method: str) -> None:
    """Refuse what the team's admins keep to themselves.

    Raises:
        SlackError: restricted_action.
    """
    if method in workspace.policy.restricted:
        raise SlackError("restricted_action")


def own_channel(workspace: Workspace, args: Arguments, name: str = "channel") -> Channel:
    """A channel the app is in and may write to.

    Raises:
        SlackError: channel_not_found, not_in_channel, is_archived.
    """
    return _writable(workspace, channel(workspace, args, name))


def visible(workspace: Workspace, args: Arguments, family: scopes.Family) -> Channel:
    """The channel, if the app has the scope for its kind.

    Raises:
        SlackError: missing_scope, channel_not_found.
    """
    scopes.need_any(workspace, family)
    found = channel(workspace, args)
    scopes.need_for(workspace, family, found)
    return found


def own(workspace: Workspace, args: Arguments, family: scopes.Family) -> Channel:
    """A channel the app is in and may write to, if it has the scope for its kind.

    Raises:
        SlackError: missing_scope, channel_not_found, not_in_channel, is_archived.
    """
    return _writable(workspace, visible(workspace, args, family))


def _writable(workspace: Workspace, found: Channel) -> Channel:
    if found.is_archived:
        raise SlackError("is_archived")
    if not is_member(workspace, found):
        raise SlackError("not_in_channel")
    return found


def is_member(workspace: Workspace, found: Channel) -> bool:
    """The app's bot user is in the channel."""
    return workspace.app.bot_user_id in found.members


def message(channel: Channel, ts: str) -> Message:
    """The message with this ts.

    Raises:
        SlackError: message_not_found.
    """
    found = threads.find(channel, ts)
    if found is None:
        raise SlackError("message_not_found")
    return found


def person(workspace: Workspace, person_id: str) -> Person:
    """The person with this id.

    Raises:
        SlackError: user_not_found.
    """
    found = workspace.people.get(person_id)
    if found is None:
        raise SlackError("user_not_found")
    return found


def page(
    items: Iterable[_Item], args: Arguments, *, default: int = 100, most: int = 1000
) -> tuple[list[_Item], Json]:
    """The part of `items` that `limit` and `cursor` ask for, and the cursor of the next.

    Raises:
        SlackError: invalid_cursor, invalid_limit.
    """
    limit = args.number("limit", default, "invalid_limit") or default
    if not 0 < limit <= most:
        raise SlackError("invalid_limit")
    start = _start(args.text("cursor"))
    rest = start + limit
    # No further than one more than is asked for: a room has thousands of messages.
    reached = list(islice(items, rest + 1))
    if start > len(reached):
        raise SlackError("invalid_cursor")
    following = base64.b64encode(f"next:{rest}".encode()).decode() if rest < len(reached) else ""
    return reached[start:rest], {"response_metadata": {"next_cursor": following}}


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        start = int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (ValueError, binascii.Error):
        raise SlackError("invalid_cursor") from None
    if start < 0:
        raise SlackError("invalid_cursor")
    return start
