"""How are files added to a message, and how does a message show them?"""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from bot.sandbox import filetypes
from bot.sandbox.files import Taken
from bot.sandbox.model import File
from bot.sandbox.page import controls, picking
from bot.sandbox.page.body import MessageSurface
from bot.sandbox.page.controls import markup, put
from bot.sandbox.page.keyed import Item
from bot.sandbox.page.mrkdwn import escape
from bot.sandbox.page.surface import told

_MOST_FILES = 10


class Attached:
    """The files that go with the next message: a button that adds some, a line that shows them."""

    def __init__(self) -> None:
        self.files: Taken = []
        self._line: ui.element | None = None

    def draw_line(self) -> None:
        """Draw the place where the chosen files are listed."""
        self._line = put(ui.element("div"), role="group", aria_label="Files to send")
        self._line.classes("attached")
        self._line.set_visibility(False)

    def draw_button(self) -> None:
        """Draw the button that opens the browser's chooser."""
        uploader = picking.hidden(self._take)
        picking.opens(controls.icon_button("attach_file", "Attach files"), uploader)

    def taken(self) -> Taken:
        """What is chosen; then nothing is any more."""
        files, self.files = self.files, []
        self._show()
        return files

    async def _take(self, picked: picking.Picked) -> None:
        self.files += picked
        if len(self.files) > _MOST_FILES:
            controls.toast(f"A message holds at most {_MOST_FILES} files.")
        self.files = self.files[:_MOST_FILES]
        self._show()

    def _show(self) -> None:
        if self._line is None:
            return
        self._line.clear()
        self._line.set_visibility(bool(self.files))
        with self._line:
            for number, (name, content) in enumerate(self.files):
                with ui.element("div").classes("file-chip"):
                    markup(escape(name), tag="span").classes("name")
                    markup(escape(spelled(len(content))), tag="small")
                    controls.icon_button("close", f"Remove {name}", self._remover(number))

    def _remover(self, number: int) -> Callable[[], None]:
        def remove() -> None:
            del self.files[number]
            self._show()

        return remove


def items(surface: MessageSurface) -> list[Item]:
    """The message's files, each drawn again only when it changed."""
    files = surface.workspace.files
    shown = [files[file_id] for file_id in surface.message.files if file_id in files]
    return [
        Item(
            f"file {file.id}",
            (file.title, file.is_deleted, file.external_url),
            _drawing(file, surface),
        )
        for file in shown
    ]


def spelled(size: int) -> str:
    """So many bytes, for people."""
    for unit, length in (("MB", 1024 * 1024), ("kB", 1024)):
        if size >= length:
            return f"{size / length:.1f} {unit}"
    return f"{size} bytes" if size != 1 else "1 byte"


def _drawing(file: File, surface: MessageSurface) -> Callable[[], None]:
    return lambda: _draw(file, surface)


def _draw(file: File, surface: MessageSurface) -> None:
    if file.is_deleted:
        markup("This file was deleted.").classes("file gone")
        return
    try:
        address = surface.hands.file_address(file.id)
    except LookupError:
        markup("This file is not for you.").classes("file gone")
        return
    if file.external_id:
        _draw_remote(file)
        return
    with ui.element("div").classes("file"):
        if filetypes.is_picture(file.name):
            with put(ui.element("a"), href=address, target="_blank", rel="noopener"):
                alt = file.alt_txt or file.title
                put(ui.element("img"), src=address, alt=alt).classes("picture")
        with ui.element("div").classes("file-line"):
            put(ui.icon("description"), aria_hidden="true")
            markup(escape(file.title), tag="span").classes("name")
            about = f"{filetypes.pretty(file.name)}, {spelled(len(file.content))}"
            markup(escape(about), tag="small")
            _ways(file, address, surface)


def _draw_remote(file: File) -> None:
    is_link = file.external_url.startswith(("https://", "http://"))
    with ui.element("div").classes("file"), ui.element("div").classes("file-line"):
        put(ui.icon("link"), aria_hidden="true")
        if is_link:
            link = put(markup(escape(file.title), tag="a"), href=file.external_url)
            put(link, target="_blank", rel="noopener").classes("name")
        else:
            markup(escape(file.title), tag="span").classes("name")
        markup("Remote file", tag="small")


def _ways(file: File, address: str, surface: MessageSurface) -> None:
    link = put(ui.element("a"), href=f"{address}?download=1", download=file.name)
    put(link, aria_label=f"Download {file.title}", title="Download").classes("icon-button")
    with link:
        put(ui.icon("download"), aria_hidden="true")
    if file.user == surface.hands.person_id:
        controls.icon_button(
            "delete_outline", f"Delete {file.title}", lambda: _delete(file, surface)
        )


async def _delete(file: File, surface: MessageSurface) -> None:
    if await controls.sure_to_delete("file", surface.reader):
        with told():
            await surface.hands.delete_file(file.id)
