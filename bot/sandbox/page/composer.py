"""Where does a person write?"""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from bot.sandbox.hands import Hands
from bot.sandbox.model import Channel, CommandSpec, Message
from bot.sandbox.page import controls
from bot.sandbox.page.controls import markup, put
from bot.sandbox.page.mrkdwn import escape
from bot.sandbox.page.surface import told
from bot.sandbox.workspace import Workspace

# Enter that ends a word being composed, as Japanese is typed, sends nothing.
_SEND = "(event) => { if (!event.isComposing) { event.preventDefault(); emit(); } }"


class Composer:
    """The line at the bottom: words, commands and global shortcuts; or a way into the channel."""

    def __init__(self, workspace: Workspace, hands: Callable[[], Hands]) -> None:
        self._workspace = workspace
        self._hands = hands
        self._channel: Channel | None = None
        self._thread_ts: str | None = None
        self._drafts: dict[tuple[str, str], str] = {}
        self._looks: object = None
        self._bar = ui.element("div").classes("join-bar")
        with ui.element("div").classes("composer") as self._box:
            self._reply = ui.element("div").classes("reply-to")
            with ui.element("div").classes("composer-line"):
                self._draw_lightning()
                self._field = ui.textarea().props("autogrow borderless dense").classes("words")
                controls.icon_button("send", "Send", self._send)
            self._offers = put(ui.element("div"), aria_label="Commands").classes("offers")
        self._offers.set_visibility(False)
        self._field.on("keydown.enter.exact", lambda _: self._send(), js_handler=_SEND)
        self._field.on("keydown.escape", lambda _: self.reply(None))
        self._field.on_value_change(self._typed)

    def redraw(self, channel: Channel, name: str) -> None:
        """Show what the person can do in this channel."""
        hands = self._hands()
        is_member = hands.person_id in channel.members
        looks = (channel.id, name, hands.person_id, is_member, channel.is_archived)
        if looks == self._looks:
            return
        self._looks = looks
        self._channel = channel
        self.reply(None)
        can_write = is_member and not channel.is_archived
        self._box.set_visibility(can_write)
        self._bar.set_visibility(not can_write)
        put(self._field, aria_label=f"Message {name}", placeholder=f"Message {name}")
        self._field.update()
        self._field.set_value(self._drafts.get((hands.person_id, channel.id), ""))
        self._draw_bar(channel)

    def reply(self, message: Message | None) -> None:
        """Write next in the thread of this message; None means into the channel."""
        self._thread_ts = (message.thread_ts or message.ts) if message else None
        self._reply.clear()
        self._reply.set_visibility(message is not None)
        if message is None:
            return
        author = self._workspace.people.get(message.user)
        named = f"Replying in a thread to {author.real_name if author else message.user}"
        with self._reply:
            markup(escape(named), tag="span")
            controls.button("Cancel", lambda: self.reply(None), "quiet")
        self.focus()

    def focus(self) -> None:
        """Put the cursor here."""
        self._field.run_method("focus")

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

    def _typed(self) -> None:
        channel = self._channel
        if channel is not None:
            self._drafts[self._hands().person_id, channel.id] = self._field.value or ""
        self._offers.clear()
        matching = self._matching()
        self._offers.set_visibility(bool(matching))
        with self._offers:
            for spec in matching:
                self._offer(spec)

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

    def _offer(self, spec: CommandSpec) -> None:
        def complete() -> None:
            if not (self._field.value or "").startswith(f"{spec.command} "):
                self._field.set_value(f"{spec.command} ")
            self.focus()

        row = put(ui.element("button"), type="button").classes("offer").on("click", complete)
        with row:
            markup(escape(spec.command), tag="strong")
            markup(escape(spec.usage_hint), tag="code")
            markup(escape(spec.description), tag="small")

    async def _send(self) -> None:
        channel, line = self._channel, (self._field.value or "").strip()
        if channel is None or not line:
            return
        offered = self._matching()
        if offered and " " not in line and line not in [spec.command for spec in offered]:
            self._field.set_value(f"{offered[0].command} ")
            return
        thread_ts = self._thread_ts
        self._field.set_value("")
        self.reply(None)
        with told():
            if line.startswith("/"):
                await self._hands().slash(channel.id, line)
            else:
                await self._hands().say(channel.id, line, thread_ts)
