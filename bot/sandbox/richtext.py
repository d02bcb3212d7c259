"""What may stand in rich text and in the cells of a table?

Numbers and names: docs.slack.dev/reference/block-kit/blocks/{rich-text-block,table-block}.
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.kinds import Field, Flag, Kind, Many, Number, Real, Shape, String, Typed, shape

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
            "unlink",
        )
    }
)
_ANY_LENGTH = String(None, 0)


_STYLED: dict[str, Kind] = {"style": _STYLE}
_LEAVES = Typed(
    {
        "text": shape({"text": String()}, _STYLED),
        "link": shape({"url": String()}, {"text": _ANY_LENGTH, "unsafe": Flag(), **_STYLED}),
        "user": shape({"user_id": String()}, _STYLED),
        "usergroup": shape({"usergroup_id": String()}, _STYLED),
        "team": shape({"team_id": String()}, _STYLED),
        "channel": shape({"channel_id": String()}, _STYLED),
        "emoji": shape(
            {"name": String()}, {"unicode": String(), "skin_tone": Number(1, 6), **_STYLED}
        ),
        "broadcast": shape({"range": String(one_of=("here", "channel", "everyone"))}, _STYLED),
        "color": shape({"value": String()}, _STYLED),
        "date": shape(
            {"timestamp": Number(), "format": String()},
            {"url": String(), "fallback": String(), **_STYLED},
        ),
    }
)
_MOST = 3000  # undocumented; far above what 12,000 characters of a message can hold usefully
_SECTION = shape({"elements": Many(_LEAVES, _MOST, 0)})

ELEMENTS = Many(
    Typed(
        {
            "rich_text_section": _SECTION,
            "rich_text_quote": shape(
                {"elements": Many(_LEAVES, _MOST, 0)}, {"border": Number(0, 1)}
            ),
            "rich_text_preformatted": shape(
                {"elements": Many(_LEAVES, _MOST, 0)},
                {"border": Number(0, 1), "language": String()},
            ),
            "rich_text_list": shape(
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
BLOCK = Typed({"rich_text": shape({"elements": ELEMENTS}, {"block_id": String(255)})})
CELL = Typed(
    {
        "raw_text": shape({"text": _ANY_LENGTH}),
        "raw_number": shape({"value": Real()}, {"text": String()}),
        "rich_text": shape({"elements": ELEMENTS}),
    }
)
COLUMN = shape({}, {"align": String(one_of=("left", "center", "right")), "is_wrapped": Flag()})


def characters(part: Any) -> int:
    """The characters a person reads in a cell."""
    if isinstance(part, list):
        return sum(characters(each) for each in part)
    if not isinstance(part, dict):
        return 0
    words = part.get("text", part.get("value", ""))
    return len(str(words)) + characters(part.get("elements"))
