"""Does what the opening step writes down agree with the record, and whom does it ask?"""

from __future__ import annotations

from collections.abc import Mapping

from bot.core import blockkit, calling, offering, pagers, rights
from bot.core.facts.roles import RoleAccepted
from bot.core.incident import IC, Incident
from bot.core.outcome import Context, Outcome, Refused
from bot.core.runs.model import Answer
from runbooks.fields import RANKS
from runbooks.model import Policy

# Questions of the runbooks whose answer the incident itself has: who owns each stream.
_STREAMS: Mapping[str, str] = {
    "legal_owner": "legal",
    "comms_owner": "comms",
    "technical_owner": "technical",
    "decider": IC,
}
_WAIVED = "Or the Incident Commander waives this step: Change a step, on the checklist."


def known(incident: Incident, policy: Policy) -> dict[str, Answer]:
    """What the record has to such questions, to begin with: who holds a role, or was asked to."""
    found = {}
    for id_, role in _roles(policy).items():
        offer = incident.offers.get(role)
        person = incident.holder(role) or (offer.person if offer else None)
        if person:
            found[id_] = Answer((person,))
    found["record"] = Answer(text=incident.reference)
    found["severity"] = Answer((RANKS[incident.rank],))
    return found


def people(values: Mapping[str, Answer], policy: Policy) -> tuple[str, ...]:
    """Whom these answers name as the owner of a stream; a rule has to know them."""
    named = (values.get(id_, Answer()).chosen[:1] for id_ in _roles(policy))
    return tuple(person for one in named for person in one)


def require_agrees(incident: Incident, id_: str, said: Answer, context: Context) -> None:
    """Let only what is so be written down: the severity that is set, and one owner each.

    A stream that nobody holds takes the owner who is named, before they have accepted.

    Raises:
        Refused: the record says otherwise; the sentence says how to change it.
    """
    if id_ == "severity" and said.chosen != (RANKS[incident.rank],):
        raise Refused(
            f"The incident is {context.policy.severities.show(incident.severity)}. "
            f"`{context.command} severity` changes it.",
            field=id_,
        )
    roles = _roles(context.policy)
    if id_ not in roles or not said.chosen:
        return
    role, person = context.policy.roles.get(roles[id_]), said.chosen[0]
    holder = incident.holder(role.id)
    if role.id == IC and incident.is_ic_acting:
        _require_commands(incident, person, context)
    elif holder and holder != person:
        raise Refused(
            f"<@{holder}> is {role.label}{_asked(incident, role.id)}. "
            f"`{context.command} role {role.id} @someone` changes that; then come back. "
            f"{_WAIVED}",
            field=id_,
        )
    elif not holder and not _is_asked(incident, role.id, person):
        rights.require(incident, context, "assign")
    if holder != person:
        offering.fit(person, role, context, id_)


def _require_commands(incident: Incident, person: str, context: Context) -> None:
    """The one accountable person says so themselves: naming oneself takes the command."""
    if person == context.actor and (incident.has_no_ic or incident.ic == person):
        return
    raise Refused(
        f"Nobody has accepted the command yet{_asked(incident, IC)}. Whoever decides types "
        f"`{context.command} take ic`; then come back. {_WAIVED}",
        field="decider",
    )


def asked(incident: Incident, values: Mapping[str, Answer], context: Context) -> Outcome:
    """Offer the roles to those who are named and do not hold them; who names themselves has it."""
    outcome = Outcome()
    for id_, role_id in _roles(context.policy).items():
        for person_id in values.get(id_, Answer()).chosen[:1]:
            one = _asked_for(incident, role_id, person_id, context)
            incident = calling.advanced(incident, one, context)
            outcome += one
    return outcome


def _asked_for(incident: Incident, role_id: str, person_id: str, context: Context) -> Outcome:
    held = incident.holders.get(role_id)
    if (held and held.person == person_id) or (
        person_id != context.actor and _is_asked(incident, role_id, person_id)
    ):
        return Outcome()
    role = context.policy.roles.get(role_id)
    person = offering.fit(person_id, role, context)
    if person.id == context.actor:
        taken = RoleAccepted(role=role.id, person=person.id, is_external=person.is_guest)
        return Outcome((taken,), pagers.hushed_for(incident, role.id, context.policy))
    let_in = calling.let_in(incident, person.id, context.now)
    return Outcome((offering.offered(role, person),), let_in)


def _roles(policy: Policy) -> dict[str, str]:
    return {**_STREAMS, "spokesperson": policy.roles.spokesperson}


def _is_asked(incident: Incident, role: str, person: str) -> bool:
    offer = incident.offers.get(role)
    return offer is not None and offer.person == person


def _asked(incident: Incident, role: str) -> str:
    """Who was asked for a role and has not answered, behind a comma; nothing where nobody was."""
    offer = incident.offers.get(role)
    return f", and <@{offer.person}> was asked {blockkit.when(offer.at)}" if offer else ""
