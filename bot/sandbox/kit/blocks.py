"""Which blocks may stand in messages, modals and App Home?"""

from __future__ import annotations

from bot.sandbox import richtext
from bot.sandbox.kinds import Flag, Kind, Many, Number, Shape, String, Text, Typed, shape
from bot.sandbox.kit import cards, elements, objects, tables, together
from bot.sandbox.kit.cards import ID
from bot.sandbox.rules.blockkit import limit

_PICKERS = "datepicker timepicker checkboxes radio_buttons"
_PRESSED = "button overflow workflow_button"
_URL = String(limit("blocks.image.url"))
_HTTPS = String(limit("blocks.image.url"), pattern="https://.+")
_VIDEO_TEXT = Text(limit("blocks.video.title"), is_plain=True)
_CONTEXT = Typed({
    "image": elements.IMAGE,
    "mrkdwn": shape({"text": String(limit("blocks.context.text"))}, {"verbatim": Flag()}),
    "plain_text": shape({"text": String(limit("blocks.context.text"))}, {"emoji": Flag()}),
})  # fmt: skip

_WORDS: dict[str, Shape] = {
    "section": shape(
        {},
        {
            **ID, "text": Text(limit("blocks.section.text")), "expand": Flag(),
            "fields": Many(Text(limit("blocks.section.field")), limit("blocks.section.fields")),
            "accessory": elements.some(f"image {_PRESSED} {_PICKERS} {elements.SELECTS}"),
        },
        together.some_of("text", "fields"),
    ),
    "header": shape(
        {"text": Text(limit("blocks.header.text"), is_plain=True)},
        {**ID, "level": Number(1, limit("blocks.header.level"))},
    ),
    "divider": shape({}, ID),
    "context": shape({"elements": Many(_CONTEXT, limit("blocks.context.elements"))}, ID),
    "markdown": shape({"text": String(limit("blocks.markdown.text"))}, ID),
    "rich_text": shape({"elements": richtext.ELEMENTS}, ID),
    "image": shape(
        {"alt_text": String(limit("blocks.image.alt_text"))},
        {
            **ID, "image_url": _URL, "slack_file": objects.SLACK_FILE,
            "title": Text(limit("blocks.image.title"), is_plain=True),
        },
        together.one_of("image_url", "slack_file"),
    ),
    "video": shape(
        {"alt_text": String(), "title": _VIDEO_TEXT, "video_url": _HTTPS, "thumbnail_url": _URL},
        {
            **ID, "author_name": String(limit("blocks.video.author")),
            "description": _VIDEO_TEXT, "provider_icon_url": _URL, "provider_name": String(),
            "title_url": _HTTPS,
        },
    ),
    "file": shape({"external_id": String(), "source": String(one_of=("remote",))}, ID),
}  # fmt: skip

_PRESSABLE: dict[str, Shape] = {
    "actions": shape(
        {
            "elements": Many(
                elements.some(f"datetimepicker {_PRESSED} {_PICKERS} {elements.SELECTS}"),
                limit("blocks.actions.elements"),
            )
        },
        ID,
    ),
    "context_actions": shape(
        {
            "elements": Many(
                elements.some("feedback_buttons icon_button"),
                limit("blocks.context_actions.elements"),
            )
        },
        ID,
    ),
}

_NEWER: dict[str, Shape] = {
    "alert": cards.ALERT, "auth_provider": cards.AUTH_PROVIDER, "call": cards.CALL,
    "card": cards.CARD, "carousel": cards.CAROUSEL, "plan": cards.PLAN,
    "task_card": cards.TASK_CARD, "table": tables.TABLE, "data_table": tables.DATA_TABLE,
    "data_visualization": tables.DATA_VISUALIZATION,
}  # fmt: skip


def _input(*, is_modal: bool) -> Shape:
    optional: dict[str, Kind] = {
        **ID,
        "hint": Text(limit("blocks.input.hint"), is_plain=True),
        "optional": Flag(),
        "dispatch_action": Flag(),
    }
    kinds = (
        "plain_text_input email_text_input url_text_input number_input rich_text_input "
        f"datetimepicker {_PICKERS} {elements.SELECTS}"
    )
    element = elements.some(f"{kinds} file_input" if is_modal else kinds)
    label = Text(limit("blocks.input.label"), is_plain=True)
    return shape({"label": label, "element": element}, optional, together.no_dispatch)


# docs.slack.dev/blocks.json, as the public JSON Schema gives it.
_NOT_ON = {
    "anywhere": "",
    "message": "alert file",
    "modal": (
        "card carousel context_actions data_visualization file markdown plan table task_card"
    ),
    "home": "alert context_actions file markdown plan table task_card",
}
_CONTAINED = (
    "actions context divider file header image input rich_text section table video"
).split()


def _on(surface: str) -> Typed:
    has_files = surface in ("modal", "anywhere")
    known = {**_WORDS, **_PRESSABLE, **_NEWER, "input": _input(is_modal=has_files)}
    missing = _NOT_ON[surface].split()
    here = {name: block for name, block in known.items() if name not in missing}
    inside = {name: block for name, block in here.items() if name in _CONTAINED}
    return Typed({**here, "container": cards.container(inside)})


ON: dict[str, Typed] = {surface: _on(surface) for surface in _NOT_ON}
