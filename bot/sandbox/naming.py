"""Whom and which channel does a person mean by @name and #name?"""

from __future__ import annotations

import re

from bot.sandbox.model import UserGroup
from bot.sandbox.workspace import Workspace

_AT_NAME = re.compile(r"(?<![\w@<])@([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)")
_HASH_NAME = re.compile(r"(?<![\w#<&])#([\w-]+)")


def mention(workspace: Workspace, person_id: str, words: str) -> str:
    """The words with every handle and channel the person could mean in Slack's syntax."""
    mentions = {
        **{group.handle: _of_group(group) for group in workspace.user_groups.values()},
        **{person.name: f"<@{person.id}>" for person in workspace.people.values()},
    }
    rooms = {
        channel.name: channel
        for channel in workspace.channels_seen_by(person_id)
        if not channel.is_direct
    }

    def handle(match: re.Match[str]) -> str:
        return mentions.get(match.group(1), match.group())

    def room(match: re.Match[str]) -> str:
        channel = rooms.get(match.group(1))
        if channel is None:
            return match.group()
        return f"<#{channel.id}|{'' if channel.is_private else channel.name}>"

    return _HASH_NAME.sub(room, _AT_NAME.sub(handle, words))


def _of_group(group: UserGroup) -> str:
    return f"<!subteam^{group.id}|@{group.handle}>"
