"""Where does a person write?"""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from bot.sandbox.hands import Hands
from bot.sandbox.model import Channel, CommandSpec
from bot.sandbox.page import controls, focus
from bot.sandbox.page.attachments import Attached
from bot.sandbox.page.controls import markup, put
from bot.sandbox.page.mrkdwn import escape
from bot.sandbox.page.surface import told
from bot.sandbox.workspace import Workspace

# Enter that ends a word being composed, as Japanese is typed, sends nothing.
_SEND = "(event) => { if (!event.isComposing) { event.preventDefault(); emit(); } }"
# In an open list of commands the arrows walk, elsewhere they move the cursor as always.
_WALK = (
    "(event) => { const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];"
    " if (!step || !event.target.value.startsWith('/')) return;"
    " event.preventDefault(); emit(step); }"
)
# Escape closes the list of commands first, then whatever the line stands in.
_ESCAPE = (
    "(event) => { if (event.target.hasAttribute('aria-activedescendant'))"
    " { event.stopPropagation(); emit(); } }"
)


class Composer:
    """The line at the bottom: words, commands and global shortcuts; or a way into the channel.

    It writes into a channel, or into one of its threads.
    """

    def __init__(self, workspace: Workspace, hands: Callable[[], Hands]) -> None:
        self._workspace = workspace
        self._hands = hands
        self._channel: Channel | None = None
        self._thread_ts: str | None = None
        self._drafts: dict[tuple[str, str, str | None], str] = {}
        self._chosen = 0
        self._attached = Attached()
        self._looks: object = None
        self._bar = ui.element("div").classes("join-bar")
        with ui.element("div").classes("composer") as self._box:
            self._attached.draw_line()
            with ui.element("div").classes("composer-line"):
                self._draw_lightning()
                self._attached.draw_button()
                self._field = ui.textarea().props("autogrow borderless dense").classes("words")
                controls.icon_button("send", "Send", self._send)
            self._also = ui.checkbox().props("dense").classes("also")
            self._offers = put(ui.element("div"), role="listbox", aria_label="Commands")
            self._offers.classes("offers")
        self._offers.set_visibility(False)
        self._field.on("keydown.enter.exact", lambda _: self._send(), js_handler=_SEND)
        self._field.on("keydown.escape", self._leave_offers, js_handler=_ESCAPE)
        self._field.on("keydown", lambda event: self._walk(int(event.args)), js_handler=_WALK)
        self._field.on_value_change(self._typed)

    def redraw(self, channel: Channel, name: str, thread_ts: str | None = None) -> None:
        """Show what the person can do in this channel, or in this thread of it."""
        hands = self._hands()
        is_member = hands.person_id in channel.members
        place = (channel.id, thread_ts, name)
        looks = (place, hands.person_id, is_member, channel.is_archived)
        if looks == self._looks:
            return
        self._looks = looks
        self._channel, self._thread_ts = channel, thread_ts
        can_write = is_member and not channel.is_archived
        self._box.set_visibility(can_write)
        self._bar.set_visibility(not can_write)
        label = "Reply in thread" if thread_ts else f"Message {name}"
        put(self._field, aria_label=label, placeholder=label)
        self._field.update()
        self._also.set_text(f"Also send to {name}")
        self._also.set_value(False)
        self._also.set_visibility(thread_ts is not None)
        self._field.set_value(self._drafts.get(self._draft_key(channel), ""))
        self._draw_bar(channel)

    def focus(self) -> None:
        """Put the cursor here."""
        self._field.run_method("focus")

    def focus_on_arrival(self) -> None:
        """Put the cursor here for who came into the channel, but on a phone."""
        self._field.client.run_javascript(focus.unless_touched(self._field.id))

    def _draw_bar(self, channel: Channel) -> None:
        self._bar.clear()
        with self._bar:
            if channel.is_archived:
                markup("This channel is archived.", tag="span")
                return
            markup(f"You are looking at <strong>#{escape(channel.name)}</strong>.", tag="span")
            join = controls.button("Join", lambda: self._join(channel), "primary")
            put(join, aria_label=f"Join #{channel.name}")

    async def _join(self, channel: Channel) -> None:
        with told():
            await self._hands().join(channel.id)

    def _draw_lightning(self) -> None:
        with controls.icon_button("bolt", "Shortcuts"):
            controls.menu(
                [
                    (spec.name, self._shortcut(spec.callback_id))
                    for spec in self._workspace.shortcuts()
                    if spec.type == "global"
                ]
            )

    def _shortcut(self, callback_id: str) -> controls.Click:
        async def use() -> None:
            with told():
                await self._hands().use_shortcut(callback_id)

        return use

    def _draft_key(self, channel: Channel) -> tuple[str, str, str | None]:
        return (self._hands().person_id, channel.id, self._thread_ts)

    def _typed(self) -> None:
        channel = self._channel
        if channel is not None:
            self._drafts[self._draft_key(channel)] = self._field.value or ""
        self._chosen = 0
        self._show_offers(self._matching())

    def _show_offers(self, matching: list[CommandSpec]) -> None:
        self._offers.clear()
        self._offers.set_visibility(bool(matching))
        chosen = None
        with self._offers:
            for number, spec in enumerate(matching):
                row = self._offer(spec, is_chosen=number == self._chosen)
                chosen = row if number == self._chosen else chosen
        self._field.props.pop("aria-activedescendant", None)
        put(self._field, aria_activedescendant=f"c{chosen.id}" if chosen else None).update()

    def _leave_offers(self) -> None:
        self._show_offers([])

    def _walk(self, step: int) -> None:
        matching = self._matching()
        if matching:
            self._chosen = (self._chosen + step) % len(matching)
            self._show_offers(matching)

    def _matching(self) -> list[CommandSpec]:
        typed = self._field.value or ""
        if not typed.startswith("/"):
            return []
        command, space, _ = typed.partition(" ")
        return [
            spec
            for spec in self._workspace.command_names()
            if (spec.command == command if space else spec.command.startswith(command))
        ]

    def _offer(self, spec: CommandSpec, *, is_chosen: bool) -> ui.element:
        row = put(ui.element("div"), role="option", aria_selected=str(is_chosen).lower())
        row.classes("offer").on("click", lambda _: self._complete(spec))
        with row:
            markup(escape(spec.command), tag="strong")
            markup(escape(spec.usage_hint), tag="code")
            markup(escape(spec.description), tag="small")
        return row

    def _complete(self, spec: CommandSpec) -> None:
        if not (self._field.value or "").startswith(f"{spec.command} "):
            self._field.set_value(f"{spec.command} ")
        self.focus()

    async def _send(self) -> None:
        channel, line = self._channel, (self._field.value or "").strip()
        if channel is None or not (line or self._attached.files):
            return
        offered = self._matching()
        if offered and " " not in line and line not in [spec.command for spec in offered]:
            self._complete(offered[min(self._chosen, len(offered) - 1)])
            return
        self._field.set_value("")
        is_for_all = bool(self._also.value)
        self._also.set_value(False)
        with told():
            if files := self._attached.taken():
                await self._hands().attach(channel.id, files, line, self._thread_ts, is_for_all)
            elif line.startswith("/"):
                await self._hands().slash(channel.id, line, self._thread_ts)
            else:
                await self._hands().say(channel.id, line, self._thread_ts, is_for_all)
