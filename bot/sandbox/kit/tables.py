"""What may tables and charts be?"""

from __future__ import annotations

from collections import Counter

from bot.sandbox import richtext
from bot.sandbox.kinds import Many, Mistake, Mistakes, Number, Real, String, Typed, shape
from bot.sandbox.kit.cards import ID
from bot.sandbox.model import Json
from bot.sandbox.rules.blockkit import limit

_COLUMNS = limit("blocks.data_table.columns")
_CHARACTERS = limit("blocks.data_table.characters")
_SERIES = limit("blocks.data_visualization.series")
_CATEGORIES = limit("blocks.data_visualization.categories")
_LABEL = String(limit("blocks.data_visualization.label"))
_AXIS = String(limit("blocks.data_visualization.axis"), 0)

TABLE = shape(
    {"rows": Many(Many(richtext.CELL, limit("blocks.table.cells")), limit("blocks.table.rows"))},
    {
        **ID,
        "column_settings": Many(richtext.COLUMN, limit("blocks.table.columns"), 0, with_none=True),
    },
)


def _rows(value: Json, pointer: str) -> Mistakes:
    rows = value["rows"]
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            told = f"must have as many cells as the header: {len(rows[0])}"
            yield Mistake(told, f"{pointer}/rows/{index}", ("items", len(rows[0])))
    for column, cell in enumerate(rows[0]):
        if cell["type"] == "rich_text":
            allowed = ["raw_text", "raw_number"]
            told = "unsupported type: rich_text"
            yield Mistake(told, f"{pointer}/rows/0/{column}/type", ("enum", allowed))
    if sum(richtext.characters(cell) for row in rows for cell in row) > _CHARACTERS:
        told = f"must be less than {_CHARACTERS + 1} characters"
        yield Mistake(told, f"{pointer}/rows", ("max_length", _CHARACTERS))
    column = value.get("row_header_column_index") or 0
    if column >= len(rows[0]):
        told = f"must be less than {len(rows[0])}"
        yield Mistake(told, f"{pointer}/row_header_column_index", ("max", len(rows[0]) - 1))


DATA_TABLE = shape(
    {
        "caption": String(),
        "rows": Many(
            Many(richtext.CELL, _COLUMNS),
            limit("blocks.data_table.rows"),
            limit("blocks.data_table.fewest"),
        ),
    },
    {
        **ID,
        "page_size": Number(1, limit("blocks.data_table.page_size")),
        "row_header_column_index": Number(0, _COLUMNS - 1),
    },
    _rows,
)


def _points(value: Json, pointer: str) -> Mistakes:
    names = Counter(series["name"] for series in value["series"])
    categories = value["axis_config"]["categories"]
    for index, series in enumerate(value["series"]):
        here = f"{pointer}/series/{index}"
        if names[series["name"]] > 1:
            yield Mistake("series names must be unique", f"{here}/name", ("unique", True))
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            told = "must have one data point for each category"
            yield Mistake(told, f"{here}/data", ("enum", categories))


_PIE = shape({"segments": Many(shape({"label": _LABEL, "value": Real(above=0)}), _SERIES)})
_PLOT = shape(
    {
        "series": Many(
            shape(
                {
                    "name": _LABEL,
                    "data": Many(shape({"label": _LABEL, "value": Real()}), _CATEGORIES),
                }
            ),
            _SERIES,
        ),
        "axis_config": shape(
            {"categories": Many(_LABEL, _CATEGORIES)}, {"x_label": _AXIS, "y_label": _AXIS}
        ),
    },
    {},
    _points,
)
DATA_VISUALIZATION = shape(
    {
        "title": String(limit("blocks.data_visualization.title")),
        "chart": Typed({"pie": _PIE, "line": _PLOT, "bar": _PLOT, "area": _PLOT}),
    },
    ID,
)
