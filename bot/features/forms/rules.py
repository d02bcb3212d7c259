"""Which answers does a form take, and when is it complete?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.core import ids
from bot.core.facts import Fact, Words
from bot.core.facts import runbooks as f
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused
from bot.core.runs import acts, beginning
from bot.core.runs.model import Answer, Run, Step
from bot.features.forms import blocks
from runbooks.fields import Choice, Choices, Day, Field, Number, People, Range, Text, YesNo
from runbooks.steps import Form

UNKNOWN_CHARS = 1000


@dataclass(frozen=True)
class Page:
    """What stands on one page of a form, counted from 0, by the id of the question."""

    at: tuple[int, int]
    page: int
    values: Mapping[str, Answer]


def keep(incident: Incident, request: Page, context: Context) -> Outcome:
    """Keep what is on a page so far, complete or not."""
    run, step, _ = _meant(incident, request, context)
    return Outcome(_changed(run, step, request))


def answer(incident: Incident, request: Page, context: Context) -> Outcome:
    """Take a page; with the last one the form is complete, and the step is done."""
    run, step, what = _meant(incident, request, context)
    pages = what.pages()
    for field in pages[request.page]:
        check(field, request.values.get(field.id, Answer()))
    changed = _changed(run, step, request)
    if request.page + 1 < len(pages):
        return Outcome(changed)
    known = {**step.answers, **step.drafts, **request.values}
    for number, page in enumerate(pages, start=1):
        for field in page:
            if is_missing(field, known.get(field.id, Answer())):
                raise Refused(f"Page {number} still asks: {field.label} Go back and answer it.")
    said = {**step.answers, **step.drafts, **request.values}
    fields = tuple(id_ for id_ in said if said[id_] != step.answers.get(id_, Answer()))
    whole = f.FormAnswered(run=run.number, step=step.n, edition=step.edition + 1, fields=fields)
    after = acts.done(run, step, context)
    return beginning.concluded((*changed, whole, *after.facts[:1]), context)


def check(field: Field, said: Answer) -> None:
    """Let only a fitting answer through, or a reason why nobody knows.

    Raises:
        Refused: it does not fit; the sentence says what would.
    """
    if is_missing(field, said):
        other = ", or say why it is unknown" if field.may_be_unknown else ""
        raise Refused(f"Answer this{other}.", field=blocks.first(field))
    if said.unknown and not field.may_be_unknown:
        raise Refused("This has to be answered.", field=blocks.first(field))
    if not said.unknown and not said.is_empty:
        _check(field, said)


def is_missing(field: Field, said: Answer) -> bool:
    """Whether a required question has no answer."""
    return field.required and said.is_empty


def _check(field: Field, said: Answer) -> None:
    match field:
        case Number():
            _number(field, said.chosen[0], blocks.first(field))
        case Range():
            _range(field, said)
        case Day():
            _day(field, said.chosen[0])
        case YesNo():
            _yes_no(field, said)
        case _:
            _listed(field, said)


def _listed(field: Text | Choice | Choices | People, said: Answer) -> None:
    match field:
        case Text() if len(said.text or "") > field.most_chars:
            raise Refused(f"Keep it to {field.most_chars:,} characters.", field=field.id)
        case People() if len(said.chosen) > field.at_most:
            raise Refused(f"Name {field.at_most} at most.", field=field.id)
        case Choice() | Choices():
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
    low, high = blocks.parts(field)
    if len(said.chosen) != 2 or not all(said.chosen):
        raise Refused("Give both: at least and at most.", field=high if said.chosen[:1] else low)
    whole = Number(type="number", id=field.id, label=field.label)
    at_least, at_most = (_number(whole, one, at) for one, at in
                         zip(said.chosen, (low, high), strict=True))  # fmt: skip
    if at_most < at_least:
        raise Refused("At most is less than at least.", field=high)


def _offered(field: Choice | Choices, said: Answer) -> None:
    if any(one not in field.options for one in said.chosen):
        raise Refused("Choose one that is offered.", field=field.id)
    if isinstance(field, Choice) and len(said.chosen) > 1:
        raise Refused("Choose one.", field=field.id)


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
        raise Refused("Say why.", field=blocks.parts(field)[1])


def _meant(incident: Incident, request: Page, context: Context) -> tuple[Run, Step, Form]:
    run, step = acts.active(incident, request.at, context)
    if not isinstance(step.what, Form) or not 0 <= request.page < len(step.what.pages()):
        raise Refused("This page is not there any more. Open the step again.")
    acts.require_owner(incident, run, step, context)
    return run, step, step.what


def _changed(run: Run, step: Step, request: Page) -> tuple[Fact, ...]:
    """A fact for each answer that differs from what is known."""
    if not isinstance(step.what, Form):
        return ()
    known = {**step.answers, **step.drafts}
    facts: list[Fact] = []
    for field in step.what.pages()[request.page]:
        said = _clean(request.values.get(field.id, Answer()))
        if said != known.get(field.id, Answer()):
            fact = f.FieldAnswered(
                run=run.number, step=step.n, field=field.id, chosen=said.chosen,
                text=Words(said.text) if said.text else None,
                unknown=Words(said.unknown) if said.unknown else None,
            )  # fmt: skip
            facts.append(fact)
    return tuple(facts)


def _clean(said: Answer) -> Answer:
    unknown = ids.clean(said.unknown or "")[:UNKNOWN_CHARS]
    if unknown:
        return Answer(unknown=unknown)
    return Answer(said.chosen, ids.clean(said.text or "") or None)
