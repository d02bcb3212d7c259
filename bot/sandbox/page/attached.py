"""How are files given to a modal?"""

from __future__ import annotations

from nicegui import ui

from bot.sandbox.page import controls, picking
from bot.sandbox.page.controls import markup, put
from bot.sandbox.page.mrkdwn import escape
from bot.sandbox.page.surface import Place


class FileInput:
    """One file_input: the files it holds, a button at each to take it out, one to add more."""

    def __init__(self, place: Place) -> None:
        """Draw it with what it holds."""
        self._place = place
        files = place.surface.workspace.files
        kept = [files[each["id"]] for each in place.value().get("files") or []]
        self._held: picking.Picked = [(file.name, file.content) for file in kept]
        self._most = int(place.element.get("max_files") or 10)
        uploader = picking.hidden(self._add)
        self._list = ui.element("ul").classes("held-files")
        self._button = controls.icon_button("attach_file", f"Add files to {place.label}")
        put(self._button, aria_describedby=place.told_by or None, autofocus=place.autofocus)
        self._button.classes("add-files")
        with self._button:
            markup("Add files", tag="span")
        picking.opens(self._button, uploader)
        self._draw([name for name, _ in self._held])

    async def _add(self, picked: picking.Picked) -> None:
        await self._keep([*self._held, *picked])

    def _taking_out(self, index: int) -> controls.Click:
        return lambda: self._keep([*self._held[:index], *self._held[index + 1 :]])

    async def _keep(self, files: picking.Picked) -> None:
        if await self._place.surface.attach(self._place.block, self._place.element, files):
            self._held = files
            self._draw([name for name, _ in files])

    def _draw(self, names: list[str]) -> None:
        self._list.clear()
        with self._list:
            for index, name in enumerate(names):
                with ui.element("li"):
                    markup(escape(name), tag="span")
                    controls.icon_button("close", f"Remove {name}", self._taking_out(index))
        self._list.set_visibility(bool(names))
        self._button.set_visibility(len(names) < self._most)
