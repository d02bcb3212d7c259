"""What becomes of what somebody preserves?"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core import typed
from bot.core.deadlines import Alarm
from bot.core.evidence import Evidence, Item
from bot.core.facts import Words
from bot.core.facts import evidence as e
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome
from bot.core.preserving import preserve as preserved
from bot.features.preserving import blocks

__all__ = ["Missed", "Taken", "give_up", "miss", "preserve", "take"]

_NEVER_CAME = "Slack did not give it within a day."


preserve = typed.masks("your note", typed.AGAIN, "labels", "note", "contact")(preserved)


@dataclass(frozen=True)
class Taken:
    """An awaited file is in the vault."""

    item: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Missed:
    """An awaited file cannot be had; the sentence says why."""

    item: str
    reason: str


def take(_incident: Incident, request: Taken, context: Context) -> Outcome:
    """The bytes of an awaited file are in the vault."""
    one = _awaited(request.item, context)
    if one is None:
        return Outcome()
    taken = e.FileTaken(
        number=one.number,
        sha256=request.sha256,
        size_bytes=request.size_bytes,
        taken_at=context.now,
    )
    return Outcome((taken,))


def miss(incident: Incident, request: Missed, context: Context) -> Outcome:
    """An awaited file cannot be had; whoever asked for it reads why."""
    one = _awaited(request.item, context)
    return _missed(incident, one, request.reason) if one else Outcome()


def give_up(incident: Incident, alarm: Alarm, context: Context) -> Outcome:
    """A file that did not come within a day is not waited for any longer."""
    one = context.states.of(Evidence).find(int(alarm.about))
    return _missed(incident, one, _NEVER_CAME) if one and one.is_awaited else Outcome()


def _awaited(item: str, context: Context) -> Item | None:
    awaited = context.states.of(Evidence).awaited
    return next((one for one in awaited if one.record.item == item), None)


def _missed(incident: Incident, one: Item, reason: str) -> Outcome:
    fact = e.FileMissed(number=one.number, reason=Words(reason))
    return Outcome((fact,), (blocks.missed(incident, one, reason),))
