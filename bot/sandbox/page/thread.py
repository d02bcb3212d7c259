"""How does a person read and answer a thread?"""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from bot.sandbox.hands import Hands
from bot.sandbox.model import Channel, Message
from bot.sandbox.page import own, stream
from bot.sandbox.page.composer import Composer
from bot.sandbox.page.log import Log, Surfaces
from bot.sandbox.page.panel import Panel
from bot.sandbox.workspace import Workspace


class ThreadPanel:
    """A message and what was replied to it, at the right of its channel."""

    def __init__(
        self, workspace: Workspace, hands: Callable[[], Hands], changed: Callable[[], None]
    ) -> None:
        """Draw it closed; `changed` is called when the person closes it."""
        self.root_ts = ""
        self.drafts: dict[str, str] = {}
        self._changed = changed
        self._panel = Panel("Thread", self.close)
        with self._panel.body:
            self._log = Log(None)
            self._composer = Composer(workspace, hands)

    def open(self, root_ts: str, marked: str = "") -> None:
        """Show the thread that begins with this message; `marked` is a reply to bring in sight."""
        if self.root_ts != root_ts:
            self._log.forget()
            self.drafts.clear()
        self.root_ts, self._log.marked = root_ts, marked

    def close(self) -> None:
        """Show none."""
        if not self.root_ts:
            return
        ui.run_javascript(own.FOCUS.format(ts=self.root_ts))
        self.root_ts = ""
        self._changed()

    def focus(self) -> None:
        """Let the person write a reply."""
        self._composer.focus()

    def scroll_to_marked(self) -> None:
        """Bring the marked reply into sight."""
        self._log.scroll_to_marked()

    def redraw(
        self, channel: Channel, name: str, messages: list[Message], surface: Surfaces
    ) -> None:
        """Show the thread as it is now; without its first message it closes."""
        root = next((each for each in messages if each.ts == self.root_ts), None)
        if root is None:
            self.root_ts = ""
        self._panel.show(is_open=root is not None, under=name)
        if root is None:
            return
        below = stream.replies(messages).get(root.ts, [])
        lines = list(stream.thread_lines(root, below))
        self._log.redraw(channel, f"Thread in {name}", lines, surface)
        self._composer.redraw(channel, name, root.ts)
