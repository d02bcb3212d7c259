"""How does a person see the app's Home, and get from it to the app's messages?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from bot.sandbox.hands import Hands
from bot.sandbox.model import Json
from bot.sandbox.page import blocks, controls
from bot.sandbox.page.controls import markup, put
from bot.sandbox.page.keyed import Item, Keyed
from bot.sandbox.page.modal import ViewSurface
from bot.sandbox.page.mrkdwn import Reader, escape
from bot.sandbox.workspace import Workspace

Go = Callable[[str], Awaitable[None]]
_EMPTY = "The app has not published its Home to you yet."


class AppTabs:
    """Home and Messages, above what the app shows."""

    def __init__(self, name: str, open_home: controls.Click, open_messages: controls.Click) -> None:
        self._tabs: dict[bool, ui.element] = {}
        with put(ui.element("div"), role="tablist", aria_label=name).classes("tabs") as self._line:
            for is_home, text, click in (
                (True, "Home", open_home),
                (False, "Messages", open_messages),
            ):
                self._tabs[is_home] = put(controls.button(text, click, "tab"), role="tab")

    def redraw(self, *, is_shown: bool, is_home: bool) -> None:
        """Mark the tab one is on."""
        self._line.set_visibility(is_shown)
        for of_home, tab in self._tabs.items():
            put(tab, aria_selected="true" if of_home == is_home else "false").update()


class Home:
    """The view the app published to this person."""

    def __init__(self, workspace: Workspace, unfold: controls.Click) -> None:
        self._workspace = workspace
        self._surface: ViewSurface | None = None
        with put(ui.element("div"), role="tabpanel", aria_label="Home").classes("home") as frame:
            with ui.element("div").classes("channel-head"):
                controls.icon_button("menu", "Open sidebar", unfold).classes("only-phone")
                markup(escape(workspace.app.name), tag="h1")
            self.tabs_place = ui.element("div")
            self._empty = markup(_EMPTY).classes("hint home-body")
            self._blocks = Keyed(ui.element("div").classes("home-body"))
        self._frame = frame

    def redraw(self, hands: Hands, reader: Reader, go: Go, *, is_shown: bool) -> None:
        """Show this person's Home as it is now, or nothing."""
        self._frame.set_visibility(is_shown)
        view = self._workspace.homes.get(hands.person_id)
        self._empty.set_visibility(view is None)
        if view is None or not is_shown:
            self._surface = None
            self._blocks.forget()
            return
        if self._surface is None or self._surface.view is not view:
            self._blocks.forget()
            self._surface = ViewSurface(view, hands, self._workspace, reader)
            self._surface.go = go
        surface = self._surface
        surface.reader = reader
        self._blocks.show(
            [
                Item(block["block_id"], (block, reader.looks()), _drawing(block, surface))
                for block in view.content["blocks"]
            ]
        )
        surface.show_errors()


def _drawing(block: Json, surface: ViewSurface) -> Callable[[], None]:
    return lambda: blocks.draw(block, surface)
