"""What does one browser window show, and when is it drawn again?"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from nicegui import ui

from bot.sandbox import rooms
from bot.sandbox.model import Channel, Message
from bot.sandbox.page import readers
from bot.sandbox.page.body import MessageSurface
from bot.sandbox.page.channel import ChannelHead, HeadWays
from bot.sandbox.page.clock import ClockBar
from bot.sandbox.page.composer import Composer
from bot.sandbox.page.controls import button, toast
from bot.sandbox.page.dialogs import Dialogs
from bot.sandbox.page.home import AppTabs, Home
from bot.sandbox.page.inspector import Inspector
from bot.sandbox.page.log import Log, Surfaces
from bot.sandbox.page.modal import Modal
from bot.sandbox.page.mrkdwn import Reader
from bot.sandbox.page.notices import Notices
from bot.sandbox.page.reading import Marks
from bot.sandbox.page.sidebar import Sidebar, Ways
from bot.sandbox.page.stream import lines, replies
from bot.sandbox.page.surface import told
from bot.sandbox.page.thread import ThreadPanel
from bot.sandbox.sandbox import Sandbox

# Changes that come together are drawn together.
_PAUSE_SECONDS = 0.05
_UNSEEN = "You cannot see this channel."
_OF_ONE_PERSON = ("views", "notices", "home", "read")
_OF_INSPECTOR = ("journal", "faults")


class Window:
    """One person's view of the workspace; each browser window has its own."""

    def __init__(self, sandbox: Sandbox, marks: Marks, person_id: str, channel_id: str) -> None:
        """Open a channel as a person; `marks` is shared by all windows."""
        self._sandbox = sandbox
        self._marks = marks
        self._workspace = sandbox.workspace
        self._client = ui.context.client
        self._hands = sandbox.as_person(person_id)
        self._notices = Notices(self._workspace)
        self._first_new = ""
        self._dialogs = Dialogs(self._workspace, marks, self._client)
        self._redraw_at: asyncio.TimerHandle | None = None
        self._is_reading = False
        self.channel_id = self._seen(channel_id)
        self._is_home = False
        self._edits: dict[str, str] = {}
        self._start_reading()
        self._skip = button("Skip to the message box", self._write, "skip")
        with ui.element("div").classes("app"):
            self._draw_frame()
        self._modal = Modal(self._hands, self._workspace)
        self._unwatch = self._workspace.watch(self._changed)
        self._client.on_delete(self._leave)
        self.redraw()
        if channel_id not in ("", self.channel_id):
            toast(_UNSEEN)

    def _draw_frame(self) -> None:
        ways = Ways(
            *(self.sign_in, self.go, self._join, self._open_app),
            *(self._show_bell, self._inspect, self._show_second),
        )
        self._sidebar = Sidebar(self._workspace, self._hands.person_id, ways)
        with self._sidebar.foot:
            step = self._step if self._sandbox.move is not None else None
            self._clock = ClockBar(self._sandbox.now, step, self._sandbox.next_at)
        with ui.element("div").classes("main"):
            self._draw_main()
        self._thread = ThreadPanel(self._workspace, lambda: self._hands, self._close_thread)
        self._inspector = Inspector(self._sandbox, self.redraw)

    def _draw_main(self) -> None:
        app = self._workspace.app.name
        self._home = Home(self._workspace, self._sidebar.unfold)
        with ui.element("div").classes("channel-pane") as self._pane:
            self._head = ChannelHead(
                HeadWays(
                    *(self._sidebar.unfold, self._show_pins, self._show_members),
                    lambda: self._hands,
                )
            )
            self._tabs_below_head = ui.element("div")
            self._log = Log(self._open_thread)
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
        self._edits.clear()
        self._log.marked = self._thread.root_ts = ""
        self.channel_id = self._seen(self.channel_id)
        self._start_reading()
        self._note_address()
        self.redraw()
        if self._is_home:
            await self._hands.open_home()

    def _write(self) -> None:
        self._composer.focus()

    async def open_home(self) -> None:
        """Look at the app's Home."""
        self._is_home = True
        self._thread.root_ts = ""
        self._sidebar.fold()
        self._note_address()
        self.redraw()
        await self._hands.open_home()

    async def _open_messages(self) -> None:
        direct = rooms.direct(self._workspace, self._hands.person_id)
        await self.go(f"{direct.id}/")

    async def _open_app(self) -> None:
        direct = rooms.direct(self._workspace, self._hands.person_id)
        unread = self._marks.unread(self._hands.person_id)
        if self._workspace.app.has_home and direct.id not in unread:
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
        self.channel_id, self._is_home = channel_id, False
        self._start_channel()
        self._mark(ts)
        self._sidebar.fold()
        self._note_address()
        self.redraw()
        if not ts:
            self._composer.focus_on_arrival()
        self._log.scroll_to_marked()
        self._thread.scroll_to_marked()

    def _mark(self, ts: str) -> None:
        """A reply is shown in its thread, and what that began with in the channel."""
        messages = self._workspace.messages_seen_by(self.channel_id, self._hands.person_id)
        threads = replies(messages)
        root_ts = next((top for top in threads if ts in [each.ts for each in threads[top]]), "")
        self._log.marked = root_ts or ts
        self._thread.open(root_ts, ts)

    async def show_thread(self, ts: str) -> None:
        """Show the thread that begins with this message of the channel."""
        self._thread.open(ts)
        self.redraw()

    def _open_thread(self, message: Message) -> None:
        self._thread.open(message.thread_ts or message.ts)
        self._inspector.is_open = False
        self._close_thread()
        self._thread.focus()

    def _close_thread(self) -> None:
        self._note_address()
        self.redraw()

    def _inspect(self) -> None:
        self._thread.root_ts = ""
        self._sidebar.fold()
        self._inspector.toggle()

    async def _join(self, channel_id: str) -> None:
        with told():
            await self._hands.join(channel_id)
            await self.go(f"{channel_id}/")

    def redraw(self) -> None:
        """Show the workspace as it is now."""
        self._redraw_at = None
        person_id = self._hands.person_id
        self.channel_id = self._seen(self.channel_id)
        channel = self._workspace.channels[self.channel_id]
        name = self._name(channel)
        reader = readers.of(self._workspace, person_id)
        self._notices.take(person_id, channel)
        self._read(channel)
        current = "" if self._is_home else channel.id
        self._sidebar.redraw(person_id, current, self._marks.unread(person_id))
        self._clock.redraw(reader)
        self._draw_home(channel, reader)
        is_muted = channel.id in self._workspace.people[person_id].muted
        self._head.redraw(channel, name, reader, self.go, is_muted=is_muted)
        self._draw_messages(channel, name, reader)
        self._composer.redraw(channel, name)
        self._inspector.redraw(reader.zone)
        self._modal.redraw(reader, self.go)

    def _read(self, channel: Channel) -> None:
        self._is_reading = True  # what other windows hear of this is drawn here anyway
        if not self._is_home:
            self._marks.read(self._hands.person_id, channel)
        self._is_reading = False

    def _draw_messages(self, channel: Channel, name: str, reader: Reader) -> None:
        messages = self._workspace.messages_seen_by(channel.id, self._hands.person_id)
        told_here = self._notices.within(channel)
        stream = list(lines(messages, told_here, reader, self._first_new))
        self._log.redraw(channel, name, stream, self._surfaces(channel, reader, self._edits))
        surfaces = self._surfaces(channel, reader, self._thread.drafts)
        self._thread.redraw(channel, name, messages, surfaces)

    def _draw_home(self, channel: Channel, reader: Reader) -> None:
        self._pane.set_visibility(not self._is_home)
        self._skip.set_visibility(not self._is_home)
        self._home.redraw(self._hands, reader, self.go, is_shown=self._is_home)
        has_tabs = channel.is_im and self._workspace.app.has_home
        self._home_tabs.redraw(is_shown=True, is_home=True)
        self._message_tabs.redraw(is_shown=has_tabs, is_home=False)

    def _surfaces(self, channel: Channel, reader: Reader, edits: dict[str, str]) -> Surfaces:
        workspace, hands = self._workspace, self._hands
        return lambda message: MessageSurface(
            workspace, reader, self.go, hands, (channel.id, message), edits
        )

    def _show_pins(self) -> None:
        channel = self._workspace.channels[self.channel_id]
        surfaces = self._surfaces(channel, self._reader(), {})
        self._dialogs.pins(channel, surfaces, self.go)

    def _show_members(self) -> None:
        channel = self._workspace.channels[self.channel_id]
        self._dialogs.members(channel, self._name(channel))

    def _show_second(self) -> None:
        self._dialogs.second_window(self._hands.person_id, self.channel_id)

    def _show_bell(self) -> None:
        self._dialogs.bell(self._hands, self._reader(), self.go)

    def _changed(self, topic: str) -> None:
        kind, _, of = topic.partition(":")
        if kind in _OF_INSPECTOR or kind in _OF_ONE_PERSON and of != self._hands.person_id:
            return
        if self._redraw_at is None and not self._is_reading:
            loop = asyncio.get_running_loop()
            self._redraw_at = loop.call_later(_PAUSE_SECONDS, self._redraw_later)

    def _redraw_later(self) -> None:
        with self._client:
            self.redraw()

    def _leave(self) -> None:
        self._unwatch()
        if self._redraw_at is not None:
            self._redraw_at.cancel()

    def _start_reading(self) -> None:
        self._notices.begin(self._hands.person_id)
        self._start_channel()

    def _start_channel(self) -> None:
        channel = self._workspace.channels[self.channel_id]
        self._first_new = self._marks.first_new(self._hands.person_id, channel)

    def _seen(self, channel_id: str) -> str:
        seen = [channel.id for channel in self._workspace.channels_seen_by(self._hands.person_id)]
        return channel_id if channel_id in seen else seen[0]

    def _name(self, channel: Channel) -> str:
        return readers.channel_name(self._workspace, channel, self._hands.person_id)

    def _note_address(self) -> None:
        person_id = self._hands.person_id
        where = "tab=home" if self._is_home else f"channel={self.channel_id}"
        if self._thread.root_ts:
            where += f"&thread={self._thread.root_ts}"
        ui.navigate.history.replace(f"/?as={person_id}&{where}")

    def _reader(self) -> Reader:
        return readers.of(self._workspace, self._hands.person_id)
