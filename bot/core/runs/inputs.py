"""Which input takes an answer?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    CheckboxesElement,
    DatePickerElement,
    DateTimePickerElement,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    UserMultiSelectElement,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement

from bot.core import blockkit
from bot.core.runs.model import Answer
from runbooks.fields import (
    Choice,
    Choices,
    Day,
    Field,
    Number,
    People,
    Range,
    Rank,
    Text,
    YesNo,
)  # fmt: skip

_FEW = 10  # options that radio buttons and checkboxes take


def elements(
    field: Field, names: Sequence[str], said: Answer, labels: Mapping[str, str]
) -> list[InputInteractiveElement]:
    """The inputs of these names with what was said so far; `labels` are what can be chosen."""
    match field:
        case Text():
            return [_text(names[0], said.text, field.most_chars, is_long=field.is_long)]
        case Number():
            return [_number(names[0], said.chosen[:1], is_whole=field.is_whole)]
        case Range():
            low, high = said.chosen[:1], said.chosen[1:]
            return [_number(names[0], low), _number(names[1], high)]
        case Choice() | Choices() | Rank():
            return [_choice(field, said, labels)]
        case People():
            people = list(said.chosen) or None
            most = field.at_most
            return [
                UserMultiSelectElement(
                    action_id=field.id, initial_users=people, max_selected_items=most
                )
            ]
        case Day():
            return [_day(field, said)]
        case YesNo():
            yes_no = _radios(field.id, {"yes": "Yes", "no": "No"}, said)
            return [yes_no, *(_text(name, said.text, 3000, is_long=True) for name in names[1:])]


def _text(name: str, said: str | None, most: int, *, is_long: bool) -> PlainTextInputElement:
    return PlainTextInputElement(
        action_id=name, multiline=is_long, initial_value=said, max_length=most
    )


def _number(name: str, said: tuple[str, ...], *, is_whole: bool = True) -> NumberInputElement:
    return NumberInputElement(
        action_id=name,
        is_decimal_allowed=not is_whole,
        initial_value=said[0] if said and said[0] else None,
    )


def _choice(
    field: Choice | Choices | Rank, said: Answer, labels: Mapping[str, str]
) -> InputInteractiveElement:
    options = blockkit.options(labels)
    chosen = _chosen(options, said)
    if isinstance(field, Choice | Rank):
        if len(options) <= _FEW:
            return _radios(field.id, labels, said)
        one = chosen[0] if chosen else None
        return StaticSelectElement(action_id=field.id, options=options, initial_option=one)
    if len(options) <= _FEW:
        return CheckboxesElement(
            action_id=field.id, options=options, initial_options=chosen or None
        )
    return StaticMultiSelectElement(
        action_id=field.id, options=options, initial_options=chosen or None
    )


def _radios(name: str, labels: Mapping[str, str], said: Answer) -> RadioButtonsElement:
    options = blockkit.options(labels)
    chosen = _chosen(options, said)
    return RadioButtonsElement(
        action_id=name, options=options, initial_option=chosen[0] if chosen else None
    )


def _chosen(options: list[Option], said: Answer) -> list[Option]:
    return [option for option in options if option.value in said.chosen]


def _day(field: Day, said: Answer) -> InputInteractiveElement:
    one = said.chosen[0] if said.chosen else None
    if not field.with_time:
        return DatePickerElement(action_id=field.id, initial_date=one)
    seconds = int(datetime.fromisoformat(one).timestamp()) if one else None
    return DateTimePickerElement(action_id=field.id, initial_date_time=seconds)
