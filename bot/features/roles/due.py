"""By when is an offer answered, and when is a handoff offered?"""

from __future__ import annotations

from bot.core import calendar
from bot.core.deadlines import Alarm, Deadline
from bot.core.incident import IC
from bot.core.outcome import Shown
from bot.features.roles.state import Roles


def deadlines(shown: Shown) -> list[Deadline]:
    """An answer from everybody who was offered a role."""
    incident, policy = shown.incident, shown.policy
    if not incident.is_open:
        return []
    owed = []
    for offer in incident.offers.values():
        role = policy.roles.get(offer.role)
        owed.append(
            Deadline(
                name=f"role/{offer.role}",
                label=f"Answer to the offer of {role.label}",
                starts_at=offer.at,
                due_at=calendar.due(role.accept_within, offer.at, policy.calendar),
                remedy="Press Accept or Decline in the offer.",
                owner=offer.person,
                is_personal=True,
            )
        )
    return owed


def alarms(shown: Shown) -> list[Alarm]:
    """A handoff for everybody who has held a role for long; acting command counts too."""
    incident, policy = shown.incident, shown.policy
    if not incident.is_open:
        return []
    since = {role: held.since for role, held in incident.holders.items()}
    if incident.is_ic_acting and incident.declared_at and not incident.has_no_ic:
        since[IC] = incident.declared_at
    suggested = shown.states.of(Roles).suggested
    return [
        Alarm(calendar.due(policy.roles.handoff_after, at, policy.calendar), "handoff", role)
        for role, at in since.items()
        if role not in suggested and role not in incident.offers
    ]
