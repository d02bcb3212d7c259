"""Who may start a runbook, and say what is there for it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core import rights, typed
from bot.core.facts import runbooks as f
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused
from bot.core.runs import acts, beginning, governance
from bot.core.runs.model import Runs
from runbooks.parts import Context as Reach
from runbooks.shelf import Book

MOST_RUNS = 8


@dataclass(frozen=True)
class Answered:
    """What was said of one prerequisite."""

    id: str
    met: f.Met
    note: str = ""
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Start:
    """A runbook to run, where it reaches people, and what is there already."""

    book: Book
    contexts: tuple[Reach, ...] = ()
    answers: tuple[Answered, ...] = ()


@typed.masks("what you wrote to a prerequisite", typed.AGAIN, "answers", "note")
def start(incident: Incident, request: Start, context: Context) -> Outcome:
    """Run a runbook, with the version it has now; for guests `rights.yaml` says whether."""
    rights.require_going(incident)
    rights.require(incident, context, "run")
    runs, book = context.states.of(Runs), request.book
    if running := [one for one in runs.open if one.pin.id == book.pin.id]:
        raise Refused(f"{book.runbook.title} runs already: it is runbook {running[0].number}.")
    if len(runs.all) >= MOST_RUNS:
        raise Refused(f"{MOST_RUNS} runbooks have run here already; go on with one of them.")
    tier = governance.tier(runs, context.policy)
    began = beginning.begun(book, runs, request.contexts, tier=tier)
    said = tuple(_said(began.run, one) for one in request.answers)
    return beginning.concluded((began, *said), context)


@typed.masks("what you wrote to a prerequisite", typed.AGAIN, "answers", "note")
def prepare(incident: Incident, request: tuple[int, tuple[Answered, ...]], ctx: Context) -> Outcome:
    """Answer what a run needs; only what differs is recorded."""
    rights.require_at_work(incident, ctx)
    run = acts.run(request[0], ctx)
    known = run.prerequisites
    said = []
    for one in request[1]:
        fact = _said(run.number, one)
        was = known.get(one.id)
        if was is None or (was.met, was.note, was.people) != (fact.met, fact.note, fact.people):
            said.append(fact)
    return Outcome(tuple(said))


def set_tier(incident: Incident, tier: int, context: Context) -> Outcome:
    """Say how closely the incident is governed, which decides whether a run is owed."""
    rights.require_going(incident)
    governance.require_may_set(incident, tier, context)
    if governance.tier(context.states.of(Runs), context.policy) == tier:
        raise Refused(f"The tier is {tier} already.")
    return Outcome((f.GovernanceTierSet(tier=tier),))


def link_review(incident: Incident, request: tuple[datetime | None, str], ctx: Context) -> Outcome:
    """Say when the post-incident review is, and where it is booked."""
    rights.require_going(incident)
    rights.require_inside(incident, ctx)
    at, link = request
    if at is None:
        raise Refused("Say when it is.", field="at")
    if at <= ctx.now:
        raise Refused("That time is over. Give a later one.", field="at")
    if not link.startswith("https://") or len(link) > 2000 or any(map(str.isspace, link)):
        raise Refused("Give its address; it begins with https://.", field="link")
    return beginning.concluded((f.ReviewLinked(at=at, link=link),), ctx)


def _said(run: int, one: Answered) -> f.PrerequisiteAnswered:
    note = acts.words(one.note, one.id)
    return f.PrerequisiteAnswered(
        run=run, prerequisite=one.id, met=one.met, note=note, people=one.people
    )
