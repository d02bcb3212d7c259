"""Has a runbook to be run here, and what of that is not done?"""

from __future__ import annotations

from bot.core import rights
from bot.core.incident import Incident
from bot.core.outcome import Context, Refused, Shown
from bot.core.runs.model import Run, Runs
from runbooks.model import Policy
from runbooks.shelf import Book, is_record_owed

Known = Shown | Context  # what rules and slots know alike


def tier(runs: Runs, policy: Policy) -> int:
    """How closely the incident is governed: as somebody said, or as usual."""
    return policy.governance.usual if runs.tier is None else runs.tier


def require_may_set(incident: Incident, wanted: int, context: Context) -> None:
    """Let anybody in the room raise the tier, and those lower it who have the right.

    Raises:
        Refused: there is no such tier, or they have not.
    """
    known = context.policy.governance.tiers
    if wanted not in {one.tier for one in known}:
        names = ", ".join(str(one.tier) for one in known)
        raise Refused(f"A tier is one of {names}: `{context.command} runbook tier 2`.")
    rights.require_inside(incident, context)
    if wanted < tier(context.states.of(Runs), context.policy):
        rights.require(incident, context, "governance_tier")


def fitting(incident: Incident, known: Known) -> tuple[Book, ...]:
    """The runbooks that fit what is known of the incident, the best fit first."""
    runs = known.states.of(Runs)
    return known.library.fitting(runs.family, runs.failure_mode, incident.rank)


def required(incident: Incident, known: Known) -> Book | None:
    """The runbook that has to be run and was not begun; None where none has to be.

    It is the one that fits best; any other that fits, once begun, does as well.
    """
    runs, books = known.states.of(Runs), fitting(incident, known)
    if {one.pin.id for one in runs.all} & {one.pin.id for one in books}:
        return None
    is_due = bool(books) and is_record_owed(books[0].runbook, tier(runs, known.policy))
    return books[0] if is_due else None


def is_owed(run: Run, known: Known) -> bool:
    """Whether the record of this run has to be there at the close."""
    at = tier(known.states.of(Runs), known.policy)
    return run.is_owed or is_record_owed(run.book, at)


def left_open(incident: Incident, known: Known) -> tuple[str, ...]:
    """What of the runs that have to be there is not, a line each, with what to do."""
    runs = known.states.of(Runs)
    lines = []
    if book := required(incident, known):
        at = known.policy.governance.show(tier(runs, known.policy))
        lines.append(
            f"A run of {book.runbook.title} is required (governance tier {at}) and was not "
            f"started: `{known.command} runbook {book.pin.id}`"
        )
    lines += [_unfinished(run, runs) for run in runs.open if is_owed(run, known)]
    return tuple(lines)


def going_on(known: Known) -> tuple[str, ...]:
    """The runs that do not have to be there and are not at their end, a line each."""
    runs = known.states.of(Runs)
    return tuple(
        f"Runbook {run.number}, {run.book.title}; {_missing(run, runs)}"
        for run in runs.open
        if not is_owed(run, known)
    )


def _unfinished(run: Run, runs: Runs) -> str:
    return f"Runbook {run.number}, {run.book.title}, is required; {_missing(run, runs)}"


def _missing(run: Run, runs: Runs) -> str:
    left = [step.n for step in run.steps if not step.is_closed]
    missing = [f"not done: {', '.join(map(str, left))}"] if left else []
    missing += [] if runs.review else ["the review is not linked"]
    return "; ".join(missing) or "not ended"
