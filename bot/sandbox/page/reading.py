"""How far has each person read, and what is new to them?"""

from __future__ import annotations

from bot.sandbox.model import Channel, Message
from bot.sandbox.page.stream import is_system
from bot.sandbox.workspace import Workspace


class Marks:
    """How far each person has read; all windows of a workspace share it.

    What was there when the first window opened has been read. Nobody has a badge for that.
    The workspace holds the marks, so that they are kept with it.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        if not workspace.read_since:
            workspace.read_since = max(map(_last_ts, workspace.channels.values()), default="0")

    def read(self, person_id: str, channel: Channel) -> None:
        """The person has the end of this channel before them; other windows of theirs hear it."""
        last = _last_ts(channel)
        if last > self._until(person_id, channel):
            self._workspace.read_until[person_id, channel.id] = last
            self._workspace.tell(f"read:{person_id}")

    def first_new(self, person_id: str, channel: Channel) -> str:
        """The ts of the first message that is new to the person, empty when nothing is."""
        until = self._until(person_id, channel)
        news = (each.ts for each in channel.messages if _is_new(each, person_id, until))
        return next(news, "")

    def unread(self, person_id: str) -> dict[str, int]:
        """How often each channel with something new rang; a muted one only counts if it did."""
        rang: dict[str, int] = {}
        muted = self._workspace.people[person_id].muted
        notifications = self._workspace.notifications(person_id)
        for channel in self._workspace.channels_seen_by(person_id):
            if person_id not in channel.members:
                continue
            until = self._until(person_id, channel)
            here = [each for each in notifications if each.channel == channel.id]
            count = sum(each.ts > until for each in here)
            if count or (channel.id not in muted and self.first_new(person_id, channel)):
                rang[channel.id] = count
        return rang

    def is_read(self, person_id: str, channel_id: str, ts: str) -> bool:
        """The person has seen this message."""
        channel = self._workspace.channels.get(channel_id)
        return channel is None or ts <= self._until(person_id, channel)

    def _until(self, person_id: str, channel: Channel) -> str:
        workspace = self._workspace
        return workspace.read_until.get((person_id, channel.id), workspace.read_since)


def _is_new(message: Message, person_id: str, until: str) -> bool:
    if message.ts <= until or message.user == person_id or is_system(message):
        return False
    in_channel = message.thread_ts in (None, message.ts) or message.is_broadcast
    return in_channel and message.ephemeral_to in (None, person_id)


def _last_ts(channel: Channel) -> str:
    return channel.messages[-1].ts if channel.messages else ""
