"""What may stand in rich text and in the cells of a table?

Numbers and names: docs.slack.dev/reference/block-kit/blocks/{rich-text-block,table-block}.
"""

from __future__ import annotations

from bot.sandbox.kinds import Field, Flag, Kind, Many, Number, Shape, String, Typed

_STYLE = Shape(
    {
        name: Field(Flag())
        for name in (
            "bold",
            "italic",
            "strike",
            "code",
            "underline",
            "highlight",
            "client_highlight",
        )
    }
)
_ANY_LENGTH = String(None, 0)


def _shape(required: dict[str, Kind], optional: dict[str, Kind] | None = None) -> Shape:
    fields = {name: Field(kind, is_required=True) for name, kind in required.items()}
    return Shape(fields | {name: Field(kind) for name, kind in (optional or {}).items()})


_STYLED: dict[str, Kind] = {"style": _STYLE}
_LEAVES = Typed(
    {
        "text": _shape({"text": String()}, _STYLED),
        "link": _shape({"url": String()}, {"text": _ANY_LENGTH, "unsafe": Flag(), **_STYLED}),
        "user": _shape({"user_id": String()}, _STYLED),
        "usergroup": _shape({"usergroup_id": String()}, _STYLED),
        "team": _shape({"team_id": String()}, _STYLED),
        "channel": _shape({"channel_id": String()}, _STYLED),
        "emoji": _shape(
            {"name": String()}, {"unicode": String(), "skin_tone": Number(1, 6), **_STYLED}
        ),
        "broadcast": _shape({"range": String(one_of=("here", "channel", "everyone"))}, _STYLED),
        "color": _shape({"value": String()}, _STYLED),
        "date": _shape(
            {"timestamp": Number(), "format": String()},
            {"url": String(), "fallback": String(), **_STYLED},
        ),
    }
)
_MOST = 3000  # undocumented; far above what 12,000 characters of a message can hold usefully
_SECTION = _shape({"elements": Many(_LEAVES, _MOST, 0)})

ELEMENTS = Many(
    Typed(
        {
            "rich_text_section": _SECTION,
            "rich_text_quote": _shape(
                {"elements": Many(_LEAVES, _MOST, 0)}, {"border": Number(0, 1)}
            ),
            "rich_text_preformatted": _shape(
                {"elements": Many(_LEAVES, _MOST, 0)},
                {"border": Number(0, 1), "language": String()},
            ),
            "rich_text_list": _shape(
                {
                    "style": String(one_of=("bullet", "ordered")),
                    "elements": Many(Typed({"rich_text_section": _SECTION}), _MOST, 0),
                },
                {"indent": Number(0, 8), "offset": Number(), "border": Number(0, 1)},
            ),
        }
    ),
    _MOST,
    0,
)
BLOCK = Typed({"rich_text": _shape({"elements": ELEMENTS}, {"block_id": String(255)})})
CELL = Typed(
    {"raw_text": _shape({"text": _ANY_LENGTH}), "rich_text": _shape({"elements": ELEMENTS})}
)
COLUMN = _shape({}, {"align": String(one_of=("left", "center", "right")), "is_wrapped": Flag()})
FILE = _shape({}, {"id": String(), "url": String()})
