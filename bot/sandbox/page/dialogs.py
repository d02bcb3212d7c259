"""Which dialogs does the page itself open?"""

from __future__ import annotations

from nicegui import Client

from bot.sandbox.hands import Hands
from bot.sandbox.model import Channel
from bot.sandbox.page import channel as heads
from bot.sandbox.page import people
from bot.sandbox.page.bell import Bell
from bot.sandbox.page.channel import Go
from bot.sandbox.page.log import Surfaces
from bot.sandbox.page.mrkdwn import Reader
from bot.sandbox.page.reading import Marks
from bot.sandbox.workspace import Workspace


class Dialogs:
    """Pins, members, notifications and the way to a second window."""

    def __init__(self, workspace: Workspace, marks: Marks, client: Client) -> None:
        self._workspace = workspace
        self._marks = marks
        self._client = client

    def pins(self, channel: Channel, surfaces: Surfaces, go: Go) -> None:
        """The pinned messages, latest first."""
        pinned = [message for message in channel.messages if message.ts in channel.pins]
        with self._client.content:
            heads.show_pins(channel, [surfaces(message) for message in reversed(pinned)], go)

    def members(self, channel: Channel, name: str) -> None:
        """Who is in the channel."""
        members = [self._workspace.people[member] for member in channel.members]
        with self._client.content:
            people.show_members(f"Members of {name}", members, self._workspace.now_seconds())

    def second_window(self, person_id: str, channel_id: str) -> None:
        """Links to the same channel as each of the others."""
        others = [
            person
            for person in self._workspace.people.values()
            if not (person.is_bot or person.is_deleted) and person.id != person_id
        ]
        with self._client.content:
            people.show_second_window(others, channel_id, self._workspace.now_seconds())

    def bell(self, hands: Hands, reader: Reader, go: Go) -> None:
        """What rang."""
        with self._client.content:
            Bell(self._workspace, self._marks).show(hands, reader, go)
