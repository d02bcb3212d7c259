"""How are cards, plans, alerts and sign-ins drawn?"""

from __future__ import annotations

from nicegui import ui

from bot.sandbox.model import Json
from bot.sandbox.page import elements, mrkdwn, richtext
from bot.sandbox.page.controls import markup, put, rich, text_html, words
from bot.sandbox.page.mrkdwn import escape
from bot.sandbox.page.surface import Place, Surface

_STATES = {  # the icon, and what a screen reader says
    "pending": ("radio_button_unchecked", "To do"),
    "in_progress": ("pending", "Under way"),
    "complete": ("check_circle", "Done"),
    "error": ("error", "Failed"),
}
_LEVELS = {
    "default": ("info", "Note"),
    "info": ("info", "Note"),
    "warning": ("warning", "Warning"),
    "error": ("error", "Error"),
    "success": ("check_circle", "Success"),
}


def card(block: Json, surface: Surface) -> None:
    """One card: pictures, titles, words and buttons."""
    with ui.element("div").classes("card"):
        if block.get("hero_image"):
            elements.draw(Place(surface, block, block["hero_image"]))
        with ui.element("div").classes("card-head"):
            if block.get("icon"):
                elements.draw(Place(surface, block, block["icon"]))
            with ui.element("div"):
                _text(block.get("title"), surface, "card-title")
                _text(block.get("subtitle"), surface, "hint")
        _text(block.get("body"), surface, "")
        if block.get("actions"):
            with ui.element("div").classes("kit-actions"):
                for element in block["actions"]:
                    elements.draw(Place(surface, block, element))


def carousel(block: Json, surface: Surface) -> None:
    """Cards beside each other; the rest is reached by scrolling."""
    count = len(block["elements"])
    line = put(ui.element("div"), role="region", tabindex=0, aria_label=f"{count} cards")
    with line.classes("carousel"):
        for each in block["elements"]:
            card(each, surface)


def plan(block: Json, surface: Surface) -> None:
    """A title and what is to be done."""
    title = block["title"]
    markup(escape(title if isinstance(title, str) else words(title))).classes("card-title")
    with ui.element("ul").classes("tasks"):
        for task in block.get("tasks") or []:
            with ui.element("li"):
                task_card(task, surface)


def task_card(block: Json, surface: Surface) -> None:
    """One thing to do: how far it is, what it is about, what came of it."""
    state = str(block.get("status") or "pending")
    with ui.element("div").classes(f"task is-{state}"):
        _sign(*_STATES[state])
        markup(escape(block["title"]), tag="span")
    for name in ("details", "output"):
        if block.get(name):
            shown = rich(richtext.to_html(block[name], surface.reader), surface.go)
            shown.classes("task-more")
    links = [_source(each, surface) for each in block.get("sources") or []]
    if links:
        rich(" · ".join(links), surface.go).classes("task-more")


def alert(block: Json, surface: Surface) -> None:
    """Words that stand out."""
    level = str(block.get("level") or "default")
    with ui.element("div").classes(f"alert is-{level}"):
        _sign(*_LEVELS[level])
        rich(text_html(block["text"], surface.reader), surface.go)


def auth_provider(block: Json, surface: Surface) -> None:
    """A service one can be signed in to."""
    is_connected = block["is_connected"]
    with ui.element("div").classes("card"):
        _text(block["name"], surface, "card-title")
        for name in ("description", "connected_identity", "connected_context"):
            _text(block.get(name), surface, "hint")
        url = str(block.get("disconnect_url" if is_connected else "auth_url") or "")
        way = mrkdwn.link(url, "Disconnect" if is_connected else "Connect", surface.reader)
        rich(f"{'Connected' if is_connected else 'Not connected'} · {way}", surface.go)
        if block.get("accessory"):
            elements.draw(Place(surface, block, block["accessory"], words(block["name"])))


def container_head(block: Json, surface: Surface) -> None:
    """What stands above the blocks in a container."""
    if block.get("icon"):
        elements.draw(Place(surface, block, block["icon"]))
    with ui.element("div"):
        if block.get("rich_text_title"):
            html = richtext.to_html(block["rich_text_title"], surface.reader)
            rich(html, surface.go).classes("card-title")
        else:
            _text(block.get("title"), surface, "card-title")
        _text(block.get("subtitle"), surface, "hint")


def _text(text: Json | None, surface: Surface, look: str) -> None:
    if text:
        rich(text_html(text, surface.reader), surface.go).classes(look)


def _source(source: Json, surface: Surface) -> str:
    return mrkdwn.link(str(source["url"]), escape(source["text"]), surface.reader)


def _sign(icon: str, meaning: str) -> None:
    put(ui.icon(icon), role="img", aria_hidden="false", aria_label=meaning, title=meaning)
