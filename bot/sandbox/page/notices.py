"""What did Slack tell a person while this window was open, and where?"""

from __future__ import annotations

from bot.sandbox.model import Channel
from bot.sandbox.page.controls import toast
from bot.sandbox.page.stream import Told
from bot.sandbox.workspace import Workspace


class Notices:
    """Slack's own words to one person, each in the channel in which it came."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._told: list[Told] = []
        self._count = 0

    def begin(self, person_id: str) -> None:
        """Listen for this person from now on."""
        self._told = []
        self._count = len(self._workspace.notices.get(person_id, []))

    def take(self, person_id: str, channel: Channel) -> None:
        """Show what came since; what names no channel stands in this one."""
        notices = self._workspace.notices.get(person_id, [])
        for notice in notices[self._count :]:
            place = self._workspace.channels.get(notice.channel_id or "", channel)
            after_ts = place.messages[-1].ts if place.messages else ""
            self._told.append(Told(place.id, after_ts, notice.text))
            toast(notice.text)
        self._count = len(notices)

    def within(self, channel: Channel) -> list[Told]:
        """What stands in this channel."""
        return [line for line in self._told if line.channel_id == channel.id]
