"""Who may declare what, and what follows from it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core import alerts, blockkit, calling, ids, typed
from bot.core.alerts import Alert
from bot.core.facts import Fact, Words
from bot.core.facts.incidents import (
    DeliveryFailed,
    DetailsFilled,
    IncidentDeclared,
    JoinAsked,
    Route,
)
from bot.core.facts.people import AlertTaken, PersonAdded
from bot.core.incident import IC, Incident
from bot.core.outcome import Context, Outcome, Refused
from bot.features.incidents import blocks
from runbooks.model import Severity


@dataclass(frozen=True)
class Declare:
    """Open an incident. `severity` None means "not sure yet"; `view_id` is the modal submitted."""

    title: str
    severity: str | None
    is_person_at_risk: bool
    is_private: bool
    is_test: bool
    route: Route
    view_id: str
    source_text: str | None = None
    source_permalink: str | None = None
    reported_at: datetime | None = None
    alert: Alert | None = None


@dataclass(frozen=True)
class Lost:
    """Refused for good; `what` names the effect, `error` is Slack's code.

    `step` is the run and the step that sent it to another system, None where it was for Slack.
    """

    what: str
    error: str
    step: tuple[int, int] | None = None


@typed.masks(
    "what you declared", "`{command} title words` says it otherwise.", "title", "source_text"
)
def declare(incident: Incident, request: Declare, context: Context) -> Outcome:
    """Record the incident, owe its room and messages, call its people; nothing else blocks it."""
    actor = context.people.get(context.actor)
    if actor and actor.is_bot:
        raise Refused("An app cannot declare an incident; it needs a person in command.")
    title = _title(request.title)
    severities = context.policy.severities
    severity = severities.find(request.severity) if request.severity else None
    if request.severity and severity is None:
        known = ", ".join(one.label for one in severities.severities)
        raise Refused(f"There is no severity {request.severity}. Use {known}.", field="severity")
    is_guest = actor is not None and actor.is_guest
    commander = _on_call(context)[1] if is_guest and not request.is_test else None
    declared = IncidentDeclared(
        number=incident.number,
        title=Words(title),
        severity=severity.label if severity else None,
        rank=(severity or severities.when_not_sure).rank,
        is_person_at_risk=request.is_person_at_risk,
        is_private=request.is_private,
        is_test=request.is_test,
        route=request.route,
        source_text=Words(ids.clean(request.source_text)) if request.source_text else None,
        source_permalink=request.source_permalink,
        aware_at=request.reported_at or context.now,
        aware_basis="reported in a message" if request.reported_at else "declared",
        declarer=commander,
        is_uncommanded=is_guest and commander is None,
    )
    opened = Outcome((declared,), blocks.opening(declared, context.actor, request.view_id))
    if is_guest:
        opened += _by_a_guest(incident, declared, opened, context)
    if request.alert:
        opened += Outcome(_from_alert(request.alert, was_proposed=True))
    return opened + _called(incident, opened, severity or severities.when_not_sure, context)


def _by_a_guest(
    incident: Incident, declared: IncidentDeclared, opened: Outcome, context: Context
) -> Outcome:
    """A guest cannot command: whoever is on call for it is let in, and called."""
    more = Outcome()
    if declared.declarer:
        let_in = calling.invitation(incident, declared.declarer, context.now)
        more = Outcome((PersonAdded(person=context.actor),), (let_in,))
    after = calling.advanced(incident, opened + more, context)
    return more + calling.call_roles(after, [_on_call(context)[0]], "a guest declared it", context)


def _on_call(context: Context) -> tuple[str, str | None]:
    """Whom the policy names to command at first, and as what; None: they take a look-up."""
    for role in (IC, "technical"):
        if person := calling.found_for(role, context.policy, context.now):
            return role, person
    return IC, None


def declare_from_alert(incident: Incident, alert: Alert, context: Context) -> Outcome:
    """Open an incident that nobody declared by hand; whoever is on call commands it at first."""
    person = _on_call(context)[1]
    if person is None:
        raise Refused("The policy names nobody who could command it.")
    severity = alerts.severity(alert, context.policy) or context.policy.severities.when_not_sure
    title = " ".join(ids.clean(alert.title).split()) or "Alert"
    declared = IncidentDeclared(
        number=incident.number,
        title=Words(blockkit.shorten(title, blockkit.HEADER_CHARS)),
        severity=severity.label,
        rank=severity.rank,
        is_person_at_risk=False,
        is_private=False,
        is_test=False,
        route="alert",
        aware_at=context.now,
        aware_basis="declared",
        declarer=person,
    )
    opened = Outcome(
        (declared, *_from_alert(alert, was_proposed=False)), blocks.opening(declared, person, "")
    )
    return opened + _called(incident, opened, severity, context)


def _from_alert(alert: Alert, *, was_proposed: bool) -> tuple[Fact, ...]:
    taken = AlertTaken(
        alert=alert.key,
        source=alert.source,
        title=Words(alert.title),
        fingerprint=alert.fingerprint,
        severity_word=alert.severity_word,
        link=alert.link,
        is_first=True,
        was_proposed=was_proposed,
        proposal=alert.proposal,
    )
    return (DetailsFilled(source="alert"), taken)


def join(incident: Incident, _request: None, context: Context) -> Outcome:
    """Let somebody into the room of a public incident; asking twice does no harm."""
    if incident.is_private:
        raise Refused(f"There is no {ids.reference(incident.number)}.")
    if incident.is_over:
        raise Refused(f"{incident.reference} is over; its room is there to read, not to join.")
    asked = JoinAsked(person=context.actor)
    facts = () if context.actor in incident.people else (asked,)
    return Outcome(facts, (calling.invitation(incident, context.actor, context.now),))


def note_loss(incident: Incident, request: Lost, _context: Context) -> Outcome:
    """Record that something was refused, and tell whoever commands what to do about it."""
    if request.step:  # that another system refused it is on record already
        return Outcome(messages=(blocks.unsent(incident, request.step, request.error),))
    fact = DeliveryFailed(what=request.what, error=request.error)
    told = blocks.loss(incident, request.what, request.error)
    return Outcome((fact,), (told,))


def _called(incident: Incident, opened: Outcome, severity: Severity, context: Context) -> Outcome:
    """Whom the severity names, in the same commit as the declare."""
    after = calling.advanced(incident, opened, context)
    return calling.call_for_severity(after, severity, context)


def _title(typed: str) -> str:
    title = " ".join(ids.clean(typed).split())
    if not title:
        raise Refused("Give it a title: a few words are enough.", field="title")
    if len(title) > blockkit.HEADER_CHARS:
        raise Refused(
            f"The title has {len(title):,} characters; keep it to {blockkit.HEADER_CHARS}. "
            "The rest goes under Fill in, in the room.",
            field="title",
        )
    return title
