"""Which rules of Slack hold for the elements and objects in blocks?"""

from __future__ import annotations

from bot.sandbox.rules.base import Rule, limits, listed

_ELEMENTS = "D:reference/block-kit/block-elements"
_OBJECTS = "D:reference/block-kit/composition-objects"

_OBJECT_RULES = listed(
    "kit/objects.py", _OBJECTS,
    ("objects.text.plain", None, "Where only plain_text is taken, mrkdwn is refused"),
    ("objects.text.extra", None, "`emoji` only in plain_text, `verbatim` only in mrkdwn"),
    ("objects.confirm.title", 100, "Title of a confirm dialog: characters"),
    ("objects.confirm.text", 300, "Text of a confirm dialog: characters"),
    ("objects.confirm.button", 30, "Either button of a confirm dialog: characters"),
    ("objects.confirm.style", None, "Style of a confirm dialog: primary or danger"),
    ("objects.option.text", 75, "Text of an option: characters"),
    ("objects.option.value", 150, "Value of an option: characters"),
    ("objects.option.description", 75, "Description of an option: characters"),
    ("objects.option.url", 3000, "`url` of an option, in overflow menus only: characters"),
    ("objects.option_group.label", 75, "Label of an option group: characters"),
    ("objects.option_group.options", 100, "Options of a group, at least one"),
    ("objects.filter", None, "A conversation filter has a field; `include` is not empty"),
    ("objects.dispatch", None, "`trigger_actions_on`: on_enter_pressed, on_character_entered"),
    ("objects.slack_file", None, "A slack_file has an `id` or a `url`, not both"),
    ("objects.workflow", None, "A workflow has a trigger with a `url`"),
    ("objects.feedback.text", 75, "Text of a feedback button: characters"),
    ("objects.feedback.value", 2000, "Value of a feedback button: characters"),
)  # fmt: skip

_BUTTONS = listed(
    "kit/elements.py", _ELEMENTS,
    ("elements.action_id", 255, "`action_id`: characters"),
    ("elements.button.text", 75, "Text of a button: characters"),
    ("elements.button.value", 2000, "Value of a button: characters"),
    ("elements.button.url", 3000, "`url` of a button: characters"),
    ("elements.button.accessibility_label", 75, "`accessibility_label`: characters"),
    ("elements.button.style", None, "Style of a button: primary or danger"),
    ("elements.workflow_button", None, "A workflow_button has a text and a workflow"),
    ("elements.feedback_buttons", None, "feedback_buttons have a positive and a negative one"),
    ("elements.icon_button", None, "An icon_button has a text; its icon is trash"),
) + listed(
    "kit/elements.py", "3.47",
    ("elements.button.agent_prompt", 4000, "`agent_prompt` of a button: characters"),
)  # fmt: skip

_CHOICES = listed(
    "kit/elements.py", _ELEMENTS,
    ("elements.select.options", 100, "Options of a select, at least one"),
    ("elements.select.groups", 100, "Option groups of a select, at least one"),
    ("elements.select.either", None, "A static select has options or option_groups"),
    ("elements.select.initial", None, "What is chosen at first is one of the options"),
    ("elements.checkboxes.options", 10, "Options of checkboxes, at least one"),
    ("elements.radio_buttons.options", 10, "Options of radio buttons, at least one"),
    ("elements.overflow.options", 5, "Options of an overflow menu, at least one"),
    ("elements.placeholder", 150, "Placeholder: characters"),
    ("elements.max_selected_items", 1, "`max_selected_items`: at least"),
)  # fmt: skip

_INPUTS = listed(
    "kit/elements.py", _ELEMENTS,
    ("elements.plain_text_input.length", 3000, "`min_length` and `max_length`: at most"),
    ("elements.file_input.max_files", 10, "`max_files` of a file_input: 1 to"),
    ("elements.datepicker.date", None, "`initial_date` is YYYY-MM-DD"),
    ("elements.timepicker.time", None, "`initial_time` is HH:mm"),
    ("elements.datetimepicker.moment", None, "`initial_date_time` is a moment of 10 digits"),
    ("elements.number_input.decimal", None, "A number_input has `is_decimal_allowed`"),
    ("elements.number_input.number", None, "The values of a number_input are numbers"),
    ("elements.rich_text_input.action_id", None, "A rich_text_input has an `action_id`"),
)  # fmt: skip

RULES: tuple[Rule, ...] = (*_OBJECT_RULES, *_BUTTONS, *_CHOICES, *_INPUTS)

limit = limits(RULES)
