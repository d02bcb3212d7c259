"""Which messages of a channel are on the screen, and how do they stay where they are?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nicegui import ui

from bot.sandbox.model import Channel, Message
from bot.sandbox.page import attachments, body, controls
from bot.sandbox.page import message as rows
from bot.sandbox.page.body import MessageSurface
from bot.sandbox.page.controls import markup, put
from bot.sandbox.page.keyed import Item, Keyed
from bot.sandbox.page.message import Row
from bot.sandbox.page.mrkdwn import escape
from bot.sandbox.page.stream import Line, first_shown, named

# A channel with 500 messages took 2.4 s to open when all were drawn, with these 0.5 s.
_AT_ONCE = 80
_MORE = 200

Surfaces = Callable[[Message], MessageSurface]


class Log:
    """A channel's messages, the latest at the end; earlier ones come when asked for."""

    def __init__(self, reply: Callable[[Message], None] | None) -> None:
        """Draw nothing yet; `marked` is the ts of the message a permalink led to, or empty.

        `reply` opens a message's thread; None where the messages stand in one already.
        """
        self.marked = ""
        self._reply = reply
        self._bodies: dict[str, Keyed] = {}
        self._channel_id = ""
        self._first = 0
        self._again: Callable[[], None] = lambda: None
        with put(ui.element("div"), tabindex=0, role="log").classes("stream") as self._frame:
            self._rows = Keyed(ui.element("div").classes("rows"))

    def redraw(self, channel: Channel, name: str, lines: Sequence[Line], surface: Surfaces) -> None:
        """Show these lines."""
        is_new = self._channel_id != channel.id
        if is_new:
            self._begin(channel, name)
        self._again = lambda: self.redraw(channel, name, lines, surface)
        count = _AT_ONCE if is_new else len(lines) - self._first
        self._first = first_shown(lines, self.marked, count)
        shown = named(lines[self._first :])
        items = [self._item(line, channel, surface) for line in shown]
        if self._first > 0:
            items.insert(0, Item("earlier", None, self._offer_earlier))
        self._rows.show(items)
        for line in shown:
            if line.message is not None and line.message.ts in self._bodies:
                self._bodies[line.message.ts].show(_said(surface(line.message)))

    def forget(self) -> None:
        """Begin at the end again with what is shown next."""
        self._channel_id = ""

    def scroll_to_marked(self) -> None:
        """Bring the marked message into sight, if it is here."""
        slot = self._rows.element(self.marked) if self.marked else None
        if slot is not None:
            slot.run_method("scrollIntoView", {"block": "center"})

    def _begin(self, channel: Channel, name: str) -> None:
        self._channel_id = channel.id
        self._rows.forget()
        self._bodies.clear()
        put(self._frame, aria_label=name)
        self._frame.update()

    def _item(self, line: Line, channel: Channel, surface: Surfaces) -> Item:
        if line.message is None:
            kind = line.key.partition(" ")[0]
            return Item(line.key, line.text, lambda: _draw_line(kind, line.text))
        is_marked = line.message.ts == self.marked
        row = Row(surface(line.message), channel, line, is_marked, self._reply, self._bodies)
        return Item(line.key, row.looks(), lambda: rows.draw(row))

    def _offer_earlier(self) -> None:
        with ui.element("div").classes("earlier"):
            controls.button("Show earlier messages", self._show_earlier, "quiet")

    def _show_earlier(self) -> None:
        self._first = max(0, self._first - _MORE)
        self._again()


def _said(surface: MessageSurface) -> list[Item]:
    return [*body.items(surface), *attachments.items(surface)]


def _draw_line(kind: str, text: str) -> None:
    with put(ui.element("div"), role="separator" if kind == "new" else None).classes(kind):
        if kind == "told":
            markup("Only visible to you", tag="small")
        markup(escape(text), tag="span")
