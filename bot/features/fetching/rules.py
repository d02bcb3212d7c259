"""What becomes of a file that is awaited, once it came or cannot be had?"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.deadlines import Alarm
from bot.core.evidence import Evidence, Item
from bot.core.facts import Fact, Words
from bot.core.facts import evidence as e
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome
from bot.core.preserving import Bytes
from bot.core.runs import keeping
from bot.features.fetching import blocks

_NEVER_CAME = "Slack did not give it within a day."


@dataclass(frozen=True)
class Scanned:
    """A text that was looked through: what was found, and the copy without it, if anything was."""

    found: tuple[str, ...] = ()
    copy: Bytes | None = None


@dataclass(frozen=True)
class Taken:
    """An awaited file is in the vault; `scanned` None: it is no text, or too long."""

    item: str
    sha256: str
    size_bytes: int
    scanned: Scanned | None = None


@dataclass(frozen=True)
class Missed:
    """An awaited file cannot be had; the sentence says why."""

    item: str
    reason: str


def take(incident: Incident, request: Taken, context: Context) -> Outcome:
    """The bytes of an awaited file are in the vault; of what should not be read, tell who sent it.

    A test keeps no real person's data: of its files the masked copy alone stays.
    """
    one = _awaited(request.item, context)
    if one is None:
        return Outcome()
    facts: list[Fact] = [
        e.FileTaken(
            number=one.number,
            sha256=request.sha256,
            size_bytes=request.size_bytes,
            taken_at=context.now,
        )
    ]
    scanned = request.scanned
    found = scanned.found if scanned else ()
    if scanned:
        facts.append(_seen(one, scanned, is_raw_kept=not (found and incident.is_test)))
    facts += keeping.sealed(one, context)
    if not found and not one.record.is_misplaced:
        return Outcome(tuple(facts))
    is_held = context.states.of(Evidence).holds(one)
    note = blocks.found(incident, one, found, context.policy, is_held=is_held)
    return Outcome(tuple(facts), (note,))


def miss(incident: Incident, request: Missed, context: Context) -> Outcome:
    """An awaited file cannot be had; whoever asked for it reads why."""
    one = _awaited(request.item, context)
    return _missed(incident, one, request.reason) if one else Outcome()


def give_up(incident: Incident, alarm: Alarm, context: Context) -> Outcome:
    """A file that did not come within a day is not waited for any longer."""
    one = context.states.of(Evidence).find(int(alarm.about))
    return _missed(incident, one, _NEVER_CAME) if one and one.is_awaited else Outcome()


def _seen(one: Item, scanned: Scanned, *, is_raw_kept: bool) -> e.FileScanned:
    copy = scanned.copy
    return e.FileScanned(
        number=one.number,
        found=scanned.found,
        item=copy.item if copy else None,
        sha256=copy.sha256 if copy else None,
        size_bytes=copy.size_bytes if copy else None,
        is_raw_kept=is_raw_kept,
    )


def _awaited(item: str, context: Context) -> Item | None:
    awaited = context.states.of(Evidence).awaited
    return next((one for one in awaited if one.record.item == item), None)


def _missed(incident: Incident, one: Item, reason: str) -> Outcome:
    fact = e.FileMissed(number=one.number, reason=Words(reason))
    return Outcome((fact,), (blocks.missed(incident, one, reason),))
