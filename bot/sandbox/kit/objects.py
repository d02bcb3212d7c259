"""What may the objects in blocks and elements be?"""

from __future__ import annotations

from bot.sandbox.kinds import Anything, Flag, Kind, Many, Shape, String, Text, shape
from bot.sandbox.kit import together
from bot.sandbox.rules.elements import limit

BUTTON_STYLE = String(one_of=("primary", "danger"))
CONFIRM = shape(
    {
        "title": Text(limit("objects.confirm.title"), is_plain=True),
        "text": Text(limit("objects.confirm.text")),
        "confirm": Text(limit("objects.confirm.button"), is_plain=True),
        "deny": Text(limit("objects.confirm.button"), is_plain=True),
    },
    {"style": BUTTON_STYLE},
)


def _option(more: dict[str, Kind], *, is_plain: bool = True) -> Shape:
    return shape(
        {
            "text": Text(limit("objects.option.text"), is_plain=is_plain),
            "value": String(limit("objects.option.value")),
        },
        {"description": Text(limit("objects.option.description"), is_plain=is_plain), **more},
    )


OPTION = _option({})
MARKED_OPTION = _option({}, is_plain=False)
OVERFLOW_OPTION = _option({"url": String(limit("objects.option.url"))})
OPTION_GROUP = shape(
    {
        "label": Text(limit("objects.option_group.label"), is_plain=True),
        "options": Many(OPTION, limit("objects.option_group.options")),
    }
)
DISPATCH = shape(
    {"trigger_actions_on": Many(String(one_of=("on_enter_pressed", "on_character_entered")), 2)}
)
FILTER = shape(
    {},
    {
        "include": Many(String(one_of=("im", "mpim", "private", "public")), 4),
        "exclude_external_shared_channels": Flag(),
        "exclude_bot_users": Flag(),
    },
    together.not_empty,
)
SLACK_FILE = shape({}, {"id": String(), "url": String()}, together.one_of("id", "url"))
WORKFLOW = shape(
    {
        "trigger": shape(
            {"url": String()},
            {
                "customizable_input_parameters": Many(
                    shape({"name": String(), "value": Anything()}), 100, 0
                )
            },
        )
    }
)
FEEDBACK = shape(
    {
        "text": Text(limit("objects.feedback.text"), is_plain=True),
        "value": String(limit("objects.feedback.value")),
    },
    {"accessibility_label": String(75)},
)
