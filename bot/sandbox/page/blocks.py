"""How is each Block Kit block drawn?"""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from bot.sandbox.model import Json
from bot.sandbox.page import cards, elements, fields, media, richtext, tables
from bot.sandbox.page.controls import markup, put, rich, text_html, words
from bot.sandbox.page.mrkdwn import escape
from bot.sandbox.page.surface import Place, Surface


def draw(block: Json, surface: Surface, *, autofocus: bool = False) -> None:
    """Draw one block; one that is not known is shown as its words and its type."""
    kind = str(block.get("type"))
    with ui.element("div").classes(f"kit kit-{kind}"):
        if kind == "input":
            _input(block, surface, autofocus)
        elif kind in _DRAWN:
            _DRAWN[kind](block, surface)
        else:
            elements.unknown(block)


def _header(block: Json, surface: Surface) -> None:
    level = max(int(block.get("level") or 2), 2)  # the channel's name is the h1
    markup(text_html(block["text"], surface.reader), tag=f"h{level}").classes("header")


def _section(block: Json, surface: Surface) -> None:
    with ui.element("div").classes("section-main"):
        if block.get("text"):
            rich(text_html(block["text"], surface.reader), surface.go)
        if block.get("fields"):
            with ui.element("div").classes("fields"):
                for field in block["fields"]:
                    rich(text_html(field, surface.reader), surface.go)
    if block.get("accessory"):
        with ui.element("div").classes("accessory"):
            label = words(block.get("text")).strip("*").split("\n")[0]
            elements.draw(Place(surface, block, block["accessory"], label))


def _context(block: Json, surface: Surface) -> None:
    for part in block["elements"]:
        if part.get("type") == "image":
            elements.draw(Place(surface, block, part))
        else:
            rich(text_html(part, surface.reader), surface.go)


def _divider(_block: Json, _surface: Surface) -> None:
    ui.element("hr")


def _actions(block: Json, surface: Surface) -> None:
    for element in block["elements"]:
        elements.draw(Place(surface, block, element, words(element.get("placeholder"))))


def _rich_text(block: Json, surface: Surface) -> None:
    rich(richtext.to_html(block, surface.reader), surface.go)


def _container(block: Json, surface: Surface) -> None:
    frame = ui.element("details" if block.get("is_collapsible") else "div").classes("container")
    if block.get("is_collapsible") and not block.get("default_collapsed"):
        put(frame, open=True)
    with frame:
        with ui.element("summary" if block.get("is_collapsible") else "div").classes("card-head"):
            cards.container_head(block, surface)
        for child in block["child_blocks"]:
            draw(child, surface)


def _input(block: Json, surface: Surface, autofocus: bool) -> None:
    element, label = block["element"], words(block["label"])
    optional = ' <span class="optional">(optional)</span>' if block.get("optional") else ""
    markup(escape(label) + optional).classes("label")
    middle = ui.element("div")
    notes = (words(block.get("hint")), fields.note(element, surface.reader.zone))
    hint = markup("<br>".join(escape(note) for note in notes if note)).classes("hint")
    hint.set_visibility(any(notes))
    error = put(ui.label(), role="alert").classes("error")
    error.set_visibility(False)
    told_by = f"{hint.html_id} {error.html_id}" if any(notes) else error.html_id
    with middle:
        elements.draw(Place(surface, block, element, label, autofocus, told_by))
    surface.note_errors(block["block_id"], error)


_DRAWN: dict[str, Callable[[Json, Surface], None]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "divider": _divider,
    "actions": _actions,
    "context_actions": _actions,
    "container": _container,
    "rich_text": _rich_text,
    "image": media.image,
    "video": media.video,
    "call": media.call,
    "file": media.file,
    "markdown": media.markdown,
    "table": tables.table,
    "data_table": tables.data_table,
    "data_visualization": tables.chart,
    "card": cards.card,
    "carousel": cards.carousel,
    "plan": cards.plan,
    "task_card": cards.task_card,
    "alert": cards.alert,
    "auth_provider": cards.auth_provider,
}
