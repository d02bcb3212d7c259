"""How is something put that several features show: an update, a role and who holds it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block, Option

from bot.core import blockkit, ids
from bot.core.blockkit import escape, plain, when
from bot.core.facts import Fact, rooms, webhooks
from bot.core.facts.updates import UpdatePosted
from bot.core.incident import IC, STATUS, Incident
from bot.core.messages import Content, Post
from bot.core.outcome import Person, Shown

HIDDEN_TITLE = "The title is kept in the room: a person may be at risk."
UPDATE = "update"  # the name of the deadline
_OPEN_IMPACT = "Under investigation; first evidence shows: "
# What was put back, and what was left when it was gone again.
_PARTS: Mapping[rooms.Part, tuple[str, str]] = {
    "summary": (
        "posted the summary anew, as it had been deleted",
        "saw that the new summary was deleted too, and waits before another",
    ),
    "pin": (
        "pinned the summary again",
        "left the summary unpinned, as somebody took the pin off again",
    ),
    "topic": (
        "put the topic's beginning back",
        "left the topic as it is, as somebody changed it again",
    ),
    "bookmark": (
        "put the bookmark to the summary back",
        "left the bookmark away, as somebody removed it again",
    ),
}
_LOST: Mapping[rooms.Away, tuple[str, str]] = {
    "archived": (
        "found the room archived while the incident goes on; what is owed waits",
        "found the room unarchived; what waited follows",
    ),
    "bot": (
        "was removed from the room; what is owed waits",
        "is back in the room; what waited follows",
    ),
}
_ROW = 24  # options of a picker that are worth reading
_ROW_CHARS = 750  # of a text in a message; all rows together stay far below Slack's limit


def state(shown: Shown) -> tuple[str, ...]:
    """Severity, whether it is a major incident, and status, as every place shows them."""
    incident = shown.incident
    severity = shown.policy.severities.show(incident.severity)
    major = ("MAJOR",) if incident.is_major else ()
    return (severity, *major, STATUS[incident.status])


def made_private(incident: Incident) -> str:
    """All that is left of an announcement once the incident went on in private."""
    return f"{incident.reference} was made private. There is nothing to join."


def impact(update: UpdatePosted) -> str | None:
    """The impact as it may be told: a number, or said to be open."""
    if not update.impact:
        return None
    return update.impact if update.is_impact_known else f"{_OPEN_IMPACT}{update.impact}"


def next_update(shown: Shown) -> str | None:
    """When the next update is due; None when none is owed."""
    owed = next((one for one in shown.deadlines if one.name == UPDATE), None)
    return f"next update due {when(owed.due_at)}" if owed else None


def lines(rows: Sequence[tuple[str, str | None]]) -> tuple[str, tuple[Block, ...]]:
    """Rows of label and typed text, as words and as blocks; empty ones are left out."""
    kept = [(label, blockkit.shorten(value, _ROW_CHARS)) for label, value in rows if value]
    said = "\n".join(f"{label}: {escape(value)}" for label, value in kept)
    blocks = tuple(blockkit.section(f"*{label}*\n{escape(value)}") for label, value in kept)
    return said, blocks


def holder(shown: Shown, role: str) -> str:
    """Who holds a role, who was asked, or that nobody does."""
    incident = shown.incident
    held, asked = incident.holders.get(role), incident.offers.get(role)
    said = []
    if held:
        said.append(f"<@{held.person}>" + (" EXTERNAL" if held.is_external else ""))
    elif role == IC:
        said.append("nobody yet" if incident.has_no_ic else f"<@{incident.ic}>, acting")
    if asked:
        said.append(f"<@{asked.person}> was asked" + (" EXTERNAL" if asked.is_external else ""))
    return "; ".join(said) or "nobody"


def commander(incident: Incident) -> str:
    """Who commands, or that nobody does yet."""
    return "nobody commands yet" if incident.has_no_ic else f"<@{incident.ic}> commands"


def person_options(people: Sequence[Person], asleep: frozenset[str], now: datetime) -> list[Option]:
    """People with their time of day, and whether they asked not to be disturbed."""
    return [
        Option(value=one.id, text=plain(blockkit.shorten(_named(one, asleep, now), 75)))
        for one in people[:_ROW]
    ]


def _named(person: Person, asleep: frozenset[str], now: datetime) -> str:
    parts = [person.name or person.id, f"{now.astimezone(ZoneInfo(person.tz)):%H:%M}"]
    if person.id in asleep:
        parts.append("do not disturb")
    if person.is_guest:
        parts.append("EXTERNAL")
    return " · ".join(parts)


def note(
    incident: Incident, kind: str, to: str, said: str, *more: Block, overtakes: bool = False
) -> Post:
    """One private message about an incident, owed by the fact that comes next; `kind` names it.

    One that `overtakes` takes the place of those of its kind that could not be sent yet.
    """
    about = f"{ids.chain(incident.number)} {kind}"
    content = Content(said, (blockkit.section(said), *more))
    family = about if overtakes else None
    return Post(f"{about} {incident.last_seq + 1}", ids.person(to), content, family=family)


def relieved(incident: Incident, label: str, by: str, person: str) -> Post:
    """What whoever held a role reads when another has it."""
    said = f"<@{by}> is {label} in {incident.reference} now. You are free of it."
    return note(incident, "relieved", person, said)


def takeover(shown: Shown, role: str) -> str:
    """What the person reads who asked for a role that another holds."""
    waiting, label = shown.incident.takeovers.get(role), shown.policy.roles.get(role).label
    if waiting is None:
        return f"It is settled who is {label}; the summary shows it."
    until = when(waiting.applies_at)
    return f"<@{waiting.holder}> is asked. You are {label} by {until} unless they keep it."


def webhook(fact: Fact) -> str:
    """What became of something that another system was sent; empty for any other fact."""
    match fact:
        case webhooks.WebhookAnswered(target=target, reference=reference):
            known = f" as {escape(blockkit.shorten(reference, 100))}" if reference else ""
            return f"heard that {escape(target)} took it{known}"
        case webhooks.WebhookFailed(target=target, reason=reason):
            return f"could not reach {escape(target)}: {escape(blockkit.shorten(reason, 100))}"
        case webhooks.WebhookCalledBack(target=target, is_done=is_done, note=note):
            said = f": {escape(blockkit.shorten(note, 100))}" if note else ""
            return f"heard from {escape(target)} that it {'is done' if is_done else 'failed'}{said}"
    return ""


def room(fact: Fact) -> str:
    """What became of a room, behind the name of who saw to it; empty for any other fact."""
    match fact:
        case rooms.RoomRepaired(part=part):
            return _PARTS[part][0]
        case rooms.RoomDrifted(part=part):
            return _PARTS[part][1]
        case rooms.RoomLost(why=why):
            return _LOST[why][0]
        case rooms.RoomRecovered(why=why):
            return _LOST[why][1]
        case rooms.RoomRenamed(name=name):
            return f"saw that the room is called {blockkit.cut(name, ids.ROOM_NAME_CHARS)} now"
        case rooms.ReturnAsked(person=person):
            return f"pointed out that <@{person}> left the room with a role"
    return ""
