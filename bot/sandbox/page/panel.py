"""What opens at the right of the channel, and how is it closed?"""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from bot.sandbox.page import controls
from bot.sandbox.page.controls import markup, put
from bot.sandbox.page.mrkdwn import escape


class Panel:
    """A column at the right; on a phone it is over everything, with a way back."""

    def __init__(self, title: str, close: Callable[[], None], classes: str = "") -> None:
        """Draw it closed; `close` is called when the person wants it gone, Escape too."""
        with put(ui.element("aside"), aria_label=title).classes(f"panel {classes}") as self._frame:
            with ui.element("div").classes("panel-head"):
                back = controls.icon_button("arrow_back", "Back", close)
                back.classes("only-phone")
                markup(escape(title), tag="h2")
                self._under = markup("", tag="small")
                controls.icon_button("close", f"Close {title.lower()}", close).classes("not-phone")
            self.body = ui.element("div").classes("panel-body")
        self._frame.on("keydown.escape", lambda _: close())
        self._frame.set_visibility(False)

    def show(self, *, is_open: bool, under: str = "") -> None:
        """Open or close it; `under` stands beside its title."""
        self._frame.set_visibility(is_open)
        self._under.set_content(escape(under))
