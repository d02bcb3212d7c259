"""What may cards, containers, alerts, plans and providers be?"""

from __future__ import annotations

from bot.sandbox import richtext
from bot.sandbox.kinds import Anything, Either, Flag, Kind, Many, Shape, String, Text, Typed, shape
from bot.sandbox.kit import elements, together
from bot.sandbox.rules.blockkit import limit

ID: dict[str, Kind] = {"block_id": String(limit("blocks.block_id"))}
_ICON = Typed({"image": elements.IMAGE})
_ANY_TEXT = Text(limit("blocks.section.text"))
_URL = String(limit("blocks.auth_provider.url"))

CARD = shape(
    {},
    {
        **ID,
        "hero_image": _ICON,
        "icon": _ICON,
        "title": Text(limit("blocks.card.title")),
        "subtitle": Text(limit("blocks.card.subtitle")),
        "body": Text(limit("blocks.card.body")),
        "actions": Many(elements.some("button"), limit("blocks.card.actions")),
    },
    together.some_of("hero_image", "title", "actions", "body"),
)
CAROUSEL = shape({"elements": Many(Typed({"card": CARD}), limit("blocks.carousel.cards"))}, ID)
ALERT = shape(
    {"text": _ANY_TEXT},
    {**ID, "level": String(one_of=("default", "info", "warning", "error", "success"))},
)
_TASK: dict[str, Kind] = {"task_id": String(), "title": String()}
_TASK_MORE: dict[str, Kind] = {
    **ID,
    "details": richtext.BLOCK,
    "output": richtext.BLOCK,
    "sources": Many(elements.URL_SOURCE, 100, 0),
    "status": String(one_of=("pending", "in_progress", "complete", "error")),
}
TASK_CARD = shape(_TASK, _TASK_MORE)
PLAN = shape(
    {"title": Either(String(), Text(limit("blocks.section.text"), is_plain=True))},
    {
        **ID,
        # The documentation's example leaves the type of a plan's tasks out.
        "tasks": Many(shape(_TASK, {**_TASK_MORE, "type": String(one_of=("task_card",))}), 100, 0),
    },
)
AUTH_PROVIDER = shape(
    {
        "value": String(limit("blocks.auth_provider.value")),
        "name": Text(limit("blocks.auth_provider.name"), is_plain=True),
        "is_connected": Flag(),
    },
    {
        **ID,
        "description": Text(limit("blocks.auth_provider.description"), is_plain=True),
        "icon_url": _URL,
        "auth_url": _URL,
        "disconnect_url": _URL,
        "connected_identity": Text(limit("blocks.auth_provider.connected"), is_plain=True),
        "connected_context": Text(limit("blocks.auth_provider.connected"), is_plain=True),
        "accessory": elements.some("overflow"),
    },
)
CALL = shape({"call_id": String()}, {**ID, "api_decoration_available": Flag(), "call": Anything()})


def container(children: dict[str, Shape]) -> Shape:
    """A container of blocks of these kinds."""
    return shape(
        {"child_blocks": Many(Typed(children), limit("blocks.container.blocks"))},
        {
            **ID,
            "title": Text(limit("blocks.container.title"), is_plain=True),
            "rich_text_title": richtext.BLOCK,
            "subtitle": Text(limit("blocks.container.subtitle")),
            "icon": _ICON,
            "width": String(one_of=("narrow", "standard", "wide", "full")),
            "is_collapsible": Flag(),
            "default_collapsed": Flag(),
            "has_header_divider": Flag(),
        },
        together.some_of("title", "rich_text_title"),
        together.needs("default_collapsed", "is_collapsible"),
    )
