"""How is something put that several features show: an update, a role and who holds it?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block, Option

from bot.core import blockkit, ids
from bot.core.blockkit import escape, plain, when
from bot.core.facts.updates import UpdatePosted
from bot.core.incident import IC, Incident
from bot.core.messages import Content, Post
from bot.core.outcome import Person, Shown

UPDATE = "update"  # the name of the deadline
_OPEN_IMPACT = "Under investigation; first evidence shows: "
_ROW = 24  # options of a picker that are worth reading
_ROW_CHARS = 750  # of a text in a message; all rows together stay far below Slack's limit


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


def note(incident: Incident, kind: str, to: str, said: str, *more: Block) -> Post:
    """One private message about an incident, owed by the fact that comes next; `kind` names it."""
    name = f"{ids.chain(incident.number)} {kind} {incident.last_seq + 1}"
    return Post(name, ids.person(to), Content(said, (blockkit.section(said), *more)))


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
