"""How do rooms that move, close or are asked about look and read?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.core import blockkit, calling, ids, messages, telling
from bot.core.incident import STATUS, Incident
from bot.core.messages import Call, Content, Keep, Message, Post
from bot.core.outcome import Shown, SummaryPart


def move(before: Incident, after: Incident, at: datetime) -> tuple[Message, ...]:
    """The private room with whoever works on it, and the end of the public one."""
    number = after.number
    name = f"{ids.room_name(number, None, is_test=after.is_test)}-private"
    gone = f"{before.reference} went on in private."
    opened: list[Message] = [
        Call(
            f"{after.room} create",
            "create",
            {"name": name, "is_private": True},
            gives=after.room,
            urgency=messages.ROOM,
        ),
        *(calling.invitation(after, person, at) for person in sorted(after.people)),
        Call(f"{after.summary} pin", "pin", needs=after.summary),
        Call(f"{after.summary} bookmark", "bookmark", {"title": "Summary"}, needs=after.summary),
    ]
    closed: list[Message] = [
        Keep(before.summary, before.room, Content(gone, (blockkit.section(gone),))),
        Call(
            f"{before.room} archive",
            "archive",
            {
                "name": ids.room_name(number, None, is_test=after.is_test),
                "topic": gone,
                "but": gone,
            },
            needs=before.room,
            lane=before.summary,
        ),
    ]
    return (*opened, *closed)


def moved(reference: str) -> Content:
    """What whoever made it private reads: what is gone, what stays, and who can delete that."""
    return Content(
        f"{reference} goes on in a private room; whoever works on it is invited. This room is "
        "closed, and what I wrote in it is deleted. What people wrote here stays readable, and so "
        "do Slack's own lines about the old topic and name. If that is too much, ask a workspace "
        "owner to delete the channel."
    )


def side_room(incident: Incident, room: str, people: Sequence[str]) -> tuple[Message, ...]:
    """A room for a few, that says what it is for."""
    name = room.rpartition("/")[2]
    purpose = f"Side room of {incident.reference} for {name}. Only who is invited sees it."
    return (
        Call(
            f"{room} create",
            "create",
            {"name": f"inc-{incident.number}-side-{name}", "is_private": True},
            gives=room,
            urgency=messages.ROOM,
        ),
        *(
            Call(f"{room} invite {person}", "invite", {"person": person}, needs=room)
            for person in people
        ),
        Keep(f"purpose/{room}", room, Content(purpose), shape="purpose"),
    )


def idle(incident: Incident) -> Post:
    """Ask whoever commands whether it goes on."""
    said = (
        f"Nothing has been recorded in {incident.reference} for a while. "
        f"Is it still going on? {messages.channel(incident.room)}"
    )
    number = str(incident.number)
    buttons = [
        blockkit.button("still_going", "Still going", number, "primary"),
        blockkit.button("resolve_asked", "Resolve", number),
    ]
    return telling.note(incident, "idle", incident.ic, said, blockkit.actions(buttons))


def archived(incident: Incident) -> Call:
    """Close the room; what was said stays there to read. After it was reopened, once more."""
    name = f"{incident.room} archive {incident.last_seq + 1}"
    return Call(name, "archive", needs=incident.room)


def here(shown: Shown, person: str, link: str | None) -> Content:
    """Which incident this is, where it stands, and what the person holds in it."""
    incident = shown.incident
    severity = shown.policy.severities.show(incident.severity)
    held = [shown.policy.roles.get(role).label for role in incident.roles_of(person)]
    owed = [one for one in shown.deadlines if one.owed_by(incident) == person]
    owed.sort(key=lambda one: one.due_at)
    title = incident.title if person in incident.people else incident.public_title
    lines = [
        f"*{incident.reference}* · {blockkit.escape(title or 'The title is kept in the room.')}",
        f"{severity} · {STATUS[incident.status]} · Harm now: {incident.harm} · "
        f"{telling.commander(incident)}",
        f"You are {' and '.join(held)}." if held else "You hold no role here.",
    ]
    if owed:
        first = owed[0]
        what, by = blockkit.escape(first.label), blockkit.when(first.due_at)
        lines.append(f"You owe: {what}, by {by}. {first.remedy}")
    if link:
        lines.append(f"<{link}|The summary>")
    text = "\n".join(lines)
    return Content(text, (blockkit.section(text),))


def summary_parts(shown: Shown) -> list[SummaryPart]:
    """Where people talk, if the policy names a bridge."""
    url = shown.policy.habits.bridge_url
    if not url or not shown.incident.is_open:
        return []
    return [SummaryPart(85, Content(f"Bridge: {url}.", (blockkit.context(f"Bridge: <{url}>"),)))]
