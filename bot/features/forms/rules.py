"""Which pages does a form take, and when is it complete?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core import typed
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused
from bot.core.runs import acts, answering, beginning, questions
from bot.core.runs.model import Answer, Run, Step
from runbooks.steps import Form


@dataclass(frozen=True)
class Page:
    """What stands on one page of a form, counted from 0, by the id of the question."""

    at: tuple[int, int]
    page: int
    values: Mapping[str, Answer]


@typed.masks("an answer", typed.AGAIN, "values", "text", "unknown")
def keep(incident: Incident, request: Page, context: Context) -> Outcome:
    """Keep what is on a page so far, complete or not."""
    run, step = _meant(incident, request, context)
    fields = questions.pages(step)[request.page]
    return Outcome(answering.changed(run, step, fields, request.values))


@typed.masks("an answer", typed.AGAIN, "values", "text", "unknown")
def answer(incident: Incident, request: Page, context: Context) -> Outcome:
    """Take a page; with the last one the form is complete, and the step is done."""
    run, step = _meant(incident, request, context)
    pages = questions.pages(step)
    fields = pages[request.page]
    answering.check_all(fields, request.values)
    if request.page + 1 < len(pages):
        return Outcome(answering.changed(run, step, fields, request.values))
    known = {**step.answers, **step.drafts, **request.values}
    for number, page in enumerate(pages, start=1):
        for field in page:
            if answering.is_missing(field, known.get(field.id, Answer())):
                raise Refused(f"Page {number} still asks: {field.label} Go back and answer it.")
    whole = answering.complete(run, step, fields, request.values)
    return beginning.concluded((*whole, *acts.done(run, step, context).facts[:1]), context)


def _meant(incident: Incident, request: Page, context: Context) -> tuple[Run, Step]:
    run, step = acts.active(incident, request.at, context)
    is_form = isinstance(step.what, Form)
    if not is_form or not 0 <= request.page < len(questions.pages(step)):
        raise Refused("This page is not there any more. Open the step again.")
    acts.require_owner(incident, run, step, context)
    return run, step
