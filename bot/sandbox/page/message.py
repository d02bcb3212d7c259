"""How is a message drawn?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nicegui import ui

from bot.sandbox import modals
from bot.sandbox.hands import Hands
from bot.sandbox.model import Channel, Json, Message
from bot.sandbox.page import blocks, controls, dates, emoji, mrkdwn
from bot.sandbox.page.controls import markup, put, rich
from bot.sandbox.page.mrkdwn import Reader
from bot.sandbox.workspace import Workspace

_NOT_SYSTEM = (None, "bot_message", "me_message", "thread_broadcast", "file_share")
_COLORS = ("#8a3b12", "#0b5c7a", "#5b3a8e", "#1d6b42", "#8c2257", "#4d5a14", "#2d4aa0")


@dataclass
class MessageSurface:
    """A message under a person's hands."""

    workspace: Workspace
    reader: Reader
    go: Callable[[str], Awaitable[None]]
    hands: Hands
    place: tuple[str, Message]

    @property
    def channel_id(self) -> str:
        """The channel the message stands in."""
        return self.place[0]

    @property
    def message(self) -> Message:
        """The message."""
        return self.place[1]

    def value(self, block: Json, element: Json) -> Json:
        """What the app chose at first."""
        state = modals.first_state(self.message.blocks)
        return state.get(block["block_id"], {}).get(element["action_id"], {})

    async def press(self, block: Json, element: Json, choice: Json | None) -> None:
        """Use a button or a select."""
        action = (block["block_id"], element["action_id"])
        await self.hands.press(self.channel_id, self.message.ts, *action, choice)

    async def enter(self, block: Json, element: Json, value: Json) -> None:
        """Inputs in messages act at once."""
        choice = {key: kept for key, kept in value.items() if key != "type"}
        await self.press(block, element, choice)

    def note_errors(self, block_id: str, error: ui.label) -> None:
        """Messages have no errors."""


@dataclass(frozen=True)
class Row:
    """A message in its place: `is_follow_up` when the same person wrote just before."""

    surface: MessageSurface
    channel: Channel
    is_follow_up: bool
    is_marked: bool
    reply: Callable[[str], None]

    def looks(self) -> object:
        """All that shows; equal when nothing has to be drawn again."""
        message = self.surface.message
        shown = (message.text, repr(message.blocks), repr(message.attachments), message.edited_ts)
        marks = (message.ts in self.channel.pins, self.is_follow_up, self.is_marked)
        return (shown, marks, repr(message.reactions), self.surface.reader.looks())


def is_system(message: Message) -> bool:
    """Slack wrote this line itself, such as "has joined the channel"."""
    return message.subtype not in _NOT_SYSTEM


def draw(row: Row) -> None:
    """Draw a message with its menu."""
    message, reader = row.surface.message, row.surface.reader
    names = ["message", "follow-up" if row.is_follow_up else "", "marked" if row.is_marked else ""]
    names += ["reply" if message.thread_ts else "", "private" if message.ephemeral_to else ""]
    names += ["pinned" if message.ts in row.channel.pins else ""]
    with put(ui.element("article"), data_ts=message.ts, tabindex=-1).classes(" ".join(names)):
        if is_system(message):
            _system(row)
            return
        _avatar(message, reader)
        with ui.element("div").classes("message-main"):
            _head(row)
            body(row.surface)
            _reactions(row)
        _menu(row)


def body(surface: MessageSurface) -> None:
    """What the message says: its blocks, else its text; then its attachments."""
    message = surface.message
    with ui.element("div").classes("body"):
        if message.blocks:
            for block in message.blocks:
                blocks.draw(block, surface)
        else:
            rich(mrkdwn.to_html(message.text, surface.reader), surface.go)
        for attachment in message.attachments:
            with ui.element("div").classes("attachment"):
                _attachment(attachment, surface)
        if message.edited_ts and not message.ephemeral_to:
            markup("(edited)", tag="small")


def _attachment(attachment: Json, surface: MessageSurface) -> None:
    for block in attachment.get("blocks") or []:
        blocks.draw(block, surface)
    if not attachment.get("blocks"):
        named = (attachment.get(key) for key in ("pretext", "title", "text"))
        lines = [str(line) for line in named if line]
        words = "\n".join(lines) or str(attachment.get("fallback", ""))
        rich(mrkdwn.to_html(words, surface.reader), surface.go)


def _system(row: Row) -> None:
    message, reader = row.surface.message, row.surface.reader
    name = mrkdwn.escape(reader.people.get(message.user, message.user))
    line = mrkdwn.to_html(message.text.removeprefix(f"<@{message.user}>").lstrip(), reader)
    _time(message, reader)
    rich(f"{name} {line}", row.surface.go).classes("system")


def _avatar(message: Message, reader: Reader) -> None:
    name = reader.people.get(message.user, "?")
    initials = "".join(word[0] for word in name.split()[:2]).upper()
    color = _COLORS[sum(map(ord, message.user)) % len(_COLORS)]
    drawn = markup(mrkdwn.escape(initials)).classes("avatar app" if message.bot_id else "avatar")
    put(drawn, aria_hidden="true").style(f"background: {color}")


def _head(row: Row) -> None:
    message, reader = row.surface.message, row.surface.reader
    if message.ephemeral_to:
        markup("Only visible to you").classes("note eye")
    if message.ts in row.channel.pins:
        markup("Pinned").classes("note pin")
    with ui.element("div").classes("message-head"):
        markup(mrkdwn.escape(reader.people.get(message.user, message.user)), tag="strong")
        if message.bot_id:
            markup("APP", tag="span").classes("badge")
        _time(message, reader)


def _time(message: Message, reader: Reader) -> None:
    shown = put(markup(dates.clock(message.ts, reader.zone), tag="time"), title=(
        dates.spell(int(float(message.ts)), "{date_long} {time_secs}", reader.zone, reader.now)
    ))  # fmt: skip
    shown.classes("time")


def _reactions(row: Row) -> None:
    message, hands = row.surface.message, row.surface.hands
    if not message.reactions:
        return
    with ui.element("div").classes("reactions"):
        for name, people in message.reactions.items():

            async def react(name: str = name) -> None:
                await hands.react(row.channel.id, message.ts, name)

            chip = controls.button(f"{emoji.drawn(name)} {len(people)}", react, "chip")
            put(chip, aria_label=f"{name}, {len(people)}")


def _menu(row: Row) -> None:
    message, surface = row.surface.message, row.surface
    if message.ephemeral_to:
        return
    entries: list[tuple[str, controls.Click]] = [
        ("Reply in thread", lambda: row.reply(message.thread_ts or message.ts))
    ]
    for spec in surface.workspace.shortcuts():
        if spec.type == "message":
            entries.append((spec.name, _shortcut(surface, spec.callback_id)))
    with ui.element("div").classes("more"), controls.icon_button("more_vert", "More actions"):
        controls.menu(entries)


def _shortcut(surface: MessageSurface, callback_id: str) -> controls.Click:
    async def use() -> None:
        await surface.hands.use_message_shortcut(
            surface.channel_id, surface.message.ts, callback_id
        )

    return use
