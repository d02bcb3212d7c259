"""How may an incident go on, when may it end, and when may it begin again?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core import ids, rights, typed
from bot.core.facts import Words
from bot.core.facts.incidents import IncidentClosed, IncidentReopened, IncidentResolved
from bot.core.facts.status import DuplicateReopened, IncidentCancelled, Mitigated, MonitoringStarted
from bot.core.incident import OPEN, OVER, Incident, Status
from bot.core.outcome import Context, Outcome, Refused
from bot.core.runs import governance
from bot.core.runs.governance import Known
from bot.features.status import blocks
from bot.features.status.blocks import Step
from bot.features.status.state import Course

REASON_CHARS = 3000
_FROM: Mapping[Step, tuple[Status, ...]] = {
    "mitigated": ("investigating", "monitoring"),
    "monitoring": ("investigating", "mitigated"),
    "resolve": OPEN,
    "close": ("resolved",),
    "reopen": ("resolved", *OVER),
    "cancel": (*OPEN, "resolved"),
}


@dataclass(frozen=True)
class Mitigation:
    """How harm is held off: what was done, who is still exposed, what shows it."""

    done: str
    exposed: str
    measure: str


@dataclass(frozen=True)
class Closing:
    """Why nothing is left to do; `despite` is why what is still open may stay open."""

    reason: str
    despite: str = ""


@dataclass(frozen=True)
class Cancelling:
    """Why it was a false alarm, and the fix of what raised it; `despite` as in a closing."""

    reason: str
    detector_fix: str
    despite: str = ""


def check(incident: Incident, step: Step, context: Context) -> None:
    """Let a step be taken that the status and the person's rights allow.

    Raises:
        Refused: one of them does not; the sentence says what to do instead.
    """
    if incident.status not in _FROM[step]:
        raise Refused(_not_from_here(incident, step))
    rights.require(incident, context, step)


def _not_from_here(incident: Incident, step: Step) -> str:
    if step == "reopen":
        return f"{incident.reference} is open already."
    if step == "close" and incident.is_open:
        return (
            f"{incident.reference} is not resolved yet. Resolve it first, and close it when "
            "nothing is left to do."
        )
    return f"{incident.reference} is already {blocks.phrase(incident.status)}."


@typed.masks("what you said of the mitigation", typed.AGAIN, "done", "measure")
def mitigate(incident: Incident, request: Mitigation, context: Context) -> Outcome:
    """Harm is held off; the first time stops the clock of the first mitigation."""
    check(incident, "mitigated", context)
    mitigated = Mitigated(
        done=_said(request.done, "Say what was done to hold the harm off.", "done"),
        exposed=_said(request.exposed, "Say who is still exposed, or nobody.", "exposed"),
        measure=_said(request.measure, "Say which measure shows that it works.", "measure"),
    )
    return Outcome((mitigated,))


@typed.masks("your reason", typed.AGAIN)
def monitor(incident: Incident, reason: str, context: Context) -> Outcome:
    """The cure is in place and is being watched."""
    check(incident, "monitoring", context)
    said = _said(reason, "Say what is being watched, and until when.")
    return Outcome((MonitoringStarted(reason=said),))


@typed.masks("your reason", typed.AGAIN)
def resolve(incident: Incident, reason: str, context: Context) -> Outcome:
    """End the harm; the reason is what was done and how anybody can tell."""
    check(incident, "resolve", context)
    if incident.harm == "ongoing":
        raise Refused(
            "Harm is marked as ongoing. Say under Fill in when it stopped, then resolve.",
            field="reason",
        )
    said = _said(reason, "Say how it ended and how you know: it is what the review reads first.")
    return Outcome((IncidentResolved(reason=said),))


@typed.masks("your reason", typed.AGAIN, "reason", "despite")
def close(incident: Incident, request: Closing, context: Context) -> Outcome:
    """End the work; only what is resolved can be closed, and what is left open takes a reason."""
    check(incident, "close", context)
    reason = _said(request.reason, "Say why nothing is left to do.")
    despite = _despite(incident, "close", request.despite, context)
    return Outcome((IncidentClosed(reason=reason, despite=despite),))


@typed.masks("your reason", typed.AGAIN)
def reopen(incident: Incident, reason: str, context: Context) -> Outcome:
    """Begin again; a duplicate also leaves what it was merged into. A reason helps."""
    check(incident, "reopen", context)
    said = _checked(reason)
    reopened = IncidentReopened(reason=Words(said) if said else None)
    other = context.other
    if other is None or other.number != incident.merged_into:
        return Outcome((reopened,))
    return Outcome((reopened,), other=Outcome((DuplicateReopened(number=incident.number),)))


@typed.masks("your reason", typed.AGAIN, "reason", "detector_fix", "despite")
def cancel(incident: Incident, request: Cancelling, context: Context) -> Outcome:
    """It was a false alarm; what raised it gets a fix, or it comes again."""
    check(incident, "cancel", context)
    cancelled = IncidentCancelled(
        reason=_said(request.reason, "Say how you know that it was a false alarm."),
        detector_fix=_said(
            request.detector_fix,
            "Say what is changed in the detector, and by whom: an alarm that is only closed "
            "comes again.",
            "detector_fix",
        ),
        despite=_despite(incident, "cancel", request.despite, context),
    )
    return Outcome((cancelled,))


def left_open(incident: Incident, step: Step, known: Known) -> tuple[str, ...]:
    """What is still open if this step ends it; a false alarm owes no run of a runbook."""
    runs: tuple[str, ...] = ()
    if step == "close":
        runs = (*governance.left_open(incident, known), *governance.going_on(known))
    return (*runs, *known.states.of(Course).left_open(incident))


def _despite(incident: Incident, step: Step, typed: str, context: Context) -> Words | None:
    """Why what is still open may stay open; None where nothing is."""
    said = _checked(typed, "despite")
    left = left_open(incident, step, context)
    if left and not said:
        raise Refused(blocks.still_open(incident, step, len(left)), field="despite")
    return Words(said) if left else None


def _said(typed: str, ask: str, field: str = "reason") -> Words:
    said = _checked(typed, field)
    if not ids.has_words(said):
        raise Refused(ask, field=field)
    return Words(said)


def _checked(typed: str, field: str = "reason") -> str:
    said = ids.clean(typed)
    if len(said) > REASON_CHARS:
        raise Refused(
            f"That is {len(said):,} characters; keep it to {REASON_CHARS:,} and put the rest "
            "into the room.",
            field=field,
        )
    return said
