"""When may an incident end, and when may it begin again?"""

from __future__ import annotations

from bot.core import ids
from bot.core.facts import Words
from bot.core.facts.incidents import IncidentClosed, IncidentReopened, IncidentResolved
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused

REASON_CHARS = 3000


def resolve(incident: Incident, reason: str, _context: Context) -> Outcome:
    """End the harm; the reason is what was done and how anybody can tell."""
    if incident.status != "investigating":
        raise Refused(f"{incident.reference} is already {incident.status}.")
    if incident.harm == "ongoing":
        raise Refused(
            "Harm is marked as ongoing. Say under Fill in when it stopped, then resolve.",
            field="reason",
        )
    said = _reason(reason, "Say how it ended and how you know: it is what the review reads first.")
    return Outcome((IncidentResolved(reason=said),))


def close(incident: Incident, reason: str, _context: Context) -> Outcome:
    """End the work; only what is resolved can be closed."""
    if incident.status == "closed":
        raise Refused(f"{incident.reference} is already closed.")
    if incident.status != "resolved":
        raise Refused(
            f"{incident.reference} is not resolved yet. Resolve it first, and close it when "
            "nothing is left to do."
        )
    return Outcome((IncidentClosed(reason=_reason(reason, "Say why nothing is left to do.")),))


def reopen(incident: Incident, reason: str, _context: Context) -> Outcome:
    """Begin again; a reason helps, and nobody is held up for want of one."""
    if incident.is_open:
        raise Refused(f"{incident.reference} is open already.")
    said = _checked(ids.clean(reason))
    return Outcome((IncidentReopened(reason=Words(said) if said else None),))


def _reason(typed: str, ask: str) -> Words:
    said = _checked(ids.clean(typed))
    if not said:
        raise Refused(ask, field="reason")
    return Words(said)


def _checked(said: str) -> str:
    if len(said) > REASON_CHARS:
        raise Refused(
            f"That is {len(said):,} characters; keep it to {REASON_CHARS:,} and put the rest "
            "into the room.",
            field="reason",
        )
    return said
