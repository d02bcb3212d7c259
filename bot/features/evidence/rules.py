"""Who may look at evidence, and what is written down of it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.core import disclosure, ids, rights, typed
from bot.core.evidence import Item
from bot.core.facts import Words
from bot.core.facts import evidence as e
from bot.core.incident import Incident
from bot.core.messages import Call
from bot.core.outcome import Context, Outcome, Refused
from bot.features.evidence import blocks

VERSIONS_CHARS = 500
TRACE_USAGE = (
    "Say which is which, and the versions: `{command} evidence trace prompt E-1 context E-2 "
    "output E-3 versions model 4.1, prompt 12, policy 7`. The context may be left out."
)
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


@dataclass(frozen=True)
class Trace:
    """Say which items are prompt, retrieval context and output of one answer, and the versions."""

    parts: Mapping[str, int]
    versions: str


@typed.masks("the versions you named", typed.AGAIN, "versions")
def link(incident: Incident, request: Trace, context: Context) -> Outcome:
    """Link what belongs to one answer of a model.

    Raises:
        Refused: they are not in the room, one is not there for them, one stands twice, one was
            erased, or something is missing.
    """
    rights.require_inside(incident, context)
    parts, versions = request.parts, ids.clean(request.versions)
    if not {"prompt", "output"} <= parts.keys() or not versions:
        raise Refused(TRACE_USAGE.format(command=context.command))
    items = [disclosure.found(incident, number, context) for number in parts.values()]
    if len({one.number for one in items}) < len(items):
        raise Refused("Each part of a trace is an item of its own. Nothing was changed.")
    if erased := [one.reference for one in items if one.erased_at]:
        raise Refused(f"{', '.join(erased)} was erased. Nothing was changed.")
    trace = e.TraceLinked(
        prompt=parts["prompt"],
        context=parts.get("context"),
        output=parts["output"],
        versions=Words(versions[:VERSIONS_CHARS]),
    )
    if any(one.trace == trace for one in items):
        raise Refused("They are linked so already.")
    return Outcome((trace,))


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
        "sha256": one.sha256,
    }
    name = f"{ids.chain(incident.number)} original {incident.last_seq + 1}"
    copied = e.EvidenceCopied(number=one.number, to=_TO, reason=_WHY)
    return Outcome((copied,), (Call(name, "upload", arguments),))
