"""Who may do what in an incident?"""

from __future__ import annotations

from bot.core import ids
from bot.core.incident import IC, Incident
from bot.core.outcome import Ask, Context, Refused
from runbooks.model import Policy


def may(incident: Incident, person: str, action: str, policy: Policy) -> bool:
    """Whether the policy gives this person the right; without roles it is the whole room's."""
    roles = policy.rights.of(action).roles
    if person == ids.BOT:
        return True
    if not roles:
        return person in incident.people
    return any(incident.holder(role) == person for role in roles)


def require(incident: Incident, context: Context, action: str) -> None:
    """Let those go on who have the right.

    Raises:
        Refused: somebody else has it; the sentence says who, and a button asks them.
    """
    right = context.policy.rights.of(action)
    if may(incident, context.actor, action, context.policy):
        if not right.roles and action not in context.policy.rights.guests_may:
            _require_of_the_house(incident, context, right.label)
        return
    if not right.roles:
        require_inside(incident, context)
    holders = {role: incident.holder(role) for role in right.roles}
    filled = [(role, person) for role, person in holders.items() if person]
    if not filled and incident.has_no_ic:
        raise Refused(
            f"To {right.label} is up to the Incident Commander, and nobody is yet. Somebody has to "
            f"take the command: `{context.command} take ic`. Nothing was changed."
        )
    role, person = filled[0] if filled else ("ic", incident.ic)
    label = context.policy.roles.get(role).label
    raise Refused(
        f"To {right.label} is up to the {label}: ask <@{person}>. Nothing was changed.",
        ask=Ask(incident.number, person, right.label),
    )


def _require_of_the_house(incident: Incident, context: Context, what: str) -> None:
    person = context.people.get(context.actor)
    if person is None or not person.is_guest:
        return
    to = incident.holder(IC)
    whom = f"ask <@{to}>" if to else "ask somebody of the room"
    raise Refused(
        f"You are a guest here. To {what} is up to those who work here: {whom}. Nothing was "
        "changed.",
        ask=Ask(incident.number, to, what) if to else None,
    )


def require_inside(incident: Incident, context: Context) -> None:
    """Let only those change something who are in the room; to read, to ask and to follow is free.

    Raises:
        Refused: they are not in it.
    """
    if context.actor != ids.BOT:
        require_in_room(incident, context.actor)


def require_in_room(incident: Incident, person: str) -> None:
    """The same, of somebody whose form is not open yet.

    Raises:
        Refused: they are not in it.
    """
    if person in incident.people:
        return
    outside = f"You are not in the room of {incident.reference}, so nothing was changed."
    if incident.is_over:
        raise Refused(f"{outside} It is over: ask <@{incident.ic}>, who commanded it.")
    raise Refused(
        f"{outside} Join it first: the button stands where it was announced.",
        join=incident.number,
    )


def require_at_work(incident: Incident, context: Context) -> None:
    """Let only those in the room of an incident that goes on change it.

    Raises:
        Refused: it is over, or they are not in the room.
    """
    require_going(incident)
    require_inside(incident, context)


def require_going(incident: Incident) -> None:
    """Let only incidents that are not over be changed.

    Raises:
        Refused: it is over.
    """
    if incident.is_over:
        raise Refused(f"{incident.reference} is over. Reopen it to go on.")
