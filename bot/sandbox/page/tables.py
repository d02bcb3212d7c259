"""How are tables drawn, and charts, whose numbers are a table too?"""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from bot.sandbox.model import Json
from bot.sandbox.page import controls, richtext
from bot.sandbox.page.controls import markup, put, rich
from bot.sandbox.page.mrkdwn import Reader, escape
from bot.sandbox.page.surface import Surface


def table(block: Json, surface: Surface) -> None:
    """A table; its first row names the columns."""
    settings = [each or {} for each in block.get("column_settings") or []]
    looks = [_looks(setting) for setting in settings]
    _scrolled("Table", _html(block["rows"], surface.reader, looks), surface)


def data_table(block: Json, surface: Surface) -> None:
    """A table with a caption; what is more than a page of it is a button away."""
    DataTable(block, surface)


def chart(block: Json, surface: Surface) -> None:
    """What a chart shows: its title, and its numbers."""
    drawn = block["chart"]
    kind = f"{drawn['type']} chart"
    title = f"{escape(block['title'])} <small>{escape(kind)}</small>"
    markup(title).classes("chart-title")
    rows = _segments(drawn) if drawn["type"] == "pie" else _series(drawn)
    _scrolled(block["title"], _html(rows, surface.reader, (), is_headed=True), surface)


class DataTable:
    """One page of a long table."""

    def __init__(self, block: Json, surface: Surface) -> None:
        """Draw the first page."""
        self._block, self._surface = block, surface
        self._at = 0
        self._size = int(block.get("page_size") or len(block["rows"]))
        markup(escape(block["caption"])).classes("chart-title")
        self._place = ui.element("div")
        self._draw()

    def _draw(self) -> None:
        head, *rows = self._block["rows"]
        shown = [head, *rows[self._at : self._at + self._size]]
        named = self._block.get("row_header_column_index")
        html = _html(shown, self._surface.reader, (), named_by=named)
        with self._place:
            _scrolled(self._block["caption"], html, self._surface)
            if len(rows) > self._size:
                self._foot(len(rows))

    def _foot(self, count: int) -> None:
        last = min(self._at + self._size, count)
        with ui.element("div").classes("pages"):
            markup(f"{self._at + 1} to {last} of {count}", tag="small")
            if self._at:
                controls.button("Previous", lambda: self._turn(-self._size), "quiet")
            if last < count:
                controls.button("Next", lambda: self._turn(self._size), "quiet")

    def _turn(self, by: int) -> None:
        self._at = max(self._at + by, 0)
        self._place.clear()
        self._draw()


def _scrolled(name: str, html: str, surface: Surface) -> None:
    # It may be wider than a phone: then the keyboard has to reach it.
    with put(ui.element("div"), role="region", aria_label=name, tabindex=0).classes("scrolled"):
        rich(f"<table>{html}</table>", surface.go)


def _html(
    rows: Sequence[Sequence[Json]],
    reader: Reader,
    looks: Sequence[str],
    *,
    named_by: int | None = None,
    is_headed: bool = False,
) -> str:
    first = 0 if is_headed else named_by
    lines = []
    for number, row in enumerate(rows):
        cells = []
        for column, cell in enumerate(row):
            style = looks[column] if column < len(looks) else ""
            cells.append(_cell(cell, reader, style, _scope(number, column == first)))
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<thead>{lines[0]}</thead><tbody>{''.join(lines[1:])}</tbody>"


def _scope(row: int, is_name: bool) -> str:
    if row == 0:
        return "col"
    return "row" if is_name else ""


def _cell(cell: Json, reader: Reader, style: str, scope: str) -> str:
    names = [style, "number" if cell["type"] == "raw_number" and "align" not in style else ""]
    look = " ".join(filter(None, names))
    if cell["type"] == "rich_text":
        inner = richtext.to_html(cell, reader)
    else:
        inner = escape(str(cell.get("text") or cell.get("value", "")))
    tag, more = ("th", f' scope="{scope}"') if scope and inner else ("td", "")
    return f'<{tag}{more} class="{look}">{inner}</{tag}>'


def _looks(setting: Json) -> str:
    align = {"center": "align-center", "right": "align-right"}.get(setting.get("align", ""), "")
    return f"{align} {'wrapped' if setting.get('is_wrapped') else ''}".strip()


def _words(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def _number(value: float) -> Json:
    return {"type": "raw_number", "value": value}


def _segments(drawn: Json) -> list[list[Json]]:
    rows = [[_words(each["label"]), _number(each["value"])] for each in drawn["segments"]]
    return [[_words("Segment"), _words("Value")], *rows]


def _series(drawn: Json) -> list[list[Json]]:
    axes = drawn["axis_config"]
    of = [{point["label"]: point["value"] for point in each["data"]} for each in drawn["series"]]
    names = [_words(_with(each["name"], axes.get("y_label"))) for each in drawn["series"]]
    rows = [
        [_words(category), *(_number(points.get(category, 0)) for points in of)]
        for category in axes["categories"]
    ]
    return [[_words(axes.get("x_label") or "Category"), *names], *rows]


def _with(name: str, unit: str | None) -> str:
    return f"{name} ({unit})" if unit else name
