"""How do a step's questions and their answers look and read?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DatePickerElement,
    DateTimePickerElement,
    InputBlock,
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
from bot.core.blockkit import escape, when
from bot.core.runs.model import Answer, Step
from runbooks import steps
from runbooks.fields import (
    RANKS,
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
)
from runbooks.model import Policy
from runbooks.steps import Form

_FEW = 10  # options that radio buttons and checkboxes take
_UNKNOWN_CHARS = 1000
_ANSWER_CHARS = 700  # in Slack; the record has all of it


def asked(step: Step) -> tuple[Field, ...]:
    """The questions of a step: those of a form, and what is written down of any kind."""
    return (*(step.what.fields if isinstance(step.what, Form) else ()), *step.what.records)


def pages(step: Step) -> tuple[tuple[Field, ...], ...]:
    """The questions of a step, page by page."""
    return steps.pages(asked(step))


def first(field: Field) -> str:
    """The input at which a sentence about a question belongs."""
    return parts(field)[0]


def parts(field: Field) -> tuple[str, ...]:
    """The inputs of a question; the last one of those that take it asks why it is unknown."""
    match field:
        case Range():
            own: tuple[str, ...] = (f"{field.id}.low", f"{field.id}.high")
        case YesNo() if field.reason != "never":
            own = (field.id, f"{field.id}.why")
        case _:
            own = (field.id,)
    return own


def unknown(field: Field) -> str:
    """The input that asks why it is unknown."""
    return f"{field.id}.unknown"


def draw(fields: Sequence[Field], known: Mapping[str, Answer], policy: Policy) -> list[Block]:
    """The inputs of these questions, with what was said of them so far."""
    return [
        block
        for field in fields
        for block in _question(field, known.get(field.id, Answer()), policy)
    ]


def _question(field: Field, said: Answer, policy: Policy) -> list[Block]:
    names, elements = parts(field), _elements(field, said, policy)
    labels = _labels(field)
    # Where "unknown" is an answer Slack must not insist on the other one.
    is_optional = field.may_be_unknown or not field.required
    asked: list[Block] = [
        InputBlock(
            block_id=name,
            label=labels[place],
            hint=field.hint if place == 0 else None,
            optional=is_optional or place > 0,
            element=element,
        )
        for place, (name, element) in enumerate(zip(names, elements, strict=True))
    ]
    if field.may_be_unknown:
        why = PlainTextInputElement(
            action_id=unknown(field), initial_value=said.unknown, max_length=_UNKNOWN_CHARS
        )
        label = "Unknown, because"
        asked.append(InputBlock(block_id=unknown(field), label=label, optional=True, element=why))
    return asked


def _labels(field: Field) -> tuple[str, ...]:
    match field:
        case Range(unit=unit):
            return f"{field.label} At least, {unit}", f"At most, {unit}"
        case Number(unit=str(unit)):
            return (f"{field.label} ({unit})",)
        case YesNo():
            return field.label, "Why?"
    return (field.label,)


def _elements(field: Field, said: Answer, policy: Policy) -> list[InputInteractiveElement]:
    names = parts(field)
    match field:
        case Text():
            return [_text(names[0], said.text, field.most_chars, is_long=field.is_long)]
        case Number():
            return [_number(names[0], said.chosen[:1], is_whole=field.is_whole)]
        case Range():
            low, high = said.chosen[:1], said.chosen[1:]
            return [_number(names[0], low), _number(names[1], high)]
        case Choice() | Choices() | Rank():
            return [_choice(field, said, policy)]
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
    field: Choice | Choices | Rank, said: Answer, policy: Policy
) -> InputInteractiveElement:
    labels = offered(field, policy)
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


def offered(field: Choice | Choices | Rank, policy: Policy) -> Mapping[str, str]:
    """What can be chosen; a severity is shown by the policy's label."""
    if not isinstance(field, Rank):
        return field.options
    known = policy.severities.severities
    return {id_: known[min(rank, len(known) - 1)].label for rank, id_ in enumerate(RANKS)}


def answered(step: Step, policy: Policy) -> str:
    """All answers of a step, a line each; empty where it has none."""
    if not step.edition:
        return ""
    return "\n".join(
        f"• {escape(field.label)} {spoken(field, step.answers.get(field.id, Answer()), policy)}"
        for field in asked(step)
    )


def spoken(field: Field, said: Answer, policy: Policy) -> str:
    """An answer as people read it."""
    if said.is_empty:
        return "no answer"
    if said.unknown:
        return f"unknown, because {blockkit.cut(said.unknown, _ANSWER_CHARS)}"
    why = blockkit.cut(said.text, _ANSWER_CHARS) if said.text else ""
    if not said.chosen:
        return why
    return ", because ".join(filter(None, (_chosen_words(field, said.chosen, policy), why)))


def _chosen_words(field: Field, chosen: tuple[str, ...], policy: Policy) -> str:
    match field:
        case Choice() | Choices() | Rank():
            labels = offered(field, policy)
            return ", ".join(escape(labels.get(one, one)) for one in chosen)
        case People():
            return ", ".join(f"<@{one}>" for one in chosen)
        case Range() | Number():
            return f"{' to '.join(map(escape, chosen))} {escape(field.unit or '')}".strip()
        case Day() if field.with_time:
            return when(datetime.fromisoformat(chosen[0]))
    return escape(chosen[0])
