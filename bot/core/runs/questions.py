"""How do a step's questions and their answers look and read?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, InputBlock, PlainTextInputElement

from bot.core import blockkit
from bot.core.blockkit import escape, when
from bot.core.runs import inputs
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
    YesNo,
)
from runbooks.model import Policy
from runbooks.steps import Form

_UNKNOWN_CHARS = 1000
_HEARD_CHARS = 75  # Slack's limit of what a button is called for those who hear it
_WHY: Mapping[str, str] = {"if_yes": "Yes, because", "if_no": "No, because"}
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


def turn(field: Field) -> str:
    """The block whose button asks why it is unknown instead, or asks the question again."""
    return f"{field.id}.turn"


@dataclass(frozen=True)
class Place:
    """The step that asks, such as `12/1/4`; `is_final`: its form ends the step, so all is due."""

    step: str
    is_final: bool = True


def draw(
    place: Place, fields: Sequence[Field], known: Mapping[str, Answer], policy: Policy
) -> list[Block]:
    """The inputs of these questions, with what was said of them so far."""
    return [
        block
        for field in fields
        for block in _question(place, field, known.get(field.id, Answer()), policy)
    ]


def turned(
    place: Place, field: Field, known: Mapping[str, Answer], policy: Policy
) -> dict[bool, list[Block]]:
    """A question as it asks why it is unknown (True), and as it asks for the answer (False)."""
    said = known.get(field.id, Answer())
    return {
        True: _why_unknown(place, field, said),
        False: _answer(place, field, replace(said, unknown=None), policy),
    }


def _question(place: Place, field: Field, said: Answer, policy: Policy) -> list[Block]:
    """Either the answer is asked for or why there is none, so that Slack can insist on it."""
    if said.unknown and field.may_be_unknown:
        return _why_unknown(place, field, said)
    return _answer(place, field, said, policy)


def _answer(place: Place, field: Field, said: Answer, policy: Policy) -> list[Block]:
    labels = offered(field, policy) if isinstance(field, Choice | Choices | Rank) else {}
    drawn = inputs.elements(field, parts(field), said, labels)
    rows = zip(parts(field), _labels(field), drawn, strict=False)
    asked: list[Block] = [
        InputBlock(
            block_id=name,
            label=label,
            hint=field.hint if at == 0 else None,
            optional=_is_optional(place, field, at),
            element=element,
        )
        for at, (name, label, element) in enumerate(rows)
    ]
    turning = _turn(place, field, "question_unknown", "Unknown, because…")
    return [*asked, turning] if field.may_be_unknown else asked


def _is_optional(place: Place, field: Field, part: int) -> bool:
    if not place.is_final or not field.required:
        return True
    return part > 0 and isinstance(field, YesNo) and field.reason != "always"


def _why_unknown(place: Place, field: Field, said: Answer) -> list[Block]:
    why = PlainTextInputElement(
        action_id=unknown(field),
        initial_value=said.unknown,
        max_length=_UNKNOWN_CHARS,
        focus_on_load=not said.unknown,
    )
    asked = InputBlock(
        block_id=unknown(field),
        label=f"Unknown, because: {field.label}",
        optional=_is_optional(place, field, 0),
        element=why,
    )
    return [asked, _turn(place, field, "question_known", "Answer it after all")]


def _turn(place: Place, field: Field, action_id: str, label: str) -> ActionsBlock:
    """The button; many stand on one page, so those who hear it hear which question it is of."""
    button = blockkit.button(action_id, label, f"{place.step}/{field.id}")
    button.accessibility_label = blockkit.shorten(f"{label} {field.label}", _HEARD_CHARS)
    return ActionsBlock(block_id=turn(field), elements=[button])


def _labels(field: Field) -> tuple[str, ...]:
    match field:
        case Range(unit=unit):
            return f"{field.label} At least ({unit})", f"{field.label} At most ({unit})"
        case Number(unit=str(unit)):
            return (f"{field.label} ({unit})",)
        case YesNo(reason=reason):
            return field.label, f"{_WHY.get(reason, 'Because')}: {field.label}"
    return (field.label,)


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
        f"• {_led_in(field)} {spoken(field, step.answers.get(field.id, Answer()), policy)}"
        for field in asked(step)
    )


def _led_in(field: Field) -> str:
    """A question as its answer follows on the same line."""
    return (
        escape(field.label) if field.label.endswith(("?", ".", ":")) else f"{escape(field.label)}:"
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
