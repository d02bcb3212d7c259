"""Who may hold, give, take and lay down a role?"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core import blockkit, calendar, calling, ids, offering, pagers, rights, telling, typed
from bot.core.deadlines import Alarm
from bot.core.facts import Words
from bot.core.facts.roles import (
    HandoffSuggested,
    RoleAccepted,
    RoleDeclined,
    RoleDropped,
    TakeoverAsked,
)
from bot.core.incident import IC, Incident, Offer
from bot.core.outcome import Ask, Context, Outcome, Person, Refused
from bot.features.roles import blocks
from bot.features.roles.state import Roles
from runbooks.model import Role

ITEMS_CHARS = 3000
REASON_CHARS = 1000
_ABOVE = "sponsor"  # who may relieve the Incident Commander


@dataclass(frozen=True)
class Assign:
    """Give a role to a person; with `open_items` it is a handoff."""

    role: str
    person: str | None
    open_items: str | None = None
    is_handoff: bool = False


@dataclass(frozen=True)
class Answer:
    """Say yes or no to the offer that stands at this place of the log."""

    role: str
    seq: int


@typed.masks("what you handed on", typed.AGAIN, "open_items")
def assign(incident: Incident, request: Assign, context: Context) -> Outcome:
    """Offer a role; whoever holds it keeps it until the offer is accepted."""
    rights.require_going(incident)
    role = _role(request.role, context)
    held = incident.holders.get(role.id)
    is_vacant = held is not None and _is_gone(incident, held.person, context)
    if (request.is_handoff or held) and not is_vacant:
        _require_holder(incident, role, context)
    else:
        rights.require(incident, context, "assign")
    if request.person is None:
        raise Refused(f"Say to whom: `{context.command} role {role.id} @someone`.", field="person")
    person = offering.fit(request.person, role, context)
    if held and held.person == person.id:
        raise Refused(f"<@{person.id}> is {role.label} already.", field="person")
    offer = incident.offers.get(role.id)
    if offer and offer.person == person.id:
        raise Refused(f"<@{person.id}> was asked already and has not answered yet.", field="person")
    items = ids.clean(request.open_items or "")
    if len(items) > ITEMS_CHARS:
        raise Refused(f"That is {len(items):,} characters; keep it to {ITEMS_CHARS:,}.")
    if person.id == context.actor and not request.is_handoff:
        return take(incident, role.id, context)
    offered = offering.offered(role, person, items, is_handoff=request.is_handoff)
    return Outcome((offered,), calling.let_in(incident, person.id, context.now))


@typed.masks("your reason", typed.AGAIN)
def take(incident: Incident, role_word: str, context: Context) -> Outcome:
    """Hold a role from now on; who holds it is asked first, `ic because ...` says why."""
    rights.require_going(incident)
    word, _, reason = role_word.partition(" because ")
    role = _role(word, context)
    person = offering.fit(context.actor, role, context)
    rights.require_inside(incident, context)
    held = incident.holders.get(role.id)
    if held and held.person == context.actor:
        raise Refused(f"You are {role.label} already.")
    if held:
        return _take_from(incident, role, person, reason, context)
    accepted = RoleAccepted(role=role.id, person=person.id, is_external=person.is_guest)
    return _holding(incident, accepted, context)


def _take_from(
    incident: Incident, role: Role, person: Person, reason: str, context: Context
) -> Outcome:
    """Ask whoever holds the role; unanswered it goes over. Of those who are gone nobody asks.

    The sponsor takes the command at once, with a reason; the declarer does where there is none.
    """
    holder, said = incident.holders[role.id].person, ids.clean(reason)
    why = Words(said) if said else None
    if len(said) > REASON_CHARS:
        raise Refused(f"That is {len(said):,} characters; keep it to {REASON_CHARS:,}.")
    is_above = role.id == IC and person.id == _above(incident)
    if _is_gone(incident, holder, context) or (said and is_above):
        accepted = RoleAccepted(
            role=role.id, person=person.id, is_external=person.is_guest, reason=why
        )
        told = None if _has_left(holder, context) else holder
        return _holding(incident, accepted, context, told)
    if waiting := incident.takeovers.get(role.id):
        raise Refused(
            f"<@{waiting.by}> has asked <@{holder}> for it already, and has it "
            f"{blockkit.when(waiting.applies_at)} unless they answer. Nothing was changed."
        )
    asked = TakeoverAsked(
        role=role.id,
        holder=holder,
        applies_at=calendar.due(role.accept_within, context.now, context.policy.calendar),
        reason=why,
        is_external=person.is_guest,
    )
    return Outcome((asked,))


def _holding(
    incident: Incident, accepted: RoleAccepted, context: Context, before: str | None = None
) -> Outcome:
    """Somebody holds a role: whoever held it before is told, and its pager is silent."""
    label = context.policy.roles.get(accepted.role).label
    told = (telling.relieved(incident, label, accepted.person, before),) if before else ()
    quiet = pagers.hushed_for(incident, accepted.role, context.policy)
    return Outcome((accepted,), (*told, *quiet))


def _above(incident: Incident) -> str:
    """Who may relieve the Incident Commander: the sponsor, where one is in the room."""
    sponsor = incident.holder(_ABOVE)
    return sponsor if sponsor in incident.people and sponsor else incident.declarer


def _is_gone(incident: Incident, person: str, context: Context) -> bool:
    return person not in incident.people or _has_left(person, context)


def _has_left(person: str, context: Context) -> bool:
    return context.people.get(person, Person(person)).has_left


def accept(incident: Incident, request: Answer, context: Context) -> Outcome:
    """Take a role that was offered; whoever held it is free. Who left meanwhile is let in again."""
    offer = _offer(incident, request, context)
    rights.require_going(incident)
    role = context.policy.roles.get(offer.role)
    person = offering.fit(context.actor, role, context)
    accepted = RoleAccepted(role=role.id, person=person.id, is_external=person.is_guest)
    held = incident.holders.get(role.id)
    before = held.person if held and held.person != person.id else None
    let_in = calling.let_in(incident, person.id, context.now)
    return Outcome(messages=let_in) + _holding(incident, accepted, context, before)


def decline(incident: Incident, request: Answer, context: Context) -> Outcome:
    """Say no to an offer; whoever made it hears of it."""
    _offer(incident, request, context)
    declined = RoleDeclined(role=request.role, person=context.actor)
    asked = [one for one in context.states.of(Roles).asked if one.role == request.role]
    by = asked[-1].by if asked else incident.ic
    to = by if by != ids.BOT else incident.ic
    return Outcome((declined,), (blocks.declined(incident, request.role, to, context),))


@typed.masks("your reason", typed.AGAIN)
def drop(incident: Incident, role_word: str, context: Context) -> Outcome:
    """Lay a role down; the command falls back to the declarer, who is told."""
    rights.require_going(incident)
    role = _role(role_word, context)
    held = incident.holders.get(role.id)
    if held is None:
        raise Refused(f"Nobody has accepted to be {role.label}; there is nothing to lay down.")
    if context.actor not in {held.person, incident.holder(IC)}:
        raise Refused(
            f"<@{held.person}> is {role.label}, and only they or the Incident Commander can "
            "end that. Nothing was changed."
        )
    dropped = RoleDropped(role=role.id, person=held.person)
    if role.id != IC:
        return Outcome((dropped,))
    if held.person == incident.declarer or incident.is_uncommanded:
        raise Refused(
            f"Somebody has to command. Hand it over: `{context.command} handoff ic @someone`."
        )
    return Outcome((dropped,), (blocks.acting_again(incident, context),))


def suggest_handoff(incident: Incident, alarm: Alarm, context: Context) -> Outcome:
    """Offer a rest to somebody who has held a role for long."""
    person = incident.holder(alarm.about)
    if person is None:
        return Outcome()
    suggested = HandoffSuggested(role=alarm.about, person=person)
    return Outcome((suggested,), (blocks.rest(incident, alarm.about, person, context),))


def _role(word: str, context: Context) -> Role:
    found = context.policy.roles.find(word)
    if found is None:
        known = ", ".join(one.short for one in context.policy.roles.roles)
        said = f"There is no role {ids.clean(word)[:40]}. " if word.strip() else "Say which role. "
        raise Refused(f"{said}Use one of: {known}.", field="role")
    return found


def _offer(incident: Incident, request: Answer, context: Context) -> Offer:
    offer = incident.offers.get(request.role)
    if offer is None or (offer.person, offer.seq) != (context.actor, request.seq):
        raise Refused(
            f"This offer is no longer open. `{context.command} who` shows who holds what."
        )
    return offer


def _require_holder(incident: Incident, role: Role, context: Context) -> None:
    holder = incident.holder(role.id)
    if holder is None:
        raise Refused(
            f"Nobody is {role.label}. Give it to somebody: "
            f"`{context.command} role {role.id} @someone`."
        )
    if context.actor not in {holder, incident.holder(IC)}:
        raise Refused(
            f"<@{holder}> is {role.label}: ask them to hand it over. Nothing was changed.",
            ask=Ask(incident.number, holder, f"hand over the role of {role.label}"),
        )
