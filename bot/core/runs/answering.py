"""Which answers fit a question, and what is recorded of them?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

from bot.core import ids
from bot.core.facts import Fact, Words
from bot.core.facts import runbooks as f
from bot.core.outcome import Refused, require
from bot.core.runs import questions
from bot.core.runs.model import Answer, Run, Step
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
    answers,
)  # fmt: skip

UNKNOWN_CHARS = 1000
Values = Mapping[str, Answer]


def changed(run: Run, step: Step, fields: Sequence[Field], values: Values) -> tuple[Fact, ...]:
    """A fact for each of these answers that differs from what is known."""
    known = {**step.answers, **step.drafts}
    facts: list[Fact] = []
    for field in fields:
        said = _clean(values.get(field.id, Answer()))
        if said != known.get(field.id, Answer()):
            fact = f.FieldAnswered(
                run=run.number, step=step.n, field=field.id, chosen=said.chosen,
                text=Words(said.text) if said.text else None,
                unknown=Words(said.unknown) if said.unknown else None,
            )  # fmt: skip
            facts.append(fact)
    return tuple(facts)


def complete(run: Run, step: Step, fields: Sequence[Field], values: Values) -> tuple[Fact, ...]:
    """What is recorded where all questions of a step are answered; nothing where it asks none."""
    if not questions.asked(step):
        return ()
    said = {**step.answers, **step.drafts, **values}
    differing = tuple(id_ for id_ in said if said[id_] != step.answers.get(id_, Answer()))
    whole = f.FormAnswered(run=run.number, step=step.n, edition=step.edition + 1, fields=differing)
    return (*changed(run, step, fields, values), whole)


def _clean(said: Answer) -> Answer:
    unknown = ids.clean(said.unknown or "")[:UNKNOWN_CHARS]
    if ids.has_words(unknown):
        return Answer(unknown=unknown)
    text = ids.clean(said.text or "")
    return Answer(said.chosen, text if ids.has_words(text) else None)


def check_all(fields: Sequence[Field], values: Values) -> None:
    """Let only answers through that all fit, or say why they are unknown.

    Raises:
        Refused: some do not; each is told at its input.
    """
    require(*(partial(check, one, values.get(one.id, Answer())) for one in fields))


def check(field: Field, said: Answer) -> None:
    """Let only a fitting answer through, or a reason why nobody knows.

    Raises:
        Refused: it does not fit; the sentence says what would.
    """
    said = _clean(said)
    if is_missing(field, said):
        other = ", or say why it is unknown" if field.may_be_unknown else ""
        raise Refused(f"Answer this{other}.", field=questions.first(field))
    if said.unknown and not field.may_be_unknown:
        raise Refused("This has to be answered.", field=questions.first(field))
    if not said.unknown and not said.is_empty:
        _check(field, said)


def is_missing(field: Field, said: Answer) -> bool:
    """Whether a required question has no answer."""
    return field.required and _clean(said).is_empty


def _check(field: Field, said: Answer) -> None:
    match field:
        case Number():
            _number(field, said.chosen[0], questions.first(field))
        case Range():
            _range(field, said)
        case Day():
            _day(field, said.chosen[0])
        case YesNo():
            _yes_no(field, said)
        case _:
            _listed(field, said)


def _listed(field: Text | Choice | Rank | Choices | People, said: Answer) -> None:
    match field:
        case Text() if len(said.text or "") > field.most_chars:
            raise Refused(f"Keep it to {field.most_chars:,} characters.", field=field.id)
        case People() if len(said.chosen) > field.at_most:
            raise Refused(f"Name {field.at_most} at most.", field=field.id)
        case Choice() | Choices() | Rank():
            _offered(field, said)


def _number(field: Number, typed: str, at: str) -> float:
    try:
        value = float(typed)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (field.is_whole and value != int(value)):
        raise Refused(f"Give a {'whole ' if field.is_whole else ''}number.", field=at)
    if field.at_least is not None and value < field.at_least:
        raise Refused(f"Give {field.at_least:g} or more.", field=at)
    if field.at_most is not None and value > field.at_most:
        raise Refused(f"Give {field.at_most:g} or less.", field=at)
    return value


def _range(field: Range, said: Answer) -> None:
    low, high = questions.parts(field)
    if len(said.chosen) != 2 or not all(said.chosen):
        raise Refused("Give both: at least and at most.", field=high if said.chosen[:1] else low)
    whole = Number(type="number", id=field.id, label=field.label)
    at_least, at_most = (_number(whole, one, at) for one, at in
                         zip(said.chosen, (low, high), strict=True))  # fmt: skip
    if at_most < at_least:
        raise Refused("At most is less than at least.", field=high)


def _offered(field: Choice | Choices | Rank, said: Answer) -> None:
    if any(one not in (answers(field) or ()) for one in said.chosen):
        raise Refused("Choose one that is offered.", field=field.id)
    if not isinstance(field, Choices) and len(said.chosen) > 1:
        raise Refused("Choose one.", field=field.id)
    if isinstance(field, Choices) and len(said.chosen) > 1:
        _require_no_contradiction(field, said.chosen)


def _require_no_contradiction(field: Choices, chosen: Sequence[str]) -> None:
    if lone := next((one for one in chosen if one in field.alone), None):
        raise Refused(
            f"{field.options[lone]} goes with no other answer. Take it out, or the others.",
            field=field.id,
        )


def _day(field: Day, said: str) -> None:
    try:
        _ = datetime.fromisoformat(said) if field.with_time else date.fromisoformat(said)
    except ValueError as error:
        raise Refused("Choose a day.", field=field.id) from error


def _yes_no(field: YesNo, said: Answer) -> None:
    if said.chosen not in {("yes",), ("no",)}:
        raise Refused("Choose yes or no.", field=field.id)
    wants = {"always": True, "never": False, "if_yes": said.chosen == ("yes",)}
    if wants.get(field.reason, said.chosen == ("no",)) and not said.text:
        raise Refused("Say why.", field=questions.parts(field)[1])
