"""What is in the workspace, and who sees it?"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox import subscriptions
from bot.sandbox.chosen import Chosen
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Journal
from bot.sandbox.model import (
    App,
    Canvas,
    Channel,
    CommandSpec,
    File,
    Json,
    Message,
    Notice,
    Notification,
    Person,
    Policy,
    Scheduled,
    ShortcutSpec,
    UserGroup,
    View,
)
from bot.sandbox.pace import passing
from bot.sandbox.responses import ResponseUrls
from bot.sandbox.tickets import Tickets
from bot.sandbox.triggers import Triggers

TEAM_ID = "T0SANDBOX"
TEAM_NAME = "Sandbox"
TEAM_DOMAIN = "sandbox"


@dataclass(frozen=True)
class Clocks:
    """`now` dates what is written; `monotonic` (seconds) measures triggers and response URLs."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic


class Workspace:
    """All that the workspace holds; whoever changes it calls `tell`, and `emit` for the app."""

    def __init__(self, app: App, clocks: Clocks) -> None:
        self.app, self.url = app, "http://127.0.0.1"
        self.chosen = Chosen()
        self.people: dict[str, Person] = {}
        self.user_groups: dict[str, UserGroup] = {}
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.notices: dict[str, list[Notice]] = {}
        self.canvases: dict[str, Canvas] = {}
        self.scheduled: dict[str, Scheduled] = {}
        self.files: dict[str, File] = {}
        self.policy, self.token_trouble = Policy(), ""
        self.triggers, self.tickets = Triggers(clocks.monotonic), Tickets()
        self.responses = ResponseUrls(clocks.monotonic)
        self.responses = ResponseUrls(clocks.monotonic)
        self.entered: dict[tuple[str, str, str], dict[str, dict[str, Json]]] = {}
        # How far (person, channel) was read; what is older than the second is read by all.
        self.read_until, self.read_since = dict[tuple[str, str], str](), ""
        self.elapsed = passing(lambda: clocks.now().timestamp(), clocks.monotonic)
        self.journal = Journal(clocks.now, self.tell)
        self.faults = Faults(self.elapsed, self.tell)
        self._notifications: dict[str, list[Notification]] = defaultdict(list)
        self._clocks, self._last_ts = clocks, 0
        self._numbers: dict[str, int] = defaultdict(int)
        self._watchers: list[Callable[[str], None]] = []
        self._event_takers: list[Callable[[Json], None]] = []

    def channels_seen_by(self, person_id: str) -> list[Channel]:
        """What stands in the person's side bar or could be joined: no private rooms of others."""
        return [channel for channel in self.channels.values() if _sees(person_id, channel)]

    def messages_seen_by(self, channel_id: str, person_id: str) -> list[Message]:
        """The messages of a channel in order; private notes only for whom they are meant."""
        return [
            message
            for message in self.channels[channel_id].messages
            if message.ephemeral_to in (None, person_id)
        ]

    def command_names(self) -> list[CommandSpec]:
        """The slash commands the manifest declares."""
        return list(self.app.commands)

    def shortcuts(self) -> list[ShortcutSpec]:
        """The shortcuts the manifest declares, global and for messages."""
        return list(self.app.shortcuts)

    def open_view(self, person_id: str) -> View | None:
        """The modal on top, None when the person has none open."""
        stack = self.views.get(person_id)
        return stack[-1] if stack else None

    def watch(self, callback: Callable[[str], None]) -> Callable[[], None]:
        """Call back after each change, with its topic; the answer ends that.

        Topics: "channels", "messages:<channel_id>", "views:<person_id>", "notices:<person_id>",
        "home:<person_id>", "people", "read:<person_id>", "journal", "faults".
        """
        self._watchers.append(callback)
        return lambda: self._watchers.remove(callback) if callback in self._watchers else None

    def tell(self, topic: str) -> None:
        """Say to whoever watches that something changed."""
        for callback in list(self._watchers):
            callback(topic)

    def take_events(self, taker: Callable[[Json], None]) -> None:
        """Hand what the Events API would send to `taker`."""
        self._event_takers.append(taker)

    def emit(self, event: Json, subscription: str | None = None) -> None:
        """Send an event to the app if its manifest subscribes to it and has the scope.

        `subscription` is the name in the manifest where it is not the event's type.
        """
        if not subscriptions.is_sent(self.app, event, subscription or event["type"]):
            return
        event.setdefault("event_ts", self.next_ts())
        for taker in self._event_takers:
            taker(event)

    def notify(self, person_id: str, text: str, channel_id: str | None = None) -> None:
        """Let Slack itself tell a person something."""
        self.notices.setdefault(person_id, []).append(Notice(person_id, text, channel_id))
        self.tell(f"notices:{person_id}")

    def notifications(self, person_id: str) -> list[Notification]:
        """What made this person's Slack ring, oldest first; edits and quiet hours never do."""
        return list(self._notifications[person_id])

    def ring(self, person_id: str, notification: Notification) -> None:
        """Notify a person of a message."""
        self._notifications[person_id].append(notification)

    def now_seconds(self) -> int:
        """The date for `created` fields, in seconds since 1970."""
        return int(self._clocks.now().timestamp())

    def next_ts(self) -> str:
        """A timestamp no other message has, later than all before (Slack: unique per channel)."""
        self._last_ts = max(int(self._clocks.now().timestamp() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def next_id(self, letter: str) -> str:
        """A new id such as C0000000001."""
        self._numbers[letter] += 1
        return f"{letter}{self._numbers[letter]:010d}"


def _sees(person_id: str, channel: Channel) -> bool:
    if person_id in channel.members:
        return True
    return not (channel.is_private or channel.is_im or channel.is_archived)
