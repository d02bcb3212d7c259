"""How does a person see and fill the modal on top?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from nicegui import ui

from bot.sandbox import modals
from bot.sandbox.hands import Hands
from bot.sandbox.model import Json, View
from bot.sandbox.page import blocks, controls
from bot.sandbox.page.controls import markup, put, words
from bot.sandbox.page.keyed import Item, Keyed
from bot.sandbox.page.mrkdwn import Reader, escape
from bot.sandbox.page.surface import seen_file, told
from bot.sandbox.workspace import Workspace

# Enter that ends a word being composed, as Japanese is typed, submits nothing.
_SEND = "(event) => { if (!event.isComposing) emit(); }"
_FOCUS_WRONG = "document.querySelector('.wrong :is(input, textarea, button)')?.focus()"
_FOCUS_LOST = (
    "setTimeout(() => document.activeElement === document.body && document.querySelector("
    "'.modal-body :is(input, textarea, button, a), .modal-foot button')?.focus(), 50)"
)
_ONE_LINE = ("plain_text_input", "email_text_input", "url_text_input", "number_input")


class ViewSurface:
    """A view under a person's hands; what they may not enter is told at the block."""

    def __init__(self, view: View, hands: Hands, workspace: Workspace, reader: Reader) -> None:
        self.workspace = workspace
        self.reader = reader
        self.view = view
        self.go: Callable[[str], Awaitable[None]]
        self._hands = hands
        self._lines: dict[str, ui.label] = {}
        self.refused: dict[str, str] = {}
        self.is_sent = False

    def value(self, block: Json, element: Json) -> Json:
        """What the person has entered so far."""
        return self.view.state.get(block["block_id"], {}).get(element["action_id"], {})

    async def press(self, block: Json, element: Json, choice: Json | None) -> None:
        """Use a button or a select."""
        action = (block["block_id"], element["action_id"])
        await self._hands.press_in_view(self.view.id, *action, choice)

    async def enter(self, block: Json, element: Json, value: Json) -> None:
        """Keep what was entered, or say why it cannot be."""
        block_id = block["block_id"]
        self.refused.pop(block_id, None)
        try:
            self._hands.fill(self.view.id, block_id, element["action_id"], value)
        except ValueError as error:
            self.refused[block_id] = str(error)
        self.show_errors()

    async def suggest(self, block: Json, element: Json, typed: str) -> list[Json]:
        """The options the app offers for what was typed."""
        action = (block["block_id"], element["action_id"])
        try:
            return await self._hands.suggest(self.view.id, *action, typed)
        except LookupError:
            return []  # the view was closed while somebody typed

    async def attach(self, block: Json, element: Json, files: list[tuple[str, bytes]]) -> bool:
        """Put files into a file_input, or say why it does not take them."""
        block_id = block["block_id"]
        self.refused.pop(block_id, None)
        try:
            self._hands.fill_files(self.view.id, block_id, element["action_id"], files)
        except ValueError as error:
            # What it holds stays as it was, so nothing keeps the person from going on.
            self.view.errors[block_id] = str(error)
            self.show_errors()
            return False
        self.show_errors()
        return True

    def file_address(self, file_id: str) -> str:
        """Where the reader's browser finds a file; empty when they may not see it."""
        return seen_file(self._hands, file_id)

    async def submit(self) -> None:
        """Send what was entered; until the app answers it cannot be sent again."""
        self.is_sent = True
        try:
            with told():
                await self._hands.submit(self.view.id)
        finally:
            self.is_sent = False

    def note_errors(self, block_id: str, error: ui.label) -> None:
        """Show errors of this block in this line."""
        self._lines[block_id] = error

    def show_errors(self) -> None:
        """Put each error under its input; inputs the app took away have none."""
        self._lines = {
            block_id: line for block_id, line in self._lines.items() if not line.is_deleted
        }
        self.refused = {
            block_id: told for block_id, told in self.refused.items() if block_id in self._lines
        }
        for block_id, line in self._lines.items():
            told = self.refused.get(block_id) or self.view.errors.get(block_id, "")
            line.set_text(told)
            line.set_visibility(bool(told))
            block = line.parent_slot.parent if line.parent_slot else line
            block.classes(add="wrong") if told else block.classes(remove="wrong")
            for each in block.descendants():
                _mark(each, is_wrong=bool(told))


class Modal:
    """The dialog that shows the top of the person's stack of views."""

    def __init__(self, hands: Hands, workspace: Workspace) -> None:
        self._hands = hands
        self._workspace = workspace
        self._surface: ViewSurface | None = None
        self._head: object = None
        with put(ui.dialog(), no_backdrop_dismiss=True).classes("dialog") as self._dialog:
            self._frame = ui.element("div").classes("modal")
        self._dialog.on_value_change(self._escaped)
        with self._frame:
            self._title = ui.element("div").classes("modal-head")
            self._body = ui.element("form").classes("modal-body").props("novalidate")
            self._trouble = put(ui.label(), role="alert").classes("error trouble")
            self._foot = ui.element("div").classes("modal-foot")
        self._body.on("submit.prevent", lambda _: None)
        self._blocks = Keyed(self._body)

    def sign_in(self, hands: Hands) -> None:
        """Show somebody else's views from now on."""
        self._hands = hands
        self._surface = None

    def redraw(self, reader: Reader, go: Callable[[str], Awaitable[None]]) -> None:
        """Show the view on top, or nothing when there is none."""
        view = self._hands.open_view()
        if view is None:
            self._surface = None
            self._dialog.close()
            return
        if self._surface is None or self._surface.view is not view:
            self._surface = ViewSurface(view, self._hands, self._workspace, reader)
            self._surface.go = self._leaving(go)
            self._blocks.forget()
            self._head = None
        self._surface.reader = reader  # channels may have come into being since it opened
        self._draw_head(view)
        self._draw_blocks(view, self._surface)
        self._surface.show_errors()
        self._trouble.set_text(view.errors.get("", ""))
        self._trouble.set_visibility("" in view.errors)
        self._dialog.open()

    def _draw_head(self, view: View) -> None:
        names = [words(view.content.get(key)) for key in ("title", "submit", "close")]
        head = (view.id, *names)
        if head == self._head:
            return
        self._head = head
        if self._dialog.value:
            self._dialog.client.run_javascript(_FOCUS_LOST)
        title, submit, close = names
        put(self._dialog, aria_label=title)
        self._dialog.update()
        self._title.clear()
        self._foot.clear()
        with self._title:
            if view.previous_id is not None:
                controls.icon_button("arrow_back", "Back", self._close)
            markup(escape(title), tag="h2")
            controls.icon_button("close", "Close all", self._hands.close_all)
        has_submit = view.content.get("submit") is not None
        with self._foot:
            controls.button(close or ("Cancel" if has_submit else "Close"), self._close)
            if has_submit:
                controls.button(submit, self.submit, "primary")

    def _draw_blocks(self, view: View, surface: ViewSurface) -> None:
        every = view.content["blocks"]
        self._let_scroll(is_needed=not any(modals.elements(every)))
        first = next((block for block in every if block["type"] == "input"), None)
        self._blocks.show(
            [
                Item(block["block_id"], block, self._drawing(block, surface, block is first))
                for block in every
            ]
        )

    def _let_scroll(self, *, is_needed: bool) -> None:
        """What is only read is scrolled by keys, too, and for that it has to take the focus."""
        if is_needed == ("tabindex" in self._body.props):
            return
        if is_needed:
            self._body.props["tabindex"] = "0"
        else:
            del self._body.props["tabindex"]
        self._body.update()

    def _drawing(self, block: Json, surface: ViewSurface, is_first: bool) -> Callable[[], None]:
        def draw() -> None:
            blocks.draw(block, surface, autofocus=is_first)
            if _is_one_line(block):
                ui.context.slot.parent.on(
                    "keydown.enter", lambda _: self.submit(), js_handler=_SEND
                )

        return draw

    async def submit(self) -> None:
        """Submit, unless the person entered something that cannot be."""
        surface = self._surface
        if surface is None or surface.is_sent or surface.view.content.get("submit") is None:
            return
        if not surface.refused:
            await surface.submit()
        if surface.refused or surface.view.errors:
            surface.show_errors()
            self._dialog.client.run_javascript(_FOCUS_WRONG)

    async def _close(self) -> None:
        view = self._hands.open_view()
        if view is not None:
            await self._hands.close(view.id)

    async def _escaped(self) -> None:
        if not self._dialog.value and self._surface is not None:
            view, self._surface = self._surface.view, None
            if view is self._hands.open_view():
                await self._hands.close(view.id)

    def _leaving(self, go: Callable[[str], Awaitable[None]]) -> Callable[[str], Awaitable[None]]:
        async def leave(target: str) -> None:
            closing = asyncio.ensure_future(self._hands.close_all())
            await go(target)
            await closing

        return leave


def _mark(element: ui.element, *, is_wrong: bool) -> None:
    if "aria-describedby" not in element.props or ("aria-invalid" in element.props) == is_wrong:
        return
    if is_wrong:
        element.props["aria-invalid"] = "true"
    else:
        del element.props["aria-invalid"]
    element.update()


def _is_one_line(block: Json) -> bool:
    element = block.get("element") or {}
    return (
        element.get("type") in _ONE_LINE
        and not element.get("multiline")
        and not block.get("dispatch_action")
    )
