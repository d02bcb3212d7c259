"""Who may say how bad it is, and who is called by it?"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core import blockkit, calling, ids, rights, typed
from bot.core.deadlines import Alarm
from bot.core.facts import Words
from bot.core.facts.severity import (
    MajorDecided,
    ProposalAnswered,
    SeverityChanged,
    SeverityProposed,
)
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused
from bot.features.severity import blocks
from bot.features.severity.state import History, Proposal
from runbooks.model import Policy, Severity

REASON_CHARS = 3000


@dataclass(frozen=True)
class Change:
    """Another severity; None takes what impact and likelihood give."""

    severity: str | None
    reason: str
    impact: str | None = None
    likelihood: str | None = None


@dataclass(frozen=True)
class Answer:
    """What the Incident Commander says to a proposal."""

    proposal: int
    reason: str = ""


@dataclass(frozen=True)
class Major:
    """Whether it is a major incident, and by which criteria."""

    is_major: bool
    criteria: str


@typed.masks("your reason", typed.AGAIN, "reason")
def change(incident: Incident, request: Change, context: Context) -> Outcome:
    """Set another severity and call whom it names; who may not set it, proposes a worse one."""
    rights.require_going(incident)
    severity = _meant(request, context.policy)
    if incident.severity == severity.label:
        raise Refused(f"{incident.reference} is {severity.label} already.", field="severity")
    reason = _words(request.reason, "Say why, as in `because two more tenants see it`.")
    if not rights.may(incident, context.actor, "severity", context.policy):
        return _propose(incident, severity, reason, context)
    changed = SeverityChanged(
        severity=severity.label,
        rank=severity.rank,
        reason=reason,
        impact=request.impact,
        likelihood=request.likelihood,
    )
    return _set(incident, changed, context)


@typed.masks("your reason", typed.AGAIN, "reason")
def agree(incident: Incident, request: Answer, context: Context) -> Outcome:
    """The Incident Commander makes a proposal the severity."""
    rights.require_going(incident)
    rights.require(incident, context, "severity")
    proposal = _waiting(request.proposal, context)
    return _apply(incident, proposal, context)


@typed.masks("your reason", typed.AGAIN, "reason")
def decline(incident: Incident, request: Answer, context: Context) -> Outcome:
    """The Incident Commander keeps the severity; a reason helps and is not asked for."""
    rights.require_going(incident)
    rights.require(incident, context, "severity")
    proposal = _waiting(request.proposal, context)
    reason = _checked(request.reason)
    answered = ProposalAnswered(proposal=proposal.number, reason=Words(reason) if reason else None)
    return Outcome((answered,))


def apply_proposal(incident: Incident, alarm: Alarm, context: Context) -> Outcome:
    """What nobody answered in time applies."""
    waiting = context.states.of(History).waiting
    if waiting is None or str(waiting.number) != alarm.about:
        return Outcome()
    return _apply(incident, waiting, context)


@typed.masks("your reason", typed.AGAIN, "criteria")
def decide_major(incident: Incident, request: Major, context: Context) -> Outcome:
    """Declare a major incident, or take that back; both on purpose and with the criteria."""
    rights.require_going(incident)
    if request.is_major == incident.is_major:
        now = "already a major incident" if incident.is_major else "not a major incident"
        raise Refused(f"{incident.reference} is {now}.", field="is_major")
    rights.require(incident, context, "major")
    ask = "Say which criteria hold, as in `because three regions are down`."
    if not request.is_major:
        ask = "Say why it is no longer one, as in `no because one tenant is left`."
    criteria = _words(request.criteria, ask, field="criteria")
    return Outcome((MajorDecided(is_major=request.is_major, criteria=criteria),))


def _meant(request: Change, policy: Policy) -> Severity:
    severities = policy.severities
    if request.severity:
        meant = severities.meant(request.severity)
        typed = blockkit.escape(ids.clean(request.severity)[:40])
        if not meant:
            known = ", ".join(one.label for one in severities.severities)
            raise Refused(f"There is no severity {typed}. Use {known}.", field="severity")
        if len(meant) > 1:
            either = " or ".join(one.label for one in meant)
            raise Refused(
                f"{typed} can be {either}, by the label or by the four-level alias. Write which.",
                field="severity",
            )
        return meant[0]
    given = blocks.advice(policy, request.impact, request.likelihood)
    if given is None:
        raise Refused("Choose a severity, or say both impact and likelihood.", field="severity")
    return given


def _propose(incident: Incident, severity: Severity, reason: Words, context: Context) -> Outcome:
    if severity.rank >= incident.rank:
        rights.require(incident, context, "severity")
    history = context.states.of(History)
    if history.waiting:
        raise Refused(
            f"{history.waiting.severity} is proposed already. It waits for "
            f"<@{incident.ic}>; speak to them in the room.",
            field="severity",
        )
    proposed = SeverityProposed(
        proposal=len(history.proposals) + 1,
        severity=severity.label,
        rank=severity.rank,
        reason=reason,
        applies_at=context.now + context.policy.habits.propose_applies_after,
    )
    return Outcome((proposed,))


def _waiting(number: int, context: Context) -> Proposal:
    proposal = context.states.of(History).proposal(number)
    if proposal is None:
        raise Refused("There is no such proposal.")
    if proposal.answer is not None:
        raise Refused(f"Nothing was changed: {blocks.answer(proposal)}")
    return proposal


def _apply(incident: Incident, proposal: Proposal, context: Context) -> Outcome:
    changed = SeverityChanged(
        severity=proposal.severity,
        rank=proposal.rank,
        reason=Words(proposal.reason),
        proposal=proposal.number,
    )
    return _set(incident, changed, context)


def _set(incident: Incident, changed: SeverityChanged, context: Context) -> Outcome:
    """The change, and the calls of a worse severity; a milder one calls nobody."""
    outcome = Outcome((changed,))
    severity = context.policy.severities.find(changed.severity)
    if severity is None or changed.rank >= incident.rank:
        return outcome
    after = calling.advanced(incident, outcome, context)
    return outcome + calling.call_for_severity(after, severity, context)


def _words(typed: str, ask: str, field: str = "reason") -> Words:
    said = _checked(typed, field)
    if not said:
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
