"""What can a person do to a message from its menu, besides answering it?"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from html import unescape

from nicegui import ui

from bot.sandbox.page import controls, emoji
from bot.sandbox.page.body import MessageSurface
from bot.sandbox.page.controls import markup, put
from bot.sandbox.page.surface import told

_COMMON = ("eyes", "white_check_mark", "+1", "pray", "warning", "rotating_light")
_MENTION = re.compile(r"<@(\w+)>")
_BROADCAST = re.compile(r"<!(here|channel|everyone)>")
_NAMED = re.compile(r"<!subteam\^\w+\|(@[^>]+)>")
_CHANNEL = re.compile(r"<#(\w+)(?:\|([^>]*))?>")
_LINK = re.compile(r"<(?:mailto:|tel:)?([^|>@#!][^|>]*)(?:\|[^>]*)?>")
# A message stands there again only when the browser has drawn it.
FOCUS = "setTimeout(() => document.querySelector('[data-ts=\"{ts}\"]')?.focus(), 80)"
# Enter that ends a word being composed, as Japanese is typed, sends nothing.
_SEND = "(event) => { if (!event.isComposing) { event.preventDefault(); emit(); } }"


def entries(surface: MessageSurface, shown: ui.element) -> list[tuple[str, controls.Click]]:
    """React for everybody, edit and delete for the author; `shown` gives way to the editor."""
    message = surface.message
    can_change = message.user == surface.reader.person_id and not message.subtype
    is_pinned = message.ts in surface.workspace.channels[surface.channel_id].pins
    named: list[tuple[str, controls.Click]] = [("Add reaction", lambda: _pick(surface))]
    named.append(("Unpin" if is_pinned else "Pin to channel", lambda: _pin(surface, is_pinned)))
    if can_change:
        named.append(("Edit message", lambda: _edit(surface, shown)))
        named.append(("Delete message", lambda: _delete(surface)))
    return named


def typed_again(text: str, handles: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """What a person would type to write this stored text; both names are by id."""
    plain = _MENTION.sub(lambda found: f"@{handles.get(found[1], found[1])}", text)
    named = _NAMED.sub(r"\1", _BROADCAST.sub(r"@\1", plain))
    placed = _CHANNEL.sub(lambda found: f"#{channels.get(found[1]) or found[2] or found[1]}", named)
    return unescape(_LINK.sub(r"\1", placed))


def go_on(surface: MessageSurface, shown: ui.element) -> None:
    """Open the editor again, with what was typed, after its row was drawn anew."""
    if surface.message.ts in surface.drafts:
        _edit(surface, shown)


def _edit(surface: MessageSurface, shown: ui.element) -> None:
    shown.set_visibility(False)
    ts = surface.message.ts
    handles = {person.id: person.name for person in surface.workspace.people.values()}
    first = typed_again(surface.message.text, handles, surface.reader.channels)
    if shown.parent_slot is None:
        return
    with shown.parent_slot, ui.element("div").classes("editor") as editor:
        field = (
            ui.textarea(value=surface.drafts.setdefault(ts, first))
            .props("autogrow outlined dense autofocus")
            .classes("field")
        )
        put(field, aria_label="Edit message")
        field.on_value_change(lambda event: surface.drafts.update({ts: event.value or ""}))

        def stop() -> None:
            surface.drafts.pop(ts, None)
            editor.delete()
            shown.set_visibility(True)
            ui.run_javascript(FOCUS.format(ts=ts))

        async def save() -> None:
            words = (field.value or "").strip()
            stop()
            if words and words != first:
                with told():
                    await surface.hands.edit(surface.channel_id, surface.message.ts, words)

        field.on("keydown.enter.exact", save, js_handler=_SEND)
        field.on("keydown.escape.stop", stop)
        _foot(stop, save)
    field.run_method("focus")


def _foot(stop: controls.Click, save: controls.Click) -> None:
    with ui.element("div").classes("editor-foot"):
        controls.button("Cancel", stop, "quiet")
        controls.button("Save", save, "primary")


async def _delete(surface: MessageSurface) -> None:
    if await controls.sure_to_delete("message", surface.reader):
        with told():
            await surface.hands.delete(surface.channel_id, surface.message.ts)


async def _pin(surface: MessageSurface, is_pinned: bool) -> None:
    act = surface.hands.unpin if is_pinned else surface.hands.pin
    with told():
        await act(surface.channel_id, surface.message.ts)


def _pick(surface: MessageSurface) -> None:
    with (
        ui.context.client.content,
        put(ui.dialog(value=True), aria_label="Add reaction").classes("dialog") as dialog,
    ):
        dialog.on("hide", dialog.delete)

        async def react(name: str) -> None:
            dialog.close()
            if name.strip(": "):
                with told():
                    named = name.strip(": ")
                    await surface.hands.react(surface.channel_id, surface.message.ts, named)

        with ui.element("div").classes("modal small"):
            markup("Add reaction", tag="h2")
            with ui.element("div").classes("reactions"):
                for name in _COMMON:
                    _chip(name, react)
            field = ui.input(placeholder="Emoji name, such as tada").classes("field")
            put(field.props("outlined dense"), aria_label="Emoji name")
            field.on("keydown.enter", lambda _: react(field.value or ""))


def _chip(name: str, react: Callable[[str], Awaitable[None]]) -> None:
    chip = controls.button(emoji.drawn(name), lambda: react(name), "chip")
    put(chip, aria_label=name)
