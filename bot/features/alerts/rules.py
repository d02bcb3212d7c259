"""When does an alert belong to an incident that is open?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core.alerts import Alert
from bot.core.facts import Words
from bot.core.facts.house import AlertDismissed, AlertProposed
from bot.core.facts.people import AlertTaken
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused
from bot.features.alerts import blocks
from bot.features.alerts.state import Alerts


@dataclass(frozen=True)
class Propose:
    """Put an alert before whoever reads `place`; the last proposal `is_spent` when declared."""

    alert: Alert
    place: str
    is_spent: bool


@dataclass(frozen=True)
class Dismiss:
    """Say that a proposal is no incident."""

    fingerprint: str
    proposal: int


def propose(_house: Incident, request: Propose, context: Context) -> Outcome:
    """Ask people whether it is an incident; the same trouble again counts, and asks nobody anew."""
    alert, known = request.alert, context.states.of(Alerts)
    if alert.key in known.keys:
        return Outcome()
    before = known.proposals.get(alert.fingerprint)
    number, count = (before.number, before.count + 1) if before else (1, 1)
    window = context.policy.paging.alerts.fold_window
    is_over = before and (before.dismissed_by or context.now - before.last_at > window)
    if before and (is_over or request.is_spent):
        number, count = before.number + 1, 1
    fact = AlertProposed(
        alert=alert.key,
        fingerprint=alert.fingerprint,
        proposal=number,
        place=request.place,
        source=alert.source,
        title=Words(alert.title),
    )
    asked = replace(alert, proposal=number)
    return Outcome((fact,), (blocks.proposal(asked, request.place, count, context),))


def dismiss(_house: Incident, request: Dismiss, context: Context) -> Outcome:
    """Take a proposal away; the same trouble later is proposed anew."""
    proposal = context.states.of(Alerts).proposals.get(request.fingerprint)
    if proposal is None or proposal.number != request.proposal:
        raise Refused("There is a newer message about this alert. Dismiss that one.")
    if proposal.dismissed_by:
        raise Refused(f"<@{proposal.dismissed_by}> has dismissed it already.")
    fact = AlertDismissed(fingerprint=request.fingerprint, proposal=request.proposal)
    slot = blocks.slot(request.fingerprint, request.proposal)
    return Outcome((fact,), (blocks.dismissed(slot, proposal.place, context.actor),))


def fold_in(incident: Incident, alert: Alert, context: Context) -> Outcome:
    """Record that the same trouble was told of again; the same delivery changes nothing."""
    if alert.key in context.states.of(Alerts).keys:
        return Outcome()
    if not incident.is_open:
        raise Refused(f"{incident.reference} is {incident.status}.")
    taken = AlertTaken(
        alert=alert.key,
        source=alert.source,
        title=Words(alert.title),
        fingerprint=alert.fingerprint,
        severity_word=alert.severity_word,
        link=alert.link,
        is_first=False,
    )
    return Outcome((taken,))
