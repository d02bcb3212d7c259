"""Who can hold a role, and what is recorded when they are asked to?"""

from __future__ import annotations

from bot.core.facts import Words
from bot.core.facts.roles import RoleOffered
from bot.core.outcome import Context, Person, Refused
from runbooks.model import Role


def fit(person_id: str, role: Role, context: Context, field: str = "person") -> Person:
    """Somebody who can hold this role, as Slack describes them.

    Raises:
        Refused: Slack does not know them, it is an app, they left, or a guest may not hold it.
    """
    person = context.people.get(person_id, Person(person_id))
    if not person.is_known:
        raise Refused("Slack knows no such person. Name somebody else.", field=field)
    if person.is_bot:
        raise Refused(f"An app cannot be {role.label}; name a person.", field=field)
    if person.has_left:
        raise Refused(f"<@{person.id}> has left the workspace. Name somebody else.", field=field)
    if person.is_guest and not role.guest_may_hold:
        raise Refused(
            f"<@{person.id}> is a guest, and a guest cannot be {role.label}.", field=field
        )
    return person


def offered(
    role: Role, person: Person, items: str = "", *, is_handoff: bool = False
) -> RoleOffered:
    """The fact that somebody is asked to hold a role; `items` is what is open, if anything."""
    return RoleOffered(
        role=role.id,
        person=person.id,
        is_external=person.is_guest,
        is_handoff=is_handoff,
        open_items=Words(items) if items else None,
    )
