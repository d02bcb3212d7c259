"""Who may look at evidence, and what is written down of it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core import disclosure, ids, rights
from bot.core.evidence import Item
from bot.core.facts import Words
from bot.core.facts import evidence as e
from bot.core.incident import Incident
from bot.core.messages import Call
from bot.core.outcome import Context, Outcome
from bot.features.evidence import blocks

_TO, _WHY = Words("a direct message in Slack"), Words("Opened from its page.")


@dataclass(frozen=True)
class Look:
    """See the list, or one item of this number."""

    at: Literal["list", "working", "original"] = "list"
    number: int | None = None


def look(incident: Incident, request: Look, context: Context) -> Outcome:
    """Show what this person may see, and write down that they looked.

    Raises:
        Refused: they are not in the room, or there is no such item for them.
    """
    rights.require_inside(incident, context)
    if request.number is None:
        seen = tuple(one.number for one in disclosure.visible(incident, context))
        facts = (e.EvidenceLooked(numbers=seen, at="list"),) if seen else ()
        return Outcome(facts)
    one = disclosure.found(incident, request.number, context)
    looked = e.EvidenceLooked(numbers=(one.number,), at=request.at)
    if request.at != "original":
        return Outcome((looked,))
    disclosure.require_open(incident, one, context)
    return Outcome((looked,)) + (_brought(incident, one, context) if is_file(one) else Outcome())


def is_file(one: Item) -> bool:
    """Whether its original is a file, rather than words that fit a page."""
    return isinstance(one.record, e.FileAwaited)


def _brought(incident: Incident, one: Item, context: Context) -> Outcome:
    """The original as a file, privately; what stays in the outbox is where it lies in the vault."""
    arguments = {
        "person": context.actor,
        "filename": blocks.file_name(incident, one),
        "text": blocks.brought(incident, one),
        "item": one.record.item,
    }
    name = f"{ids.chain(incident.number)} original {incident.last_seq + 1}"
    copied = e.EvidenceCopied(number=one.number, to=_TO, reason=_WHY)
    return Outcome((copied,), (Call(name, "upload", arguments),))
