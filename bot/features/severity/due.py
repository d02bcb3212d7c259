"""By when is somebody awake, and by when is harm held off?"""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from bot.core.calendar import due, explain
from bot.core.deadlines import Alarm, Deadline
from bot.core.outcome import Shown
from bot.features.severity.state import Change, History
from runbooks.model import Policy, Span

TECHNICAL = ("technical", "ic")


def deadlines(shown: Shown) -> list[Deadline]:
    """The first Accept and the first mitigation, while they are still owed."""
    incident, history = shown.incident, shown.states.of(History)
    if not incident.is_open or incident.declared_at is None:
        return []
    owed: list[Deadline] = []
    if incident.first_accepted_at is None and history.open_since:
        owed += _acknowledge(history, history.open_since, shown.policy)
    if incident.mitigated_at is None:
        owed += _mitigate(shown, incident.declared_at)
    return owed


def alarms(shown: Shown) -> list[Alarm]:
    """A proposal applies by itself when its time is up."""
    waiting = shown.states.of(History).waiting
    if waiting is None or shown.incident.is_over:
        return []
    return [Alarm(waiting.applies_at, "proposal", str(waiting.number))]


def _acknowledge(history: History, since: datetime, policy: Policy) -> list[Deadline]:
    """Raised, it is owed from then on, and never later than it was owed before."""
    before = [change for change in history.changes if change.at <= since]
    last, start = before[-1], since
    moment = _due(last, start, policy)
    for change in history.changes[len(before) :]:
        if change.rank < last.rank:
            start = change.at
            moment = _earlier(moment, _due(change, start, policy))
        else:
            moment = _due(change, start, policy)
        last = change
    span = _span(last, policy)
    if span is None or moment is None:
        return []
    owed = Deadline(
        name="acknowledge",
        label="First acknowledgement",
        starts_at=start,
        due_at=moment,
        remedy="Accept a role, or take one with `take ic`.",
        rule=explain(span, start, policy.calendar),
    )
    return [owed]


def _span(change: Change, policy: Policy) -> Span | None:
    return policy.severities.of(change.severity, change.rank).acknowledge


def _due(change: Change, start: datetime, policy: Policy) -> datetime | None:
    span = _span(change, policy)
    return due(span, start, policy.calendar) if span else None


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment), default=None)


def _since(history: History, declared_at: datetime) -> datetime:
    """What made it owed as it is now: declared, raised or reopened, the latest of them."""
    raised = [
        change.at for before, change in pairwise(history.changes) if change.rank < before.rank
    ]
    return max(filter(None, [declared_at, history.open_since, *raised]))


def _graced(span: Span, start: datetime, since: datetime, policy: Policy) -> datetime:
    """From the start on, but never before a quarter of the span has passed since it was owed."""
    grace = (due(span, since, policy.calendar) - since) / 4
    return max(due(span, start, policy.calendar), since + grace)


def _mitigate(shown: Shown, start: datetime) -> list[Deadline]:
    policy = shown.policy
    severity = policy.severities.of(shown.incident.severity, shown.incident.rank)
    if severity.mitigate is None:
        return []
    since = _since(shown.states.of(History), start)
    moment = _graced(severity.mitigate, start, since, policy)
    first = Deadline(
        name="mitigate",
        label="First mitigation",
        starts_at=start,
        due_at=moment,
        remedy=f"Hold the harm off, then say how with `{shown.command} mitigated`.",
        owner_roles=TECHNICAL,
        rule=explain(severity.mitigate, start, policy.calendar),
    )
    if severity.mitigate_hard_stop is None:
        return [first]
    stop = Deadline(
        name="hard_stop",
        label="Hard stop of the first mitigation",
        starts_at=moment,
        due_at=_graced(severity.mitigate_hard_stop, start, since, policy),
        remedy="Take the surface down, or waive this with a reason.",
        rule=explain(severity.mitigate_hard_stop, start, policy.calendar),
    )
    return [first, stop]
