"""What is recorded of what a link leads to?"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.deadlines import Alarm
from bot.core.evidence import Evidence, Item
from bot.core.facts import Words
from bot.core.facts import evidence as e
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome
from bot.features.links import blocks, due

_INSTEAD = "Preserve the link anew when the other side is well, or a picture of it instead."
_NEVER_CAME = "The other side did not give it within a day."


@dataclass(frozen=True)
class Taken:
    """What a link leads to is in the vault; what the other side said of it may be unknown."""

    item: str
    sha256: str
    size_bytes: int | None
    status: int | None = None
    content_type: str | None = None


@dataclass(frozen=True)
class Missed:
    """What a link leads to cannot be had; the sentence says why."""

    item: str
    reason: str


def take(_incident: Incident, request: Taken, context: Context) -> Outcome:
    """The snapshot that was awaited is in the vault."""
    one = _awaited(request.item, context)
    if one is None:
        return Outcome()
    taken = e.SnapshotTaken(
        number=one.number,
        sha256=request.sha256,
        size_bytes=request.size_bytes or 0,
        status=request.status,
        content_type=request.content_type,
        taken_at=context.now,
    )
    return Outcome((taken,))


def miss(incident: Incident, request: Missed, context: Context) -> Outcome:
    """The snapshot cannot be had; whoever preserved the link reads why."""
    one = _awaited(request.item, context)
    return _missed(incident, one, request.reason) if one else Outcome()


def delay(incident: Incident, request: Missed, context: Context) -> Outcome:
    """The other side does not give it now: it is asked again ever later, and in the end no more."""
    one = _awaited(request.item, context)
    if one is None or one.snapshot is None:
        return Outcome()
    fact = e.SnapshotDelayed(number=one.number, reason=Words(request.reason))
    asked = len(one.snapshot.delays) + 1
    if asked < due.ASKED_AT_MOST:
        return Outcome((fact,))
    reason = f"It was asked for {asked} times and not given ({request.reason}). {_INSTEAD}"
    return Outcome((fact,)) + _missed(incident, one, reason)


def give_up(incident: Incident, alarm: Alarm, context: Context) -> Outcome:
    """A snapshot that did not come within a day is not waited for any longer."""
    one = context.states.of(Evidence).find(int(alarm.about))
    return _missed(incident, one, _NEVER_CAME) if one and one.awaits_snapshot else Outcome()


def _awaited(item: str, context: Context) -> Item | None:
    awaited = context.states.of(Evidence).snapshots_awaited
    return next((one for one in awaited if one.snapshot and one.snapshot.item == item), None)


def _missed(incident: Incident, one: Item, reason: str) -> Outcome:
    fact = e.SnapshotMissed(number=one.number, reason=Words(reason))
    return Outcome((fact,), (blocks.missed(incident, one, reason),))
