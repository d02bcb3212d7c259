"""Who comes and goes, how is the incident called, and when does its room close?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core import blockkit, calling, ids, rights, typed
from bot.core.deadlines import Alarm
from bot.core.facts import Words
from bot.core.facts.people import PersonAdded, PersonCame, PersonLeft
from bot.core.facts.status import (
    IdleAsked,
    MadePrivate,
    RoomArchived,
    SideRoomOpened,
    TitleChanged,
)
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Person, Refused
from bot.features.rooms import blocks
from bot.features.rooms.state import Rooms

REASON_CHARS = 3000


@dataclass(frozen=True)
class Moved:
    """A person entered or left a channel of the incident, by its symbolic name."""

    person: str
    room: str
    is_in: bool
    invited_by: str | None = None


@dataclass(frozen=True)
class SideRoom:
    """A side room of this name, for these people besides whoever opens it."""

    name: str
    people: Sequence[str]


def note_member(incident: Incident, moved: Moved, _context: Context) -> Outcome:
    """Record who came or left by Slack's own ways; what is known already changes nothing."""
    # Who walked into the public room of one that went private meanwhile is let into nothing.
    if moved.room != incident.room or moved.is_in == (moved.person in incident.people):
        return Outcome()
    if moved.is_in:
        return Outcome((PersonCame(person=moved.person, invited_by=moved.invited_by),))
    return Outcome((PersonLeft(person=moved.person),))


def add(incident: Incident, people: Sequence[str], context: Context) -> Outcome:
    """Let people in; in a private incident that is also who may know of it."""
    rights.require_at_work(incident, context)
    if not people:
        raise Refused(f"Say whom: `{context.command} add @someone`.")
    outcome = Outcome()
    for person in people:
        _require_person(context.people.get(person, Person(person)))
        facts = () if person in incident.people else (PersonAdded(person=person),)
        outcome += Outcome(facts, (calling.invitation(incident, person, context.now),))
    if not outcome.facts:
        raise Refused("They are in the room already.")
    return outcome


@typed.masks("the title", typed.AGAIN)
def retitle(incident: Incident, words: str, context: Context) -> Outcome:
    """Call it something else; summary, topic and announcement follow, the room's name stays."""
    rights.require_going(incident)
    rights.require(incident, context, "title")
    title = " ".join(ids.clean(words).split())
    if not title:
        raise Refused(
            f"Say the new title: `{context.command} title Chatbot gives unsafe dosage advice`."
        )
    if len(title) > blockkit.HEADER_CHARS:
        raise Refused(
            f"The title has {len(title):,} characters; keep it to {blockkit.HEADER_CHARS}."
        )
    if title == incident.title:
        raise Refused("That is its title already.")
    return Outcome((TitleChanged(title=Words(title)),))


@typed.masks("your reason", typed.AGAIN)
def make_private(incident: Incident, reason: str, context: Context) -> Outcome:
    """Go on in a private room with whoever works on it; the public one is emptied and closed."""
    rights.require_going(incident)
    rights.require(incident, context, "private")
    if incident.is_private:
        raise Refused(f"{incident.reference} is private already.")
    fact = MadePrivate(reason=_reason(reason))
    after = calling.advanced(incident, Outcome((fact,)), context)
    return Outcome((fact,), blocks.move(incident, after, context.now))


def open_side_room(incident: Incident, request: SideRoom, context: Context) -> Outcome:
    """Open an invite-only room beside the war room, that nobody else sees anything of."""
    rights.require_going(incident)
    rights.require(incident, context, "side_room")
    name = "-".join(ids.clean(request.name).casefold().split())
    if not name.replace("-", "").isalnum() or not name.isascii() or len(name) > 20:
        raise Refused(
            "Give the side room a short name of letters: "
            f"`{context.command} sideroom legal @someone`."
        )
    room = f"side/{incident.number}/{name}"
    if room in context.states.of(Rooms).side_rooms:
        raise Refused(f"There is a side room {name} already.")
    for person in request.people:
        _require_person(context.people.get(person, Person(person)))
    people = tuple(dict.fromkeys((context.actor, *request.people)))
    opened = SideRoomOpened(room=room, people=people)
    return Outcome((opened,), blocks.side_room(incident, room, people))


def ask_idle(incident: Incident, _alarm: Alarm, _context: Context) -> Outcome:
    """Ask whoever commands whether a room in which nothing happens goes on."""
    return Outcome((IdleAsked(),), (blocks.idle(incident),))


def archive(incident: Incident, _alarm: Alarm, _context: Context) -> Outcome:
    """Close the room of an incident that has been over for long."""
    return Outcome((RoomArchived(),), (blocks.archived(incident),))


def archive_now(incident: Incident, _request: None, context: Context) -> Outcome:
    """Close the room of an incident that is over, before its time."""
    rights.require(incident, context, "archive")
    if not incident.is_over:
        raise Refused(f"{incident.reference} is not over. Close it first.")
    if context.states.of(Rooms).is_archived:
        raise Refused("Its room is archived already.")
    return archive(incident, Alarm(context.now, "archive"), context)


def _require_person(person: Person) -> None:
    if not person.is_known:
        raise Refused("Slack knows no such person. Name somebody else.")
    if person.is_bot:
        raise Refused("An app cannot be let in; name a person.")
    if person.has_left:
        raise Refused(f"<@{person.id}> has left the workspace. Name somebody else.")


def _reason(typed: str) -> Words | None:
    said = ids.clean(typed)
    if len(said) > REASON_CHARS:
        raise Refused(f"That is {len(said):,} characters; keep it to {REASON_CHARS:,}.")
    return Words(said) if said else None
