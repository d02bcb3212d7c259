"""What may the elements in blocks be?"""

from __future__ import annotations

from bot.sandbox import richtext
from bot.sandbox.kinds import Flag, Kind, Many, Number, Shape, String, Text, Typed, shape
from bot.sandbox.kit import together
from bot.sandbox.kit.objects import (
    BUTTON_STYLE,
    CONFIRM,
    DISPATCH,
    FEEDBACK,
    FILTER,
    MARKED_OPTION,
    OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    SLACK_FILE,
    WORKFLOW,
)
from bot.sandbox.rules import blockkit
from bot.sandbox.rules.elements import limit

_ID = String(limit("elements.action_id"))
_LABEL = String(limit("elements.button.accessibility_label"))
_BUTTON_TEXT = Text(limit("elements.button.text"), is_plain=True)
_BUTTON_VALUE = String(limit("elements.button.value"))
_DIGITS = r"-?\d+(\.\d+)?"
_OPTIONS = Many(OPTION, limit("elements.select.options"))
_FIRST_OPTIONS: dict[str, Kind] = {"initial_options": _OPTIONS}
_PEOPLE = Many(String(), 1000)
_LENGTH = limit("elements.plain_text_input.length")

_ELEMENT: dict[str, Kind] = {"action_id": _ID, "focus_on_load": Flag()}
_CHOOSER: dict[str, Kind] = {
    **_ELEMENT,
    "placeholder": Text(limit("elements.placeholder"), is_plain=True),
    "confirm": CONFIRM,
}
_LIST: dict[str, Kind] = {
    "options": _OPTIONS,
    "option_groups": Many(OPTION_GROUP, limit("elements.select.groups")),
}
_SEARCH: dict[str, Kind] = {"min_query_length": Number(0)}
_MOST: dict[str, Kind] = {"max_selected_items": Number(limit("elements.max_selected_items"))}
_CONVERSATION: dict[str, Kind] = {"default_to_current_conversation": Flag(), "filter": FILTER}
_ONE_ROOM: dict[str, Kind] = {"response_url_enabled": Flag()}
_LISTED = (together.one_of("options", "option_groups"), together.first_choice)
_TYPED: dict[str, Kind] = {
    **_ELEMENT,
    "placeholder": Text(limit("elements.placeholder"), is_plain=True),
    "dispatch_action_config": DISPATCH,
}


def _chooser(*more: dict[str, Kind], also: tuple[together.Check, ...] = ()) -> Shape:
    fields = dict(_CHOOSER)
    for part in more:
        fields |= part
    return shape({}, fields, *also)


def _marked(rule_id: str, first: dict[str, Kind]) -> Shape:
    """Checkboxes and radio buttons."""
    options = Many(MARKED_OPTION, limit(rule_id))
    optional = {**_ELEMENT, "confirm": CONFIRM, **first}
    return shape({"options": options}, optional, together.first_choice)


IMAGE = shape(
    {"alt_text": String(blockkit.limit("blocks.image.alt_text"))},
    {"image_url": String(blockkit.limit("blocks.image.url")), "slack_file": SLACK_FILE},
    together.one_of("image_url", "slack_file"),
)

_PRESSED: dict[str, Shape] = {
    "button": shape(
        {"text": _BUTTON_TEXT},
        {
            "action_id": _ID, "value": _BUTTON_VALUE, "confirm": CONFIRM, "style": BUTTON_STYLE,
            "url": String(limit("elements.button.url")), "accessibility_label": _LABEL,
            "agent_prompt": String(limit("elements.button.agent_prompt")),
        },
    ),
    "workflow_button": shape(
        {"text": _BUTTON_TEXT, "workflow": WORKFLOW, "action_id": _ID},
        {"style": BUTTON_STYLE, "accessibility_label": _LABEL},
    ),
    "feedback_buttons": shape(
        {"positive_button": FEEDBACK, "negative_button": FEEDBACK}, {"action_id": _ID}
    ),
    "icon_button": shape(
        {"icon": String(one_of=("trash",)), "text": _BUTTON_TEXT},
        {
            "action_id": _ID, "value": _BUTTON_VALUE, "confirm": CONFIRM,
            "accessibility_label": _LABEL, "visible_to_user_ids": Many(String(), 1000, 0),
        },
    ),
    "overflow": shape(
        {"options": Many(OVERFLOW_OPTION, limit("elements.overflow.options"))},
        {"action_id": _ID, "confirm": CONFIRM},
    ),
}  # fmt: skip

_CHOSEN: dict[str, Shape] = {
    "checkboxes": _marked(
        "elements.checkboxes.options", {"initial_options": Many(MARKED_OPTION, 10)}
    ),
    "radio_buttons": _marked("elements.radio_buttons.options", {"initial_option": MARKED_OPTION}),
    "static_select": _chooser(_LIST, {"initial_option": OPTION}, also=_LISTED),
    "external_select": _chooser(_SEARCH, {"initial_option": OPTION}),
    "users_select": _chooser({"initial_user": String()}),
    "conversations_select": _chooser(
        _CONVERSATION, _ONE_ROOM, {"initial_conversation": String()}
    ),
    "channels_select": _chooser(_ONE_ROOM, {"initial_channel": String()}),
    "multi_static_select": _chooser(_LIST, _MOST, _FIRST_OPTIONS, also=_LISTED),
    "multi_external_select": _chooser(_SEARCH, _MOST, _FIRST_OPTIONS),
    "multi_users_select": _chooser(_MOST, {"initial_users": _PEOPLE}),
    "multi_conversations_select": _chooser(
        _CONVERSATION, _MOST, {"initial_conversations": _PEOPLE}
    ),
    "multi_channels_select": _chooser(_MOST, {"initial_channels": _PEOPLE}),
    "datepicker": _chooser(
        {"initial_date": String(pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")}
    ),
    "timepicker": _chooser(
        {"initial_time": String(pattern=r"([01]\d|2[0-3]):[0-5]\d"), "timezone": String()}
    ),
    "datetimepicker": shape(
        {},
        {
            **_ELEMENT, "confirm": CONFIRM,
            "initial_date_time": Number(1_000_000_000, 9_999_999_999),
        },
    ),
}  # fmt: skip

_WRITTEN: dict[str, Shape] = {
    "plain_text_input": shape(
        {},
        {
            **_TYPED, "initial_value": String(_LENGTH, 0), "multiline": Flag(),
            "min_length": Number(0, _LENGTH), "max_length": Number(1, _LENGTH),
        },
        together.ordered("min_length", "max_length"),
    ),
    "email_text_input": shape({}, {**_TYPED, "initial_value": String(shortest=0)}),
    "url_text_input": shape({}, {**_TYPED, "initial_value": String(shortest=0)}),
    "number_input": shape(
        {"is_decimal_allowed": Flag()},
        {
            **_TYPED, "initial_value": String(pattern=_DIGITS),
            "min_value": String(pattern=_DIGITS), "max_value": String(pattern=_DIGITS),
        },
        together.ordered("min_value", "max_value"),
    ),
    "rich_text_input": shape(
        {"action_id": _ID},
        {
            **{name: kind for name, kind in _TYPED.items() if name != "action_id"},
            "initial_value": richtext.BLOCK, "min_lines": Number(1), "max_lines": Number(1),
        },
    ),
    "file_input": shape(
        {},
        {
            "action_id": _ID, "filetypes": Many(String(), 100),
            "max_files": Number(1, limit("elements.file_input.max_files")),
        },
    ),
}  # fmt: skip

ELEMENTS: dict[str, Shape] = {**_PRESSED, **_CHOSEN, **_WRITTEN, "image": IMAGE}
URL_SOURCE = Typed({"url": shape({"url": String(), "text": String()})})
SELECTS = (
    "static_select external_select users_select conversations_select channels_select "
    "multi_static_select multi_external_select multi_users_select multi_conversations_select "
    "multi_channels_select"
)


def some(names: str) -> Typed:
    """The elements of these names, with spaces between."""
    return Typed({name: ELEMENTS[name] for name in names.split()})
