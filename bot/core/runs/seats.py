"""Who may decide on a request for approval, now?"""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.incident import Incident
from bot.core.runs.model import Ask, Step
from runbooks.model import Policy
from runbooks.steps import Approval

EMERGENCY = "emergency"  # the seat of whoever may decide alone


def requesters(step: Step) -> frozenset[str]:
    """Everybody who asked for this step's approval: none of them ever gives it."""
    return frozenset(ask.by for ask in step.asks)


def owners(
    incident: Incident, what: Approval, policy: Policy, but: frozenset[str]
) -> Mapping[str, str]:
    """Who has each seat by their role; nobody of those in `but`. A seat with nobody is left out.

    It is reckoned anew for each decision, so that it follows the roles.
    """
    seats = {name: policy.titles.roles_of([name]) for name in what.consent.approvers}
    if what.consent.in_emergency:
        seats[EMERGENCY] = policy.titles.roles_of(what.consent.in_emergency)
    found = {}
    for name, roles in seats.items():
        held = (incident.holder(role) for role in roles)
        person = next((one for one in held if one and one not in but), None)
        if person:
            found[name] = person
    return found


def regular(incident: Incident, step: Step, what: Approval, policy: Policy) -> frozenset[str]:
    """Who would decide now if somebody asked; not who does so in an emergency alone."""
    owned = owners(incident, what, policy, requesters(step))
    return frozenset(person for seat, person in owned.items() if seat != EMERGENCY)


def deciders(
    incident: Incident, step: Step, what: Approval, ask: Ask, policy: Policy
) -> Mapping[str, str]:
    """Who decides in each seat: whoever has it, or whom they let decide, while they have it."""
    barred = requesters(step)
    found = {}
    for seat, person in owners(incident, what, policy, barred).items():
        by, to = ask.delegates.get(seat, ("", ""))
        found[seat] = to if by == person and to not in barred else person
    return found


def is_granted(what: Approval, ask: Ask) -> bool:
    """Whether enough people agreed: each seat counts once, and each person once."""
    agreed = [one for one in ask.verdicts if one.decision != "refused"]
    if any(one.seat == EMERGENCY for one in agreed):
        return True
    people = {one.person for one in agreed}
    seats = {one.seat for one in agreed}
    return min(len(people), len(seats)) >= what.consent.count
