"""What do the facts about roles add up to?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from bot.core.facts import Recorded, roles
from bot.core.incident import Holding, Incident, Offer, Takeover

T = TypeVar("T")


def offered(fact: roles.RoleOffered, incident: Incident, recorded: Recorded) -> Incident:
    """A role was offered."""
    offer = Offer(
        role=fact.role,
        person=fact.person,
        at=recorded.at,
        seq=recorded.seq,
        is_external=fact.is_external,
        is_handoff=fact.is_handoff,
        open_items=fact.open_items,
    )
    return replace(
        incident,
        offers={**incident.offers, fact.role: offer},
        people=incident.people | {fact.person},
    )


def accepted(fact: roles.RoleAccepted, incident: Incident, recorded: Recorded) -> Incident:
    """Somebody holds a role from now on, and whoever was called for it has answered."""
    holding = Holding(fact.person, recorded.at, fact.is_external)
    calls = tuple(
        replace(one, answered_at=recorded.at, answered_by=fact.person)
        if one.role == fact.role and one.answered_at is None
        else one
        for one in incident.calls
    )
    return replace(
        incident,
        holders={**_without(incident.holders, fact.role), fact.role: holding},
        offers=_without(incident.offers, fact.role),
        takeovers=_without(incident.takeovers, fact.role),
        first_accepted_at=incident.first_accepted_at or recorded.at,
        calls=calls,
        people=incident.people | {fact.person},
    )


def taking_over(fact: roles.TakeoverAsked, incident: Incident, recorded: Recorded) -> Incident:
    """Somebody wants a role that another holds."""
    takeover = Takeover(
        role=fact.role,
        holder=fact.holder,
        by=recorded.actor,
        at=recorded.at,
        applies_at=fact.applies_at,
        seq=recorded.seq,
        reason=fact.reason,
        is_external=fact.is_external,
    )
    return replace(incident, takeovers={**incident.takeovers, fact.role: takeover})


def kept(fact: roles.TakeoverRefused, incident: Incident, _recorded: Recorded) -> Incident:
    """Whoever holds a role keeps it."""
    return replace(incident, takeovers=_without(incident.takeovers, fact.role))


def declined(fact: roles.RoleDeclined, incident: Incident, _recorded: Recorded) -> Incident:
    """An offer is off."""
    return replace(incident, offers=_without(incident.offers, fact.role))


def dropped(fact: roles.RoleDropped, incident: Incident, _recorded: Recorded) -> Incident:
    """A role is free."""
    return replace(
        incident,
        holders=_without(incident.holders, fact.role),
        takeovers=_without(incident.takeovers, fact.role),
    )


def _without(by_role: Mapping[str, T], role: str) -> dict[str, T]:
    return {name: one for name, one in by_role.items() if name != role}
