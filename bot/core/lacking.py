"""What is lacking among the roles?"""

from __future__ import annotations

from bot.core.incident import IC
from bot.core.outcome import Shown

_LOUD = ("safety", "model")  # without these nobody knows what the model does to people


def gaps(shown: Shown) -> list[str]:
    """Roles nobody holds, holders who are gone, and one person in two roles that clash."""
    incident, policy = shown.incident, shown.policy
    if not incident.is_open:
        return []
    severity = policy.severities.of(incident.severity, incident.rank)
    empty = [role for role in severity.requires if role not in incident.holders]
    loud = [role for role in _LOUD if role in empty]
    found = [f"*nobody is {policy.roles.get(role).label}*" for role in loud]
    if incident.has_no_ic:
        found.insert(0, "*Incident Commander: nobody yet*")
    elif incident.is_ic_acting:
        found.append("nobody has accepted the command")
    if quiet := [role for role in empty if role not in (*_LOUD, IC)]:
        found.append(f"no {', '.join(policy.roles.get(role).short for role in quiet)}")
    away = [
        policy.roles.get(role).label
        for role, held in incident.holders.items()
        if held.person not in incident.people
    ]
    found += [f"the {label} has left the room: anybody in it can take the role" for label in away]
    return [*found, *_clashes(shown)]


def owners(shown: Shown, deciders: frozenset[str]) -> list[str]:
    """A warning where more people decide than can own one incident."""
    commander = shown.incident.holder(IC)
    people = deciders | {commander} if commander else deciders
    if len(people) <= shown.policy.roles.max_owners:
        return []
    return [f"{len(people)} people decide: agree on who owns this"]


def _clashes(shown: Shown) -> list[str]:
    """One person in two roles that do not go together."""
    incident, roles = shown.incident, shown.policy.roles
    found = []
    for role in roles.roles:
        for other in role.not_with:
            person = incident.holder(role.id)
            if person and person == incident.holder(other):
                found.append(f"<@{person}> is {role.short} and {roles.get(other).short}")
    return found
