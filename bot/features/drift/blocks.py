"""How is the room called after an erasure, and how do those read who can put it right?"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core import blockkit, ids, messages
from bot.core.facts import ERASED
from bot.core.incident import Incident
from bot.core.messages import Call, Content, Keep, Message
from bot.core.outcome import Shown
from bot.features.drift import due
from bot.features.drift.state import Drift


def slots(shown: Shown) -> list[Message]:
    """The neutral name of a room, where the one a person gave it was erased."""
    incident, drift = shown.incident, shown.states.of(Drift)
    if drift.named != ERASED:
        return []
    end = "/private" if incident.is_moved else ""
    # A slot for each: the room may have had the same neutral name before.
    slot = f"name/{incident.number}{end}/erased/{drift.times_named}"
    name = drift.opened_as if incident.is_moved else drift.neutral  # its first room has that one
    return [Keep(slot, incident.room, Content(name), shape="name")]


def summary(
    after: Incident, bookmark_id: str | None, *, is_pinned: bool, has_bookmark: bool
) -> tuple[Message, ...]:
    """What hangs on a summary that is posted anew; the summary itself follows by its slot.

    `bookmark_id` is the bookmark that led to the old one, empty or None where there is none.
    """
    owed: list[Message] = []
    if is_pinned:
        owed.append(Call(f"{after.summary} pin", "pin", needs=after.summary))
    if has_bookmark:
        title = {"title": "Summary"}
        effect: messages.Effect = "rebookmark" if bookmark_id else "bookmark"
        given = {**title, "bookmark_id": bookmark_id} if bookmark_id else title
        owed.append(Call(f"{after.summary} bookmark", effect, given, needs=after.summary))
    return tuple(owed)


def pin(incident: Incident) -> Call:
    """Pin the summary once more."""
    name = f"{incident.summary} pin {incident.last_seq + 1}"
    return Call(name, "pin", needs=incident.summary)


def bookmark(incident: Incident) -> Call:
    """Put the bookmark back."""
    name = f"{incident.summary} bookmark {incident.last_seq + 1}"
    return Call(name, "bookmark", {"title": "Summary"}, needs=incident.summary)


def archived(incident: Incident, command: str) -> tuple[Keep, ...]:
    """What whoever commands reads of a room that was archived before its time."""
    room = messages.channel(incident.room)
    said = (
        f"Unarchive {room}: {incident.reference} is not over, and nothing can be posted there "
        "until somebody does. Open the channel and choose Unarchive in its settings; an app "
        f"cannot. What is owed waits. If it is over, say so: `{command} resolve "
        f"{ids.reference(incident.number)} why`."
    )
    return _to(incident, [incident.ic], "archived", said)


def removed(incident: Incident, bot: str) -> tuple[Keep, ...]:
    """What whoever commands and whoever declared read of a room the bot was taken out of."""
    room = messages.channel(incident.room)
    said = (
        f"Let me back into {room}: type `/invite` and my name, <@{bot}>, there. "
        f"I am not in the room of {incident.reference} any more and can post nothing there. "
        "What is owed waits, and comes as soon as I am in."
    )
    return _to(incident, [incident.ic, incident.declarer], "removed", said)


def gone(incident: Incident, person: str, labels: Sequence[str]) -> tuple[Keep, ...]:
    """What somebody reads who left the room with a role; of a private one, whoever commands."""
    held = " and ".join(labels)
    if incident.is_private:
        said = (
            f"<@{person}> left the room of {incident.reference} and is still {held}. "
            "Let them in again, or give the role to somebody in the room."
        )
        return _to(incident, due.told_of_leaving(incident, person), "gone", said)
    said = (
        f"You left the room of {incident.reference} and are still {held}. Come back, or let "
        "somebody in the room take it over: the summary shows the gap."
    )
    button = blockkit.button("join", "Come back", str(incident.number), "primary")
    content = Content(said, (blockkit.section(said), blockkit.actions([button])))
    return (Keep(_name(incident, "gone", person), ids.person(person), content),)


def _to(incident: Incident, people: Sequence[str], what: str, said: str) -> tuple[Keep, ...]:
    """The same words to each of these people; they name the room, so it has to be there."""
    content = Content(said, (blockkit.section(said),))
    return tuple(
        Keep(
            _name(incident, what, person),
            ids.person(person),
            content,
            urgency=messages.PEOPLE,
            needs=incident.room,
        )
        for person in dict.fromkeys(filter(None, people))
    )


def _name(incident: Incident, what: str, person: str) -> str:
    return f"{ids.chain(incident.number)} {what} {person} {incident.last_seq + 1}"
