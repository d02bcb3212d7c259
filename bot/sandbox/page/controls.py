"""How are buttons, menus, words and confirmations drawn?"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

from nicegui import ui

from bot.sandbox.model import Json
from bot.sandbox.page import emoji, mrkdwn
from bot.sandbox.page.mrkdwn import Reader

Drawn = TypeVar("Drawn", bound=ui.element)
Click = Callable[[], Awaitable[None] | None]

# A link into this workspace stays in the page: what it leads to is all that is sent.
_FOLLOW = (
    "(event) => { const link = event.target.closest('a[data-go]');"
    " if (link) { event.preventDefault(); emit(link.dataset.go); } }"
)
# Quasar's menus know no arrow keys, and Tab would leave an open menu behind.
_ARROWS = (
    "(event) => { const tab = event.shiftKey ? -1 : 1;"
    " const step = { ArrowDown: 1, ArrowUp: -1, Tab: tab }[event.key]; if (!step) return;"
    " event.preventDefault();"
    " const all = [...event.currentTarget.querySelectorAll('[role=menuitem]')];"
    " all.at((all.indexOf(document.activeElement) + step) % all.length).focus(); }"
)
# The list inside a select's menu takes the focus of a script, which no listbox may hold.
_PLAIN_LIST = (
    "() => requestAnimationFrame(() => requestAnimationFrame(() => document"
    ".querySelectorAll('.q-virtual-scroll__content[tabindex]')"
    ".forEach((each) => each.removeAttribute('tabindex'))))"
)


def words(text: Json | None) -> str:
    """A text object as plain characters, for names and options."""
    if not text:
        return ""
    plain = str(text.get("text", ""))
    plain = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return emoji.spread(plain)


def text_html(text: Json, reader: Reader) -> str:
    """A text object as safe HTML."""
    if text.get("type") == "mrkdwn":
        return mrkdwn.to_html(str(text.get("text", "")), reader)
    return mrkdwn.escape(words(text)).replace("\n", "<br>")


def markup(safe_html: str, *, tag: str = "div") -> ui.html:
    """HTML this package made itself."""
    return ui.html(safe_html, sanitize=False, tag=tag)


def rich(safe_html: str, go: Callable[[str], Awaitable[None]]) -> ui.html:
    """HTML with links that may lead into this workspace."""
    drawn = markup(safe_html)
    if "data-go=" in safe_html:
        drawn.on("click", lambda event: go(str(event.args)), js_handler=_FOLLOW)
    return drawn


def put(element: Drawn, **attributes: Any) -> Drawn:
    """Set attributes; `aria_label` becomes `aria-label`."""
    for name, value in attributes.items():
        if value is not None and value is not False:
            element.props[name.rstrip("_").replace("_", "-")] = value
    return element


def button(text: str, click: Click, classes: str = "") -> ui.element:
    """A button named by its text; clicks are ignored while one is being answered."""
    drawn = markup(mrkdwn.escape(text), tag="button").classes(f"button {classes}")

    async def click_once() -> None:
        if "aria-busy" in drawn.props:
            return
        put(drawn, aria_busy="true", aria_disabled="true")
        try:
            going_on = click()
            if going_on is not None:
                await going_on
        finally:
            drawn.props.pop("aria-busy", None)
            drawn.props.pop("aria-disabled", None)

    return put(drawn, type="button").on("click", click_once)


def icon_button(icon: str, name: str, click: Click | None = None) -> ui.element:
    """A button with a picture; `name` is what a screen reader says and a pointer shows."""
    drawn = put(ui.element("button"), type="button", aria_label=name, title=name)
    drawn.classes("icon-button")
    if click is not None:
        drawn.on("click", lambda _: click())
    with drawn:
        put(ui.icon(icon), aria_hidden="true")
    return drawn


def plain_list(select: ui.select) -> None:
    """Let those who read by ear find the options right below the list."""
    select.on("popup-show", js_handler=_PLAIN_LIST)


def toast(text: str) -> None:
    """Tell the person something in passing."""
    ui.notify(text, position="bottom-left", timeout=4000)


def menu(entries: list[tuple[str, Click]]) -> None:
    """A menu that opens from the element it is drawn in."""
    chosen: list[Click] = []

    async def act() -> None:
        while chosen:
            done = chosen.pop()()
            if done is not None:
                await done

    with put(ui.menu(), role="menu", transition_duration=0).classes("menu") as drawn:
        for index, (text, click) in enumerate(entries):
            item = ui.menu_item(text, lambda _, click=click: chosen.append(click))
            put(item, role="menuitem", tabindex=0, data_autofocus=index == 0)
    drawn.on("keydown", js_handler=_ARROWS)
    # A closing menu takes the focus back; what was chosen may then move it on.
    drawn.on("hide", act)


@contextlib.contextmanager
def opened(
    title: str, *, name: str = "", close: str = "Close", look: str = "modal"
) -> Iterator[ui.dialog]:
    """A dialog that is open, with its title and a way to close it; once closed it is gone.

    `name` is its accessible name, where the title is not, and `close` that of the way out.
    """
    with put(ui.dialog(value=True), aria_label=name or title).classes("dialog") as dialog:
        dialog.on("hide", dialog.delete)
        with ui.element("div").classes(look):
            with ui.element("div").classes("modal-head"):
                markup(mrkdwn.escape(title), tag="h2")
                icon_button("close", close, dialog.close)
            yield dialog


def leaving(
    dialog: ui.dialog, go: Callable[[str], Awaitable[None]]
) -> Callable[[str], Awaitable[None]]:
    """The same way to go, which closes the dialog first."""

    async def leave(target: str) -> None:
        dialog.close()
        await go(target)

    return leave


async def sure_to_delete(what: str, reader: Reader) -> bool:
    """Ask whether it is to go for good."""
    question: Json = {
        "title": {"type": "plain_text", "text": f"Delete {what}"},
        "text": {"type": "plain_text", "text": f"Delete this {what}? This cannot be undone."},
        "confirm": {"type": "plain_text", "text": "Delete"},
        "deny": {"type": "plain_text", "text": "Cancel"},
        "style": "danger",
    }
    return await confirmed(question, reader)


async def confirmed(confirm: Json | None, reader: Reader) -> bool:
    """Ask first, where the app wants that; True when it does not."""
    if confirm is None:
        return True
    title = words(confirm.get("title")) or "Are you sure?"
    is_risky = confirm.get("style") == "danger"
    with (
        ui.context.client.content,
        put(ui.dialog(), aria_label=title).classes("dialog") as dialog,
        ui.element("div").classes("modal small"),
    ):
        markup(mrkdwn.escape(title), tag="h2")
        markup(text_html(confirm.get("text") or {}, reader)).classes("modal-body")
        with ui.element("div").classes("modal-foot"):
            button(words(confirm.get("deny")) or "Cancel", lambda: dialog.submit(False))
            yes = words(confirm.get("confirm")) or "Yes"
            button(yes, lambda: dialog.submit(True), "danger solid" if is_risky else "primary")
    answer = bool(await dialog)
    dialog.delete()
    return answer
