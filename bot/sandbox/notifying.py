"""Who is notified of a new message, and why?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox import threads
from bot.sandbox.model import Channel, Message, Notification, Person
from bot.sandbox.workspace import Workspace

_PERSON = re.compile(r"<@(\w+)(?:\|[^<>]*)?>")
_GROUP = re.compile(r"<!subteam\^(\w+)(?:\|[^<>]*)?>")
_BROADCAST = re.compile(r"<!(here|channel|everyone)(?:\|[^<>]*)?>")
_RICH = {
    "user": "<@{user_id}>",
    "usergroup": "<!subteam^{usergroup_id}>",
    "broadcast": "<!{range}>",
}


def ring(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Notify everybody a new message is for, once each; private notes and system lines ring nobody.

    Who wrote it, is outside, muted the channel or has do-not-disturb on is not notified.
    """
    if message.ephemeral_to is not None or message.subtype:
        return
    reasons = _reasons(workspace, channel, message)
    now = workspace.now_seconds()
    for person_id in channel.members:
        why = next((why for why, people in reasons if person_id in people), None)
        person = workspace.people.get(person_id)
        if why is None or person is None or person_id == message.user:
            continue
        if _is_reached(person, channel, now):
            told = Notification(channel.id, message.ts, why, message.text)
            workspace.ring(person_id, told)


def _is_reached(person: Person, channel: Channel, now_seconds: int) -> bool:
    if person.is_bot or person.is_deleted or channel.id in person.muted:
        return False
    return not person.is_quiet_at(now_seconds)


def _reasons(
    workspace: Workspace, channel: Channel, message: Message
) -> list[tuple[str, set[str]]]:
    words = _read(message)
    groups = [workspace.user_groups.get(group_id) for group_id in _GROUP.findall(words)]
    return [
        ("direct", set(channel.members) if channel.is_direct else set()),
        ("mention", set(_PERSON.findall(words))),
        ("group", {member for group in groups if group for member in group.members}),
        ("broadcast", _called(workspace, channel, message)),
        ("thread", _followers(channel, message)),
    ]


def _called(workspace: Workspace, channel: Channel, message: Message) -> set[str]:
    called = set(_BROADCAST.findall(_read(message)))
    if (message.thread_ts and not message.is_broadcast) or not called:
        return set()
    if "channel" in called or ("everyone" in called and channel.name == "general"):
        return set(channel.members)
    if "here" not in called:
        return set()
    people = workspace.people
    return {member for member in channel.members if not people[member].is_away}


def _followers(channel: Channel, message: Message) -> set[str]:
    if message.thread_ts is None:
        return set()
    followers: set[str] = set()
    for each in threads.thread(channel, message.thread_ts):
        if each is not message:
            followers |= {each.user, *_PERSON.findall(_read(each))}
    return followers


def _read(message: Message) -> str:
    # Where there are blocks, `text` is only what the notification shows.
    return " ".join(_spoken(message.blocks)) if message.blocks else message.text


def _spoken(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _spoken(each)
    if not isinstance(part, dict):
        return
    kind = part.get("type")
    if kind in ("mrkdwn", "markdown"):
        yield str(part["text"])
    elif kind in _RICH:
        yield _RICH[kind].format(**part)
    else:
        yield from _spoken(list(part.values()))
