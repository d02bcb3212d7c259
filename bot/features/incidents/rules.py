"""Who may declare what, and what follows from it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core import blockkit, calling, ids
from bot.core.facts import Words
from bot.core.facts.incidents import (
    DeliveryFailed,
    IncidentDeclared,
    JoinAsked,
    Route,
)
from bot.core.incident import Incident
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


@dataclass(frozen=True)
class Lost:
    """Slack refused for good; `what` names the effect, `error` is Slack's code."""

    what: str
    error: str


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
    )
    opened = Outcome((declared,), blocks.opening(declared, context.actor, request.view_id))
    return opened + _called(incident, opened, severity or severities.when_not_sure, context)


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
    """Record that Slack refused something, and tell whoever commands what to do about it."""
    fact = DeliveryFailed(what=request.what, error=request.error)
    told = blocks.loss(incident, request.what, request.error)
    return Outcome((fact,), (told,))


def _called(incident: Incident, opened: Outcome, severity: Severity, context: Context) -> Outcome:
    """Whom the severity names, in the same commit as the declare."""
    after = calling.advanced(incident, opened, context)
    about = f"severity {severity.label}"
    return calling.call_roles(after, (*severity.pages, *severity.informs), about, context)


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
