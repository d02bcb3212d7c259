"""Who is called for something, by which way, and never twice for the same thing?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.core import ids, messages
from bot.core.facts import Fact, Recorded, Words
from bot.core.facts.people import PersonCalled, Via
from bot.core.facts.roles import RoleOffered
from bot.core.fold import fold
from bot.core.incident import IC, Incident
from bot.core.messages import Call, Message, Send
from bot.core.outcome import Context, Outcome
from runbooks.model import Policy, Route

_SEVERITY_WORDS = ("critical", "error", "warning", "info")  # PagerDuty's, by rank


def invitation(incident: Incident, person: str, at: datetime) -> Call:
    """Somebody is let into the room; asking again later invites again."""
    name = f"{incident.room} invite {person} {at.isoformat()}"
    return Call(name, "invite", {"person": person}, needs=incident.room, urgency=messages.PEOPLE)


def call_roles(incident: Incident, roles: Sequence[str], about: str, context: Context) -> Outcome:
    """Call whoever holds these roles, or else whoever the policy names for them.

    `about` is what it is for, such as "severity SEV1"; nobody is called twice for the same. Who is
    known by name and holds nothing yet is offered the role. A test calls nobody and records it.
    """
    outcome = Outcome()
    for role in roles:
        if not incident.was_called(about, f"role {role}"):
            one = _call_role(incident, role, about, context)
            incident = advanced(incident, one, context)
            outcome += one
    return outcome


def call_person(
    incident: Incident, person: str, about: str, context: Context, text: str | None = None
) -> Outcome:
    """Call one person by direct message; they are let into the room.

    With `text` it is a call of its own each time; without, they are called once for `about`.
    """
    target = f"person {person}"
    if text is None and incident.was_called(about, target):
        return Outcome()
    called = PersonCalled(
        call=len(incident.calls) + 1,
        about=about,
        person=person,
        via="nobody" if incident.is_test else "direct message",
        target=target,
        text=Words(text) if text else None,
    )
    return Outcome((called,), _let_in(incident, person, context.now))


def call_group(incident: Incident, group: str, about: str, context: Context) -> Outcome:
    """Record that a user group is called; the caller posts the mention that does it."""
    if incident.was_called(about, f"group {group}"):
        return Outcome()
    called = PersonCalled(
        call=len(incident.calls) + 1,
        about=about,
        group=group,
        via="nobody" if incident.is_test else "group",
        target=f"group {group}",
    )
    return Outcome((called,))


def found_for(role: str, policy: Policy, at: datetime) -> str | None:
    """The person the policy names for a role at this moment; None when it takes a look-up."""
    source = policy.roles.get(role).comes_from
    if source is None:
        return None
    if source.person:
        return source.person
    return policy.paging.rota(source.rota).on_call(at) if source.rota else None


def advanced(incident: Incident, outcome: Outcome, context: Context) -> Incident:
    """The incident as it will be when this outcome is written."""
    for fact in outcome.facts:
        seq = incident.last_seq + 1
        incident = fold(incident, Recorded(seq, context.now, context.actor, fact))
    return incident


def _call_role(incident: Incident, role: str, about: str, context: Context) -> Outcome:
    holds = incident.holders.get(role) or incident.offers.get(role)
    person = holds.person if holds else found_for(role, context.policy, context.now)
    route = context.policy.paging.route(role)
    pager = route.adapter if route and route.adapter != "rota" else None
    via: Via = "nobody"
    if not incident.is_test and (person or pager):
        via = pager or "direct message"
    is_offer = bool(via != "nobody" and person and not holds and person != incident.holder(role))
    called = PersonCalled(
        call=len(incident.calls) + 1,
        about=about,
        role=role,
        person=person,
        via=via,
        target=f"role {role}",
        is_offer=is_offer,
    )
    if via == "nobody":
        return Outcome((called,))
    facts: list[Fact] = [called]
    owed: list[Message] = []
    if person:
        owed += _let_in(incident, person, context.now)
        if is_offer:
            facts.insert(0, RoleOffered(role=role, person=person))
    if route and via in {"pagerduty", "webhook"}:
        owed.append(_sent(incident, called, route, context))
    return Outcome(tuple(facts), tuple(owed))


def _let_in(incident: Incident, person: str, at: datetime) -> tuple[Message, ...]:
    if person in incident.people or incident.is_test:
        return ()
    return (invitation(incident, person, at),)


def _sent(incident: Incident, called: PersonCalled, route: Route, context: Context) -> Send:
    """What another system is told. A title that must stay in the room is not in it."""
    label = context.policy.roles.get(called.role or IC).label
    title = incident.public_title or "the title is kept in the room"
    summary = f"{incident.reference}: {label} is needed ({called.about}). {title}"
    key = call_key(incident.number, called.call)
    body: dict[str, Any]
    if route.adapter == "pagerduty":
        body = {
            "via": "pagerduty",
            "routing_key_env": route.routing_key_env,
            "action": "trigger",
            "dedup_key": key,
            "summary": summary,
            "severity": _SEVERITY_WORDS[min(incident.rank, 3)],
            "source": "warroom",
        }
    else:
        payload = {
            "incident": incident.reference,
            "call": key,
            "role": called.role,
            "person": called.person,
            "about": called.about,
            "summary": summary,
        }
        body = {
            "via": "webhook",
            "url_env": route.url_env,
            "secret_env": route.secret_env,
            "event": "person.called",
            "payload": payload,
        }
    return Send(f"{ids.chain(incident.number)} call {called.call}", body)


def call_key(number: int, call: int) -> str:
    """How other systems know a call: `INC-12/call/3`."""
    return f"{ids.reference(number)}/call/{call}"


def parse_call_key(key: str) -> tuple[int, int] | None:
    """The incident's number and the call in a key; None when it is none of ours."""
    found = re.fullmatch(r"INC-(\d{1,9})/call/(\d{1,9})", key)
    return (int(found[1]), int(found[2])) if found else None
