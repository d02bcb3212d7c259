"""Who is called for something, by which way, and never twice for the same thing?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core import messages, pagers
from bot.core.facts import Fact, Recorded, Words
from bot.core.facts.people import PersonCalled, PersonInformed, RoleSought, Via
from bot.core.facts.roles import RoleOffered
from bot.core.fold import fold
from bot.core.incident import Incident, Sought
from bot.core.messages import Call, Message
from bot.core.outcome import Context, Outcome
from runbooks.model import Policy, Severity


def invitation(incident: Incident, person: str, at: datetime) -> Call:
    """Somebody is let into the room; asking again later invites again."""
    name = f"{incident.room} invite {person} {at.isoformat()}"
    return Call(name, "invite", {"person": person}, needs=incident.room, urgency=messages.PEOPLE)


def let_in(incident: Incident, person: str, at: datetime) -> tuple[Call, ...]:
    """The invitation of somebody who is not in the room; nothing for those who are."""
    return () if person in incident.people else (invitation(incident, person, at),)


def call_for_severity(incident: Incident, severity: Severity, context: Context) -> Outcome:
    """Call whom a severity pages and tell whom it informs, but for those it found before."""
    about = f"severity {severity.label}"
    pages = [role for role in severity.pages if not is_in_hand(incident, role)]
    outcome = call_roles(incident, pages, about, context)
    after = advanced(incident, outcome, context)
    for role in severity.informs:
        if role not in severity.pages and not is_in_hand(after, role):
            outcome += _inform(after, role, about, context)
    return outcome


def call_roles(
    incident: Incident,
    roles: Sequence[str],
    about: str,
    context: Context,
    text: str | None = None,
) -> Outcome:
    """Call whoever holds these roles, or else whoever the policy names for them.

    `about` is what it is for, such as "severity SEV1"; nobody is called twice for the same. Who is
    known by name and holds nothing yet is offered the role, unless it is a call with a `text` of
    its own. Who has to be looked up elsewhere is called when that is done. A test calls nobody and
    records it.
    """
    outcome = Outcome()
    for role in roles:
        if not incident.was_called(about, f"role {role}"):
            sought = Sought(role, about, context.now, text)
            one = _call_role(incident, sought, context)
            incident = advanced(incident, one, context)
            outcome += one
    return outcome


def call_found(incident: Incident, sought: Sought, person: str | None, context: Context) -> Outcome:
    """Call or inform whoever a look-up found; None records that there was nobody."""
    if sought.is_informed:
        return _informed(incident, sought.role, sought.about, person, context)
    outcome = _called_as(incident, sought, person, context)
    return replace(outcome, facts=climbing(outcome.facts, sought.climbed_for))


def climbing(facts: Sequence[Fact], deadline: str | None) -> tuple[Fact, ...]:
    """The same facts; the calls among them are steps of this deadline's ladder."""
    update = {"climbed_for": deadline}
    return tuple(
        one.model_copy(update=update) if isinstance(one, PersonCalled | RoleSought) else one
        for one in facts
    )


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


def is_in_hand(incident: Incident, role: str) -> bool:
    """Whether somebody has the role, is asked to, or was called for it and has not answered."""
    is_taken = bool(incident.holders.get(role) or incident.offers.get(role))
    return (
        is_taken
        or role in incident.sought
        or role in incident.informed
        or any(
            one.role == role and one.answered_at is None and not one.is_offer
            for one in incident.calls
            if one.via != "nobody"
        )
    )


def _call_role(incident: Incident, sought: Sought, context: Context) -> Outcome:
    role = sought.role
    holds = incident.holders.get(role) or incident.offers.get(role)
    person = holds.person if holds else found_for(role, context.policy, context.now)
    if person is None and not incident.is_test and _is_looked_up(role, context.policy):
        return Outcome((_sought(sought),))
    return _called_as(incident, sought, person, context)


def _is_looked_up(role: str, policy: Policy) -> bool:
    source = policy.roles.get(role).comes_from
    return bool(source and (source.schedule or source.group))


def _sought(sought: Sought) -> RoleSought:
    return RoleSought(
        role=sought.role,
        about=sought.about,
        text=Words(sought.text) if sought.text else None,
        is_informed=sought.is_informed,
    )


def _inform(incident: Incident, role: str, about: str, context: Context) -> Outcome:
    if incident.is_test:
        return Outcome()
    person = found_for(role, context.policy, context.now)
    if person is None and _is_looked_up(role, context.policy):
        return Outcome((_sought(Sought(role, about, context.now, is_informed=True)),))
    return _informed(incident, role, about, person, context) if person else Outcome()


def _informed(
    incident: Incident, role: str, about: str, person: str | None, context: Context
) -> Outcome:
    fact = PersonInformed(role=role, about=about, person=person)
    # Of a private incident only those in its room may know.
    let_in = person is not None and incident.is_private
    owed = _let_in(incident, person, context.now) if person and let_in else ()
    return Outcome((fact,), owed)


def _called_as(incident: Incident, sought: Sought, person: str | None, context: Context) -> Outcome:
    """Call somebody as this role; None: whoever the pager finds, or nobody."""
    role = sought.role
    holds = incident.holders.get(role) or incident.offers.get(role)
    person = holds.person if holds else person
    route = context.policy.paging.route(role)
    pager = route.adapter if route and route.adapter != "rota" else None
    via: Via = "nobody"
    if not incident.is_test and (person or pager):
        via = pager or "direct message"
    is_free = not holds and person != incident.holder(role) and not sought.text
    called = PersonCalled(
        call=len(incident.calls) + 1,
        about=sought.about,
        role=role,
        person=person,
        via=via,
        target=f"role {role}",
        text=Words(sought.text) if sought.text else None,
        is_offer=bool(via != "nobody" and person and is_free),
    )
    if via == "nobody":
        return Outcome((called,))
    facts: list[Fact] = [called]
    owed: list[Message] = []
    if person:
        owed += _let_in(incident, person, context.now)
        if called.is_offer:
            facts.insert(0, RoleOffered(role=role, person=person))
    if route and via in {"pagerduty", "webhook"}:
        owed.append(pagers.sent(incident, called, route, context))
    return Outcome(tuple(facts), tuple(owed))


def _let_in(incident: Incident, person: str, at: datetime) -> tuple[Message, ...]:
    if person in incident.people or incident.is_test:
        return ()
    return (invitation(incident, person, at),)
