"""How is a message drawn?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nicegui import ui

from bot.sandbox.model import Channel, Message
from bot.sandbox.page import attachments, body, controls, dates, emoji, mrkdwn, own
from bot.sandbox.page.body import MessageSurface
from bot.sandbox.page.controls import markup, put, rich
from bot.sandbox.page.keyed import Keyed
from bot.sandbox.page.mrkdwn import Reader
from bot.sandbox.page.stream import Line, counted, is_system
from bot.sandbox.page.surface import told

_COLORS = ("#8a3b12", "#0b5c7a", "#5b3a8e", "#1d6b42", "#8c2257", "#4d5a14", "#2d4aa0")
_FACES = 4


@dataclass(frozen=True)
class Row:
    """A message in its place: `line` tells what stands around it.

    What it says is put into `bodies` by its ts: that changes by itself, under the person's focus.
    `reply` opens its thread, None where there is none to open.
    """

    surface: MessageSurface
    channel: Channel
    line: Line
    is_marked: bool
    reply: Callable[[Message], None] | None
    bodies: dict[str, Keyed]

    def looks(self) -> object:
        """What shows around the body; equal when nothing has to be drawn again."""
        message, line = self.surface.message, self.line
        marks = (message.ts in self.channel.pins, line.is_follow_up, self.is_marked)
        system = message.text if is_system(message) else ""
        below = [(reply.ts, reply.user) for reply in line.replies]
        around = (system, marks, message.is_broadcast, repr(message.reactions), below)
        return (around, self.surface.reader.looks())


def draw(row: Row) -> None:
    """Draw a message with its menu."""
    message, reader = row.surface.message, row.surface.reader
    names = ["message", "marked" if row.is_marked else ""]
    names += ["follow-up" if row.line.is_follow_up else ""]
    names += ["private" if message.ephemeral_to else ""]
    names += ["pinned" if message.ts in row.channel.pins else ""]
    with put(ui.element("article"), data_ts=message.ts, tabindex=-1).classes(" ".join(names)):
        if is_system(message):
            _system(row)
            return
        _face(message, reader)
        with ui.element("div").classes("message-main"):
            _head(row)
            shown = body.draw(row.surface, attachments.items(row.surface))
            row.bodies[message.ts] = shown
            _reactions(row)
            own.go_on(row.surface, shown.container)
            _replies(row)
        _menu(row, shown)


def _system(row: Row) -> None:
    message, reader = row.surface.message, row.surface.reader
    name = "" if message.subtype == "tombstone" else reader.people.get(message.user, message.user)
    line = mrkdwn.to_html(message.text.removeprefix(f"<@{message.user}>").lstrip(), reader)
    _time(message, reader)
    with ui.element("div").classes("message-main"):
        rich(f"{mrkdwn.escape(name)} {line}", row.surface.go).classes("system")
        _replies(row)


def _face(message: Message, reader: Reader) -> None:
    name = message.username or reader.people.get(message.user, "?")
    icon = emoji.spread(str(message.icons.get("emoji", "")))
    is_known = icon and not icon.startswith(":")
    shown = icon if is_known else _initials(name)
    _draw_face(message.user, shown, is_app=bool(message.bot_id))


def _avatar(reader: Reader, person_id: str) -> None:
    _draw_face(person_id, _initials(reader.people.get(person_id, "?")))


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper()


def _draw_face(person_id: str, shown: str, *, is_app: bool = False) -> None:
    color = _COLORS[sum(map(ord, person_id)) % len(_COLORS)]
    drawn = markup(mrkdwn.escape(shown)).classes("avatar app" if is_app else "avatar")
    put(drawn, aria_hidden="true").style(f"background: {color}")


def _head(row: Row) -> None:
    message, reader = row.surface.message, row.surface.reader
    if message.ephemeral_to:
        markup("Only visible to you").classes("note eye")
    if message.is_broadcast and row.reply is not None:
        markup("Replied to a thread").classes("note")
    if message.ts in row.channel.pins:
        markup("Pinned").classes("note pin")
    with ui.element("div").classes("message-head"):
        name = message.username or reader.people.get(message.user, message.user)
        markup(mrkdwn.escape(name), tag="strong")
        if message.bot_id:
            markup("APP", tag="span").classes("badge")
        _time(message, reader)


def _time(message: Message, reader: Reader) -> None:
    shown = put(markup(dates.clock(message.ts, reader.zone), tag="time"), title=(
        dates.spell(int(float(message.ts)), "{date_long} {time_secs}", reader.zone, reader.now)
    ))  # fmt: skip
    shown.classes("time")


def _reactions(row: Row) -> None:
    message, hands, reader = row.surface.message, row.surface.hands, row.surface.reader
    if not message.reactions:
        return
    with ui.element("div").classes("reactions"):
        for name, people in message.reactions.items():

            async def react(name: str = name) -> None:
                with told():
                    await hands.react(row.channel.id, message.ts, name)

            is_mine = reader.person_id in people
            look = "chip mine" if is_mine else "chip"
            chip = controls.button(f"{emoji.drawn(name)} {len(people)}", react, look)
            who = ", ".join(reader.people.get(person, person) for person in people)
            put(chip, aria_label=f"{name}, {len(people)}", aria_pressed=str(is_mine).lower())
            put(chip, title=f"{who} with :{name}:", aria_description=who)


def _replies(row: Row) -> None:
    message, replies, open_thread = row.surface.message, row.line.replies, row.reply
    if not replies or open_thread is None:
        return
    reader = row.surface.reader
    said, at = counted(len(replies)), int(float(replies[-1].ts))
    last = dates.spell(at, "{date_short_pretty} at {time}", reader.zone, reader.now)
    with put(ui.element("button"), type="button").classes("replies") as drawn:
        for person_id in list(dict.fromkeys(reply.user for reply in replies))[:_FACES]:
            _avatar(reader, person_id)
        markup(said, tag="strong")
        markup(mrkdwn.escape(f"Last reply {last}"), tag="small")
    drawn.on("click", lambda _: open_thread(message))


def _menu(row: Row, shown: Keyed) -> None:
    message, surface = row.surface.message, row.surface
    if message.ephemeral_to:
        return
    reply = row.reply
    entries: list[tuple[str, controls.Click]] = []
    if reply is not None:
        entries.append(("Reply in thread", lambda: reply(message)))
    entries += own.entries(surface, shown.container)
    for spec in surface.workspace.shortcuts():
        if spec.type == "message":
            entries.append((spec.name, _shortcut(surface, spec.callback_id)))
    with ui.element("div").classes("more"), controls.icon_button("more_vert", "More actions"):
        controls.menu(entries)


def _shortcut(surface: MessageSurface, callback_id: str) -> controls.Click:
    async def use() -> None:
        with told():
            await surface.hands.use_message_shortcut(
                surface.channel_id, surface.message.ts, callback_id
            )

    return use
