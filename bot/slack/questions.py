"""What did a person answer to a step's questions?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from bot.core.runs import questions
from bot.core.runs.model import Answer
from bot.slack.payloads import Json
from runbooks.fields import Field, Number, Range, Text, YesNo

Inputs = Mapping[str, Json]


def read(fields: Sequence[Field], inputs: Inputs) -> dict[str, Answer]:
    """The answers by the id of the question, from what is entered in a view."""
    return {field.id: _read(field, inputs) for field in fields}


def _read(field: Field, inputs: Inputs) -> Answer:
    """What was entered for a question."""
    names = questions.parts(field)
    why = _typed(inputs, questions.unknown(field)) or None
    match field:
        case Text():
            return Answer(text=_typed(inputs, field.id) or None, unknown=why)
        case Number() | Range():
            typed = tuple(_typed(inputs, name) for name in names)
            return Answer(typed if any(typed) else (), unknown=why)
        case YesNo():
            text = _typed(inputs, names[1]) if len(names) > 1 else ""
            return Answer(_chosen(inputs, field.id), text or None, why)
    return Answer(_READ[field.type](inputs, field.id), unknown=why)


def _typed(inputs: Inputs, name: str) -> str:
    return str(inputs.get(name, {}).get("value") or "").strip()


def _chosen(inputs: Inputs, name: str) -> tuple[str, ...]:
    found = inputs.get(name, {})
    one = found.get("selected_option")
    some = found.get("selected_options") or ([one] if one else [])
    return tuple(str(option["value"]) for option in some)


def _people(inputs: Inputs, name: str) -> tuple[str, ...]:
    return tuple(map(str, inputs.get(name, {}).get("selected_users") or ()))


def _day(inputs: Inputs, name: str) -> tuple[str, ...]:
    found = inputs.get(name, {})
    if seconds := found.get("selected_date_time"):
        return (datetime.fromtimestamp(int(seconds), UTC).isoformat(),)
    return (str(found["selected_date"]),) if found.get("selected_date") else ()


_READ: Mapping[str, Callable[[Inputs, str], tuple[str, ...]]] = {
    "choice": _chosen,
    "severity": _chosen,
    "choices": _chosen,
    "people": _people,
    "date": _day,
}
