"""How do a step's questions and their answers look and read?"""

from __future__ import annotations

from collections.abc import Mapping
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
from slack_sdk.models.views import View

from bot.core import blockkit
from bot.core.blockkit import escape, plain
from bot.core.messages import Content, Keep, Message
from bot.core.outcome import Shown
from bot.core.runs import acts, wording
from bot.core.runs.model import Answer, Run, Runs, Step
from runbooks.fields import Choice, Choices, Day, Field, Number, People, Range, Text, YesNo
from runbooks.steps import Form

_FEW = 10  # options that radio buttons and checkboxes take
_UNKNOWN_CHARS = 1000


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


def page_modal(number: int, run: Run, step: Step, page: int, kept: str = "") -> View:
    """One page of a form, with what was said so far; `kept` says that it was kept."""
    what = step.what
    assert isinstance(what, Form)
    pages = what.pages()
    known = {**step.answers, **step.drafts}
    blocks: list[Block] = [*wording.instruction(run, step)] if page == 0 else []
    for field in pages[page]:
        blocks += _question(field, known.get(field.id, Answer()))
    value = f"{number}/{run.number}/{step.n}/{page}"
    row = [blockkit.button("form_keep", "Keep as a draft", value)]
    if page:
        row.append(blockkit.button("form_back", "Back", value))
    blocks.append(blockkit.actions(row))
    if kept:
        blocks.append(blockkit.context(kept))
    is_last = page + 1 == len(pages)
    of = f", {page + 1} of {len(pages)}" if len(pages) > 1 else ""
    return View(
        type="modal",
        callback_id="form_page",
        private_metadata=wording.about(number, run, step, page=page),
        title=plain(f"{wording.title(step)}{of}"),
        submit=plain("Done" if is_last else "Next"),
        close=plain("Close"),
        blocks=blocks,
    )


def _question(field: Field, said: Answer) -> list[Block]:
    names, elements = parts(field), _elements(field, said)
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


def _elements(field: Field, said: Answer) -> list[InputInteractiveElement]:
    names = parts(field)
    match field:
        case Text():
            return [_text(names[0], said.text, field.most_chars, is_long=field.is_long)]
        case Number():
            return [_number(names[0], said.chosen[:1], is_whole=field.is_whole)]
        case Range():
            low, high = said.chosen[:1], said.chosen[1:]
            return [_number(names[0], low), _number(names[1], high)]
        case Choice() | Choices():
            return [_choice(field, said)]
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


def _choice(field: Choice | Choices, said: Answer) -> InputInteractiveElement:
    options = blockkit.options(field.options)
    chosen = _chosen(options, said)
    if isinstance(field, Choice):
        if len(options) <= _FEW:
            return _radios(field.id, field.options, said)
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


def slots(shown: Shown) -> list[Message]:
    """The answers of each form, in the thread of its step; the newest version."""
    return [
        Keep(
            f"{acts.thread(shown.incident, run, step)}/answers",
            shown.incident.room,
            answers(step, step.what),
            thread=acts.thread(shown.incident, run, step),
        )
        for run in shown.states.of(Runs).all
        for step in run.steps
        if step.edition and step.same_as is None and isinstance(step.what, Form)
    ]


def answers(step: Step, what: Form) -> Content:
    """What was answered, question by question."""
    head = f"Answers to step {step.n}, version {step.edition}"
    lines = [
        f"*{escape(field.label)}*\n{wording.spoken(field, step.answers.get(field.id, Answer()))}"
        for field in what.fields
    ]
    blocks = tuple(blockkit.section(line) for line in lines[:40])
    said = "\n".join(line.replace("*", "", 2) for line in lines)
    return Content(f"{head}\n{said}", (blockkit.context(head), *blocks))
