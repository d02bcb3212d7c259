"""What is sealed of what people paste, and when is it gone from Slack?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core import preserving, redaction
from bot.core.evidence import Evidence, Item
from bot.core.facts import Words
from bot.core.facts import evidence as e
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome
from bot.core.preserving import Bytes, Place, Preserve
from bot.features.pasted import blocks

_PASTED = Words("It was pasted into the room.")


@dataclass(frozen=True)
class Pasted:
    """A message of the room with personal data in it, whose original is in the vault."""

    text: str
    place: Place
    bytes: Bytes


def seal_pasted(incident: Incident, request: Pasted, context: Context) -> Outcome:
    """Seal our copy of what should not have been pasted, and ask its author to delete it."""
    if incident.is_over or _pasted(request.place, context):
        return Outcome()
    policy = context.policy.evidence
    if not redaction.found(request.text, policy):
        return Outcome()
    wanted = Preserve("pasted", place=request.place, text=request.text, bytes=request.bytes)
    evidence = context.states.of(Evidence)
    number = len(evidence.all) + 1
    fact, sealed = preserving.set_aside(incident, wanted, number, _PASTED, context)
    author = request.place.author
    note = blocks.please_delete(incident, fact, evidence.is_held)
    return Outcome((fact, sealed), (note,) if author else ())


def clear_source(_incident: Incident, place: Place, context: Context) -> Outcome:
    """What was pasted was deleted in Slack."""
    return _cleared(place, "deleted", context)


def clear_edited(_incident: Incident, place: Place, context: Context) -> Outcome:
    """What was pasted was taken out of its message."""
    return _cleared(place, "edited", context)


def _cleared(place: Place, how: Literal["deleted", "edited"], context: Context) -> Outcome:
    taken = context.states.of(Evidence).of_message(place.channel, place.ts)
    left = (one for one in taken if one.is_still_in_slack)
    return Outcome(tuple(e.SourceCleared(number=one.number, how=how) for one in left))


def _pasted(place: Place, context: Context) -> Item | None:
    taken = context.states.of(Evidence).of_message(place.channel, place.ts)
    return next((one for one in taken if one.record.source == "pasted"), None)
