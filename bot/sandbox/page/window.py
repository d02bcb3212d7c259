"""What does one browser window show, and when is it drawn again?"""

from __future__ import annotations

import asyncio

from nicegui import ui

from bot.sandbox.model import Channel, Message
from bot.sandbox.page import body
from bot.sandbox.page import channel as heads
from bot.sandbox.page import message as rows
from bot.sandbox.page.body import MessageSurface
from bot.sandbox.page.channel import ChannelHead
from bot.sandbox.page.composer import Composer
from bot.sandbox.page.controls import markup, put, toast
from bot.sandbox.page.keyed import Item, Keyed
from bot.sandbox.page.message import Row
from bot.sandbox.page.modal import Modal
from bot.sandbox.page.mrkdwn import Reader, escape
from bot.sandbox.page.sidebar import Sidebar
from bot.sandbox.page.stream import Line, Told, lines
from bot.sandbox.sandbox import Sandbox

# Changes that come together are drawn together.
_PAUSE_SECONDS = 0.05


class Window:
    """One person's view of the workspace; each browser window has its own."""

    def __init__(self, sandbox: Sandbox, person_id: str, channel_id: str, ts: str = "") -> None:
        self._sandbox = sandbox
        self._workspace = sandbox.workspace
        self._client = ui.context.client
        self._hands = sandbox.as_person(person_id)
        self._marked = ts
        self._told: list[Told] = []
        self._bodies: dict[str, Keyed] = {}
        self._noticed = 0
        self._read: dict[str, int] = {}
        self._redraw_at: asyncio.TimerHandle | None = None
        self._channel_id = self._seen(channel_id)
        self._start_reading()
        with ui.element("div").classes("app"):
            self._sidebar = Sidebar(self._workspace, person_id, self.sign_in, self.go)
            with ui.element("main").classes("main"):
                self._head = ChannelHead(self._sidebar.unfold, self._show_pins)
                with put(ui.element("div"), tabindex=0, role="log").classes("stream") as log:
                    self._log = log
                    self._rows = Keyed(ui.element("div").classes("rows"))
                self._composer = Composer(self._workspace, lambda: self._hands)
        self._modal = Modal(self._hands, self._workspace)
        self._unwatch = self._workspace.watch(self._changed)
        self._client.on_delete(self._leave)
        self.redraw()
        self._show_marked()

    def sign_in(self, person_id: str) -> None:
        """Be somebody else from now on."""
        if person_id == self._hands.person_id:
            return
        self._hands = self._sandbox.as_person(person_id)
        self._modal.sign_in(self._hands)
        self._told = []
        self._marked = ""
        self._channel_id = self._seen(self._channel_id)
        self._start_reading()
        self._note_address()
        self.redraw()

    async def go(self, target: str) -> None:
        """Go to a channel, "C.../", or to a message in it, "C.../1700000000.000001"."""
        channel_id, _, ts = target.partition("/")
        seen = {channel.id for channel in self._workspace.channels_seen_by(self._hands.person_id)}
        if channel_id not in seen:
            toast("You cannot see this channel.")
            return
        self._channel_id, self._marked = channel_id, ts
        self._sidebar.fold()
        self._note_address()
        self.redraw()
        self._show_marked()

    def redraw(self) -> None:
        """Show the workspace as it is now."""
        self._redraw_at = None
        person_id = self._hands.person_id
        self._channel_id = self._seen(self._channel_id)
        channel = self._workspace.channels[self._channel_id]
        reader = self._reader()
        self._take_notices(channel)
        messages = self._workspace.messages_seen_by(channel.id, person_id)
        self._read[channel.id] = len(channel.messages)
        self._sidebar.redraw(person_id, channel.id, self._unread())
        self._head.redraw(channel, self._name(channel), reader, self.go)
        self._draw_rows(channel, messages, reader)
        self._composer.redraw(channel, self._name(channel))
        self._modal.redraw(reader, self.go)

    def _draw_rows(self, channel: Channel, messages: list[Message], reader: Reader) -> None:
        if self._log.props.get("aria-label") != self._name(channel):
            self._log.props["aria-label"] = self._name(channel)
            self._log.update()
            self._rows.forget()
            self._bodies.clear()
        told = [line for line in self._told if line.channel_id == channel.id]
        self._rows.show(
            [self._item(line, channel, reader) for line in lines(messages, told, reader)]
        )
        for message in messages:
            if message.ts in self._bodies:
                self._bodies[message.ts].show(body.items(self._surface(channel, message, reader)))

    def _item(self, line: Line, channel: Channel, reader: Reader) -> Item:
        if line.message is None:
            kind = "day" if line.key.startswith("day") else "told"
            return Item(line.key, line.text, lambda: _draw_line(kind, line.text))
        surface = self._surface(channel, line.message, reader)
        is_marked = line.message.ts == self._marked
        row = Row(
            surface, channel, line.is_follow_up, is_marked, self._composer.reply, self._bodies
        )
        return Item(line.key, row.looks(), lambda: rows.draw(row))

    def _surface(self, channel: Channel, message: Message, reader: Reader) -> MessageSurface:
        return MessageSurface(self._workspace, reader, self.go, self._hands, (channel.id, message))

    def _show_pins(self) -> None:
        channel = self._workspace.channels[self._channel_id]
        reader = self._reader()
        pinned = [message for message in channel.messages if message.ts in channel.pins]
        surfaces = [self._surface(channel, message, reader) for message in reversed(pinned)]
        with self._client.content:
            heads.show_pins(channel, surfaces, self.go)

    def _show_marked(self) -> None:
        slot = self._rows.element(self._marked) if self._marked else None
        if slot is not None:
            slot.run_method("scrollIntoView", {"block": "center"})

    def _changed(self, _topic: str) -> None:
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

    def _unread(self) -> set[str]:
        person_id = self._hands.person_id
        return {
            channel.id
            for channel in self._workspace.channels_seen_by(person_id)
            if person_id in channel.members
            and len(channel.messages) > self._read.get(channel.id, 0)
        }

    def _seen(self, channel_id: str) -> str:
        seen = [channel.id for channel in self._workspace.channels_seen_by(self._hands.person_id)]
        return channel_id if channel_id in seen else seen[0]

    def _name(self, channel: Channel) -> str:
        return self._workspace.app.name if channel.is_im else f"#{channel.name}"

    def _note_address(self) -> None:
        person_id = self._hands.person_id
        ui.navigate.history.replace(f"/?as={person_id}&channel={self._channel_id}")

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
        )


def _draw_line(kind: str, text: str) -> None:
    with ui.element("div").classes(kind):
        if kind == "told":
            markup("Only visible to you", tag="small")
        markup(escape(text), tag="span")
