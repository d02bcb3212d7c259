"""Who may see which evidence?"""

from __future__ import annotations

from bot.core import ids, rights
from bot.core.blockkit import escape, shorten
from bot.core.evidence import Evidence, Item
from bot.core.incident import Incident
from bot.core.outcome import Context, Person, Refused
from runbooks.model import Policy

COVERED = "words behind a warning"
_NOTE_CHARS = 120


def sees(incident: Incident, one: Item, person: Person, policy: Policy) -> bool:
    """Whether it stands on this person's list: they are in the room, and its label lets them."""
    if person.id == ids.BOT:
        return True
    if person.id not in incident.people:
        return False
    if person.id == one.custodian:
        return True
    label = policy.evidence.label(one.label)
    if person.is_guest and not label.guests:
        return False
    return not label.roles or holds_one(incident, person.id, label.roles)


def opens(incident: Incident, one: Item, person: Person, policy: Policy) -> bool:
    """Whether this person may read the original: the policy's few, and its custodian unless sealed.

    A link or file they could see themselves is an original all the same.
    """
    if not sees(incident, one, person, policy):
        return False
    if one.is_sealed:
        return holds_one(incident, person.id, policy.evidence.sealed)
    return person.id == one.custodian or holds_one(incident, person.id, policy.evidence.originals)


def title(one: Item, policy: Policy) -> str:
    """What an item is called before anybody was warned: of what may harm, not a word of its own."""
    is_read = one.record.working is not None or one.copy is not None
    if not is_read or not policy.evidence.kind(one.kind).is_harmful:
        return one.name
    return shorten(one.record.note, _NOTE_CHARS) if one.record.note else COVERED


def holds_one(incident: Incident, person: str, roles: tuple[str, ...]) -> bool:
    """Whether the person holds one of these roles."""
    return any(incident.holder(role) == person for role in roles)


def visible(incident: Incident, context: Context) -> tuple[Item, ...]:
    """The items that stand on the list of whoever asks."""
    person, every = person_of(context), context.states.of(Evidence).all
    return tuple(one for one in every if sees(incident, one, person, context.policy))


def found(incident: Incident, number: int, context: Context) -> Item:
    """The item of this number.

    Raises:
        Refused: there is none, or none that this person may know of.
    """
    rights.require_inside(incident, context)
    one = context.states.of(Evidence).find(number)
    if one is None or not sees(incident, one, person_of(context), context.policy):
        raise Refused(
            f"{incident.reference} has no E-{number} that you may see. "
            f"`{context.command} evidence` lists what there is."
        )
    return one


def person_of(context: Context) -> Person:
    """Whoever asks, as they were looked up."""
    return context.people.get(context.actor) or Person(context.actor)


def require_open(incident: Incident, one: Item, context: Context) -> None:
    """Let only the policy's few, and its custodian, read an original.

    Everybody else reads the same whether there is one or not.

    Raises:
        Refused: it is not theirs to open, or there is nothing to open.
    """
    if not opens(incident, one, person_of(context), context.policy):
        policy = context.policy
        roles = policy.evidence.sealed if one.is_sealed else policy.evidence.originals
        labels = ", ".join(policy.roles.get(role).label for role in roles)
        also = "" if one.is_sealed else ", and the custodian of each"
        raise Refused(
            f"{incident.reference} has no original of {one.reference} that you may open. Originals "
            f"are for {labels}{also}."
        )
    if one.erased_at:
        raise Refused(f"{one.reference} was erased. Its hash and the reason are all that is left.")
    if not one.has_original:
        raise Refused(nothing_to_open(one))


def nothing_to_open(one: Item) -> str:
    """Why there is no original."""
    if one.missed:
        return f"{one.reference} could not be had: {escape(one.missed)}"
    if one.is_awaited:
        return f"{one.reference} is still being fetched. Try again in a moment."
    return f"Of {one.reference} the hash alone was kept, with what is on its page."
