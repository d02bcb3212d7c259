"""Who may look at evidence, and what is written down of it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core import disclosure, rights
from bot.core.facts import evidence as e
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome


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
    if request.at == "original":
        disclosure.require_open(incident, one, context)
    return Outcome((e.EvidenceLooked(numbers=(one.number,), at=request.at),))
