"""Which blocks and elements are there, and what may be in them?

Numbers: docs.slack.dev/reference/block-kit/{blocks,block-elements,composition-objects}, and where
those are silent the public JSON Schema `slack-block-kit-validator` (2026).
"""

from __future__ import annotations

from bot.sandbox import richtext
from bot.sandbox.kinds import Anything, Field, Flag, Kind, Many, Number, Shape, String, Text, Typed

BLOCKS_IN_MESSAGE = 50
BLOCKS_IN_VIEW = 100
CHARACTERS_IN_BLOCKS = 12_000  # measured: slackapi/bolt-js issues 2509 and 2867
TEXT_KEPT = 40_000  # docs.slack.dev/changelog: longer text is cut by chat.postMessage
TEXT_IN_UPDATE = 4_000  # docs.slack.dev/reference/methods/chat.update
MARKDOWN_IN_MESSAGE = 12_000
VIEW_BYTES = 250_000
TOPIC = 250
CHANNEL_NAME = 80
BOOKMARKS = 100
PINS = 100  # undocumented, commonly said
USERS_INVITED = 100
USERS_IN_DND = 50  # docs.slack.dev/reference/methods/dnd.teamInfo
REACTIONS = 23  # kinds of emoji one person may put on one message


def _fields(required: dict[str, Kind], optional: dict[str, Kind] | None = None) -> Shape:
    fields = {name: Field(kind, is_required=True) for name, kind in required.items()}
    return Shape(fields | {name: Field(kind) for name, kind in (optional or {}).items()})


_ID = String(255)
_URL = String(3000)
_PLACEHOLDER = {"placeholder": Text(150, is_plain=True)}
_CONFIRM = _fields(
    {
        "title": Text(100, is_plain=True),
        "text": Text(300),
        "confirm": Text(30, is_plain=True),
        "deny": Text(30, is_plain=True),
    },
    {"style": String(one_of=("primary", "danger"))},
)
_OPTION = _fields(
    {"text": Text(75), "value": String(150)},
    {"description": Text(75), "url": String(3000)},
)
_OPTIONS = Many(_OPTION, 100)
_GROUPS = Many(_fields({"label": Text(75, is_plain=True), "options": _OPTIONS}), 100)
_DISPATCH = Shape(
    {
        "trigger_actions_on": Field(
            Many(String(one_of=("on_enter_pressed", "on_character_entered")), 2)
        )
    }
)
_FILTER = _fields(
    {},
    {
        "include": Many(String(one_of=("im", "mpim", "private", "public")), 4),
        "exclude_external_shared_channels": Flag(),
        "exclude_bot_users": Flag(),
    },
)
_ELEMENT: dict[str, Kind] = {"action_id": _ID, "focus_on_load": Flag()}
_CHOOSER: dict[str, Kind] = {**_ELEMENT, **_PLACEHOLDER, "confirm": _CONFIRM}
_LIST: dict[str, Kind] = {"options": _OPTIONS, "option_groups": _GROUPS}
_ONE_CONVERSATION: dict[str, Kind] = {
    "default_to_current_conversation": Flag(),
    "filter": _FILTER,
}
_ONE_ROOM: dict[str, Kind] = {"response_url_enabled": Flag()}
_MOST: dict[str, Kind] = {"max_selected_items": Number(1)}
_IDS = Many(String(), 1000)


def _input(more: dict[str, Kind]) -> Shape:
    return _fields({}, {**_ELEMENT, **_PLACEHOLDER, "dispatch_action_config": _DISPATCH, **more})


ELEMENTS: dict[str, Shape] = {
    "button": _fields(
        {"text": Text(75, is_plain=True)},
        {
            "action_id": _ID, "value": String(2000), "url": _URL, "confirm": _CONFIRM,
            "style": String(one_of=("primary", "danger")), "accessibility_label": String(75),
            "agent_prompt": String(4000),
        },
    ),
    "overflow": _fields(
        {"options": Many(_OPTION, 5)}, {"action_id": _ID, "confirm": _CONFIRM}
    ),
    "checkboxes": _fields(
        {"options": Many(_OPTION, 10)},
        {**_ELEMENT, "confirm": _CONFIRM, "initial_options": Many(_OPTION, 10)},
    ),
    "radio_buttons": _fields(
        {"options": Many(_OPTION, 10)},
        {**_ELEMENT, "confirm": _CONFIRM, "initial_option": _OPTION},
    ),
    "static_select": _fields({}, {**_CHOOSER, **_LIST, "initial_option": _OPTION}),
    "external_select": _fields(
        {}, {**_CHOOSER, "initial_option": _OPTION, "min_query_length": Number(0)}
    ),
    "users_select": _fields({}, {**_CHOOSER, "initial_user": String()}),
    "conversations_select": _fields(
        {}, {**_CHOOSER, **_ONE_CONVERSATION, **_ONE_ROOM, "initial_conversation": String()}
    ),
    "channels_select": _fields({}, {**_CHOOSER, **_ONE_ROOM, "initial_channel": String()}),
    "multi_static_select": _fields(
        {}, {**_CHOOSER, **_LIST, **_MOST, "initial_options": _OPTIONS}
    ),
    "multi_external_select": _fields(
        {}, {**_CHOOSER, **_MOST, "initial_options": _OPTIONS, "min_query_length": Number(0)}
    ),
    "multi_users_select": _fields({}, {**_CHOOSER, **_MOST, "initial_users": _IDS}),
    "multi_conversations_select": _fields(
        {}, {**_CHOOSER, **_MOST, **_ONE_CONVERSATION, "initial_conversations": _IDS}
    ),
    "multi_channels_select": _fields({}, {**_CHOOSER, **_MOST, "initial_channels": _IDS}),
    "datepicker": _fields({}, {**_CHOOSER, "initial_date": String(10, 10)}),
    "timepicker": _fields(
        {}, {**_CHOOSER, "initial_time": String(5, 5), "timezone": String()}
    ),
    "datetimepicker": _fields(
        {}, {**_ELEMENT, "confirm": _CONFIRM, "initial_date_time": Number(1_000_000_000)}
    ),
    "plain_text_input": _input({
        "initial_value": String(3000, 0), "multiline": Flag(),
        "min_length": Number(0, 3000), "max_length": Number(1, 3000),
    }),
    "email_text_input": _input({"initial_value": String()}),
    "url_text_input": _input({"initial_value": String()}),
    "number_input": _input({
        "is_decimal_allowed": Flag(), "initial_value": String(),
        "min_value": String(), "max_value": String(),
    }),
    "rich_text_input": _input({"initial_value": richtext.BLOCK}),
    "file_input": _fields(
        {}, {"action_id": _ID, "filetypes": Many(String(), 100), "max_files": Number(1, 10)}
    ),
    "image": _fields(
        {"alt_text": String(2000)}, {"image_url": _URL, "slack_file": richtext.FILE}
    ),
}  # fmt: skip


def _some(names: str) -> Typed:
    return Typed({name: ELEMENTS[name] for name in names.split()})


_SELECTS = (
    "static_select external_select users_select conversations_select channels_select "
    "multi_static_select multi_external_select multi_users_select multi_conversations_select "
    "multi_channels_select"
)
_PICKERS = "datepicker timepicker checkboxes radio_buttons"
_BLOCK: dict[str, Kind] = {"block_id": _ID}

BLOCKS: dict[str, Shape] = {
    "section": _fields({}, {
        **_BLOCK, "text": Text(3000), "fields": Many(Text(2000), 10), "expand": Flag(),
        "accessory": _some(f"button overflow image {_PICKERS} {_SELECTS}"),
    }),
    "header": _fields({"text": Text(150, is_plain=True)}, {**_BLOCK, "level": Number(1, 4)}),
    "divider": _fields({}, _BLOCK),
    "context": _fields({
        "elements": Many(
            Typed({
                "image": ELEMENTS["image"],
                "mrkdwn": _fields({"text": String(3000)}, {"verbatim": Flag()}),
                "plain_text": _fields({"text": String(3000)}, {"emoji": Flag()}),
            }), 10,
        )
    }, _BLOCK),
    "actions": _fields(
        {"elements": Many(_some(f"button overflow datetimepicker {_PICKERS} {_SELECTS}"), 25)},
        _BLOCK,
    ),
    "input": _fields(
        {
            "label": Text(2000, is_plain=True),
            "element": _some(
                "plain_text_input email_text_input url_text_input number_input rich_text_input "
                f"file_input datetimepicker {_PICKERS} {_SELECTS}"
            ),
        },
        {
            **_BLOCK, "hint": Text(2000, is_plain=True), "optional": Flag(),
            "dispatch_action": Flag(),
        },
    ),
    "image": _fields(
        {"alt_text": String(2000)},
        {
            **_BLOCK, "image_url": _URL, "slack_file": richtext.FILE,
            "title": Text(2000, is_plain=True),
        },
    ),
    "markdown": _fields({"text": String(MARKDOWN_IN_MESSAGE)}, _BLOCK),
    "rich_text": _fields({"elements": richtext.ELEMENTS}, _BLOCK),
    "alert": _fields({"text": Text(3000)}, {
        **_BLOCK, "level": String(one_of=("default", "info", "warning", "error", "success")),
    }),
    "table": _fields({"rows": Many(Many(richtext.CELL, 20), 100)}, {
        **_BLOCK, "column_settings": Many(richtext.COLUMN, 20, 0),
    }),
    "video": _fields(
        {
            "alt_text": String(), "title": Text(200, is_plain=True), "video_url": _URL,
            "thumbnail_url": _URL,
        },
        {
            **_BLOCK, "author_name": String(50), "description": Text(200, is_plain=True),
            "provider_icon_url": _URL, "provider_name": String(), "title_url": _URL,
        },
    ),
}  # fmt: skip

# docs.slack.dev/blocks.json, by surface; kinds of block missing here are not built yet.
NOT_ON = {
    "message": {"alert"},
    "modal": {"markdown", "table"},
    "home": {"markdown", "table"},
}

VIEW: dict[str, Shape] = {
    "modal": _fields(
        {"title": Text(24, is_plain=True), "blocks": Many(Anything(), BLOCKS_IN_VIEW, 1)},
        {
            "submit": Text(24, is_plain=True), "close": Text(24, is_plain=True),
            "private_metadata": String(3000, 0), "callback_id": String(255, 0),
            "external_id": String(255, 0), "clear_on_close": Flag(), "notify_on_close": Flag(),
            "submit_disabled": Flag(),
        },
    ),
    "home": _fields(
        {"blocks": Many(Anything(), BLOCKS_IN_VIEW, 0)},
        {
            "private_metadata": String(3000, 0), "callback_id": String(255, 0),
            "external_id": String(255, 0),
        },
    ),
}  # fmt: skip
