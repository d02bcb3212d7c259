"""What stands above a channel's messages?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nicegui import ui

from bot.sandbox.hands import Hands
from bot.sandbox.model import Channel
from bot.sandbox.page import body, controls, emoji, mrkdwn
from bot.sandbox.page.body import MessageSurface
from bot.sandbox.page.controls import markup, put, rich
from bot.sandbox.page.mrkdwn import Reader, escape
from bot.sandbox.page.surface import told

Go = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class HeadWays:
    """Where the head leads: the sidebar, the pins, the members, and what one does to a channel."""

    unfold: controls.Click
    show_pins: controls.Click
    show_members: controls.Click
    hands: Callable[[], Hands]


class ChannelHead:
    """Name, topic, member count, pins and bookmarks."""

    def __init__(self, ways: HeadWays) -> None:
        self._ways = ways
        self._looks: tuple[object, ...] = ()
        with ui.element("header").classes("channel-head"):
            controls.icon_button("menu", "Open sidebar", ways.unfold).classes("only-phone")
            self._line = ui.element("div").classes("channel-line")
        self._bookmarks = put(ui.element("div"), aria_label="Bookmarks", role="navigation")
        self._bookmarks.classes("bookmarks")

    def redraw(
        self, channel: Channel, name: str, reader: Reader, go: Go, *, is_muted: bool = False
    ) -> None:
        """Show this channel."""
        counts = (len(channel.members), len(channel.pins), channel.topic, channel.purpose)
        marks = (reader.person_id in channel.members, is_muted, channel.is_archived)
        looks = (name, counts, channel.id, marks, repr(channel.bookmarks), reader.looks())
        if looks == self._looks:
            return
        self._looks = looks
        self._line.clear()
        with self._line:
            markup(escape(name), tag="h1")
            if is_muted:
                markup("Muted", tag="span").classes("badge")
            rich(mrkdwn.to_html(channel.topic or channel.purpose, reader), go).classes("topic")
            self._counts(channel, name, marks)
        self._bookmarks.clear()
        self._bookmarks.set_visibility(bool(channel.bookmarks))
        with self._bookmarks:
            for mark in channel.bookmarks:
                words = escape(f"{emoji.spread(mark.emoji)} {mark.title}".strip())
                rich(mrkdwn.link(mark.link, words, reader), go)

    def _counts(self, channel: Channel, name: str, marks: tuple[bool, ...]) -> None:
        with ui.element("div").classes("counts"):
            if channel.is_private and not channel.is_direct:
                markup('<i class="material-icons" aria-hidden="true">lock</i> Private', tag="span")
            if not channel.is_im:
                count = len(channel.members)
                members = f"{count} member{'' if count == 1 else 's'}"
                controls.button(members, self._ways.show_members, "quiet")
            pins = controls.button(f"Pins {len(channel.pins)}", self._ways.show_pins, "quiet")
            put(pins, aria_label="Pins")
            entries = self._acts(channel, *marks)
            if entries:
                with controls.icon_button("more_horiz", f"More for {name}"):
                    controls.menu(entries)

    def _acts(
        self, channel: Channel, is_member: bool, is_muted: bool, is_archived: bool
    ) -> list[tuple[str, controls.Click]]:
        hands = self._ways.hands
        if not is_member:
            return []
        mute = "Unmute" if is_muted else "Mute"
        acts = [_act(mute, lambda: hands().mute(channel.id))]
        if not channel.is_direct and channel.name != "general":
            acts.append(_act("Leave", lambda: hands().leave(channel.id)))
            if is_archived:
                acts.append(_act("Unarchive", lambda: hands().unarchive(channel.id)))
            else:
                acts.append(_act("Archive", lambda: hands().archive(channel.id)))
        return acts


def _act(name: str, act: Callable[[], Awaitable[None]]) -> tuple[str, controls.Click]:
    async def do() -> None:
        with told():
            await act()

    return (name, do)


def show_pins(channel: Channel, surfaces: list[MessageSurface], go: Go) -> None:
    """Open a dialog with the pinned messages, latest pin first."""
    with (
        controls.opened("Pinned messages", name="Pins", close="Close pins") as dialog,
        ui.element("div").classes("modal-body"),
    ):
        if not surfaces:
            markup("Nothing is pinned here.").classes("hint")
        for surface in surfaces:
            _pin(channel, surface, controls.leaving(dialog, go))


def _pin(channel: Channel, surface: MessageSurface, leave: Go) -> None:
    surface.go = leave
    pinned = surface.message
    with ui.element("div").classes("pin-card"):
        name = surface.reader.people.get(pinned.user, pinned.user)
        markup(escape(name), tag="strong")
        body.draw(surface)
        controls.button("Go to message", lambda: leave(f"{channel.id}/{pinned.ts}"), "quiet")
