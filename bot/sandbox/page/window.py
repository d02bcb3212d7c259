"""What does one browser window show, and when is it drawn again?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

from nicegui import ui

from bot.sandbox import rooms
from bot.sandbox.model import Channel, Message
from bot.sandbox.page import channel as heads
from bot.sandbox.page.body import MessageSurface
from bot.sandbox.page.channel import ChannelHead
from bot.sandbox.page.clock import ClockBar
from bot.sandbox.page.composer import Composer
from bot.sandbox.page.controls import toast
from bot.sandbox.page.home import AppTabs, Home
from bot.sandbox.page.log import Log
from bot.sandbox.page.modal import Modal
from bot.sandbox.page.mrkdwn import Reader
from bot.sandbox.page.sidebar import Sidebar, Ways
from bot.sandbox.page.stream import Told, lines
from bot.sandbox.page.surface import told
from bot.sandbox.sandbox import Sandbox

# Changes that come together are drawn together.
_PAUSE_SECONDS = 0.05
_UNSEEN = "You cannot see this channel."
_OF_ONE_PERSON = ("views", "notices", "home")


class Window:
    """One person's view of the workspace; each browser window has its own."""

    def __init__(self, sandbox: Sandbox, person_id: str, channel_id: str, ts: str = "") -> None:
        self._sandbox = sandbox
        self._workspace = sandbox.workspace
        self._client = ui.context.client
        self._hands = sandbox.as_person(person_id)
        self._told: list[Told] = []
        self._noticed = 0
        self._read: dict[str, int] = {}
        self._redraw_at: asyncio.TimerHandle | None = None
        self._channel_id = self._seen(channel_id)
        self._is_home = False
        self._edits: dict[str, str] = {}
        self._start_reading()
        with ui.element("div").classes("app"):
            self._draw_frame()
        self._modal = Modal(self._hands, self._workspace)
        self._unwatch = self._workspace.watch(self._changed)
        self._client.on_delete(self._leave)
        self._log.marked = ts
        self.redraw()
        self._log.scroll_to_marked()
        if channel_id not in ("", self._channel_id):
            toast(_UNSEEN)

    def _draw_frame(self) -> None:
        ways = Ways(self.sign_in, self.go, self._join, self._open_app)
        self._sidebar = Sidebar(self._workspace, self._hands.person_id, ways)
        with self._sidebar.foot:
            step = self._step if self._sandbox.move is not None else None
            self._clock = ClockBar(self._sandbox.now, step)
        with ui.element("div").classes("main"):
            app = self._workspace.app.name
            self._home = Home(self._workspace, self._sidebar.unfold)
            with ui.element("div").classes("channel-pane") as self._pane:
                self._head = ChannelHead(self._sidebar.unfold, self._show_pins)
                self._tabs_below_head = ui.element("div")
                self._log = Log(lambda message: self._composer.reply(message))
                self._composer = Composer(self._workspace, lambda: self._hands)
            with self._home.tabs_place:
                self._home_tabs = AppTabs(app, self.open_home, self._open_messages)
            with self._tabs_below_head:
                self._message_tabs = AppTabs(app, self.open_home, self._open_messages)

    async def sign_in(self, person_id: str) -> None:
        """Be somebody else from now on."""
        if person_id == self._hands.person_id:
            return
        self._hands = self._sandbox.as_person(person_id)
        self._modal.sign_in(self._hands)
        self._told = []
        self._edits.clear()
        self._log.marked = ""
        self._channel_id = self._seen(self._channel_id)
        self._start_reading()
        self._note_address()
        self.redraw()
        if self._is_home:
            await self._hands.open_home()

    async def open_home(self) -> None:
        """Look at the app's Home."""
        self._is_home = True
        self._sidebar.fold()
        self._note_address()
        self.redraw()
        await self._hands.open_home()

    async def _open_messages(self) -> None:
        direct = rooms.direct(self._workspace, self._hands.person_id)
        await self.go(f"{direct.id}/")

    async def _open_app(self) -> None:
        direct = rooms.direct(self._workspace, self._hands.person_id)
        if self._workspace.app.has_home and direct.id not in self._unread():
            await self.open_home()
        else:
            await self._open_messages()

    def _step(self, by: timedelta) -> None:
        if self._sandbox.move is not None:
            self._sandbox.move(by)
            self._workspace.tell("clock")

    async def go(self, target: str) -> None:
        """Go to a channel, "C.../", or to a message in it, "C.../1700000000.000001"."""
        channel_id, _, ts = target.partition("/")
        seen = {channel.id for channel in self._workspace.channels_seen_by(self._hands.person_id)}
        if channel_id not in seen:
            toast(_UNSEEN)
            return
        self._channel_id, self._log.marked, self._is_home = channel_id, ts, False
        self._sidebar.fold()
        self._note_address()
        self.redraw()
        self._log.scroll_to_marked()

    async def _join(self, channel_id: str) -> None:
        with told():
            await self._hands.join(channel_id)
            await self.go(f"{channel_id}/")

    def redraw(self) -> None:
        """Show the workspace as it is now."""
        self._redraw_at = None
        person_id = self._hands.person_id
        self._channel_id = self._seen(self._channel_id)
        channel = self._workspace.channels[self._channel_id]
        reader = self._reader()
        self._take_notices(channel)
        messages = self._workspace.messages_seen_by(channel.id, person_id)
        if not self._is_home:
            self._read[channel.id] = len(channel.messages)
        current = "" if self._is_home else channel.id
        self._sidebar.redraw(person_id, current, self._unread())
        self._clock.redraw(reader)
        self._draw_home(channel, reader)
        self._head.redraw(channel, self._name(channel), reader, self.go)
        notes = [note for note in self._told if note.channel_id == channel.id]
        stream = list(lines(messages, notes, reader))
        self._log.redraw(channel, self._name(channel), stream, self._surfaces(channel, reader))
        self._composer.redraw(channel, self._name(channel))
        self._modal.redraw(reader, self.go)

    def _draw_home(self, channel: Channel, reader: Reader) -> None:
        self._pane.set_visibility(not self._is_home)
        self._home.redraw(self._hands, reader, self.go, is_shown=self._is_home)
        has_tabs = channel.is_im and self._workspace.app.has_home
        self._home_tabs.redraw(is_shown=True, is_home=True)
        self._message_tabs.redraw(is_shown=has_tabs, is_home=False)

    def _surfaces(self, channel: Channel, reader: Reader) -> Callable[[Message], MessageSurface]:
        workspace, hands = self._workspace, self._hands
        return lambda message: MessageSurface(
            workspace, reader, self.go, hands, (channel.id, message), self._edits
        )

    def _show_pins(self) -> None:
        channel = self._workspace.channels[self._channel_id]
        surface = self._surfaces(channel, self._reader())
        pinned = [message for message in channel.messages if message.ts in channel.pins]
        with self._client.content:
            heads.show_pins(channel, [surface(message) for message in reversed(pinned)], self.go)

    def _changed(self, topic: str) -> None:
        kind, _, of = topic.partition(":")
        if kind in _OF_ONE_PERSON and of != self._hands.person_id:
            return
        if self._redraw_at is None:
            loop = asyncio.get_running_loop()
            self._redraw_at = loop.call_later(_PAUSE_SECONDS, self._redraw_later)

    def _redraw_later(self) -> None:
        with self._client:
            self.redraw()

    def _leave(self) -> None:
        self._unwatch()
        if self._redraw_at is not None:
            self._redraw_at.cancel()

    def _take_notices(self, channel: Channel) -> None:
        notices = self._workspace.notices.get(self._hands.person_id, [])
        for notice in notices[self._noticed :]:
            place = self._workspace.channels.get(notice.channel_id or "", channel)
            after_ts = place.messages[-1].ts if place.messages else ""
            self._told.append(Told(place.id, after_ts, notice.text))
            toast(notice.text)
        self._noticed = len(notices)

    def _start_reading(self) -> None:
        self._noticed = len(self._workspace.notices.get(self._hands.person_id, []))
        seen = self._workspace.channels_seen_by(self._hands.person_id)
        self._read = {channel.id: len(channel.messages) for channel in seen}

    def _unread(self) -> dict[str, int]:
        person_id = self._hands.person_id
        rang = self._workspace.notifications(person_id)
        unread: dict[str, int] = {}
        for channel in self._workspace.channels_seen_by(person_id):
            new = {message.ts for message in channel.messages[self._read.get(channel.id, 0) :]}
            if new and person_id in channel.members:
                unread[channel.id] = sum(
                    each.ts in new for each in rang if each.channel == channel.id
                )
        return unread

    def _seen(self, channel_id: str) -> str:
        seen = [channel.id for channel in self._workspace.channels_seen_by(self._hands.person_id)]
        return channel_id if channel_id in seen else seen[0]

    def _name(self, channel: Channel) -> str:
        return self._workspace.app.name if channel.is_im else f"#{channel.name}"

    def _note_address(self) -> None:
        person_id = self._hands.person_id
        where = "tab=home" if self._is_home else f"channel={self._channel_id}"
        ui.navigate.history.replace(f"/?as={person_id}&{where}")

    def _reader(self) -> Reader:
        workspace, person_id = self._workspace, self._hands.person_id
        seen = workspace.channels_seen_by(person_id)
        return Reader(
            zone=workspace.people[person_id].tz,
            now=workspace.now_seconds(),
            base_url=workspace.url,
            person_id=person_id,
            people={person.id: person.real_name for person in workspace.people.values()},
            channels={channel.id: channel.name for channel in seen if not channel.is_im},
            groups={group.id: group.handle for group in workspace.user_groups.values()},
        )
