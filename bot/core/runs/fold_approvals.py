"""What became of a request for approval?"""

from __future__ import annotations

from dataclasses import replace

from bot.core.facts import Recorded
from bot.core.facts import runbooks as f
from bot.core.runs.model import Ask, Ending, Step, Verdict

OfApproval = (
    f.ApprovalAsked
    | f.ApprovalAnswered
    | f.ApprovalDelegated
    | f.ApprovalWithdrawn
    | f.ApprovalExpired
    | f.ApprovalLapsed
)


def after(step: Step, fact: OfApproval, recorded: Recorded) -> tuple[Ask, ...]:
    """All requests for this step after one more fact about the newest."""
    match fact:
        case f.ApprovalAsked():
            asked = Ask(
                number=fact.ask,
                by=recorded.actor,
                at=recorded.at,
                text=fact.text,
                approvers=fact.approvers,
                options=fact.options,
                expires_at=fact.expires_at,
            )
            return (*step.asks, asked)
        case f.ApprovalAnswered():
            return _answered(step.asks, fact, recorded)
        case f.ApprovalDelegated():
            last = step.asks[-1]
            to = {**last.delegates, fact.seat: (recorded.actor, fact.to)}
            return (*step.asks[:-1], replace(last, delegates=to))
        case f.ApprovalWithdrawn():
            return ended(step.asks, "withdrawn")
        case f.ApprovalExpired():
            return ended(step.asks, "expired")
        case f.ApprovalLapsed():
            return (*step.asks[:-1], replace(step.asks[-1], ended="lapsed"))


def ended(asks: tuple[Ask, ...], how: Ending) -> tuple[Ask, ...]:
    """The same requests; one that waited is over."""
    if not asks or asks[-1].ended:
        return asks
    return (*asks[:-1], replace(asks[-1], ended=how))


def granted(asks: tuple[Ask, ...]) -> tuple[Ask, ...]:
    """The same requests; one that waited is granted, because the step is done."""
    return ended(asks, "granted")


def _answered(
    asks: tuple[Ask, ...], fact: f.ApprovalAnswered, recorded: Recorded
) -> tuple[Ask, ...]:
    verdict = Verdict(
        person=recorded.actor,
        seat=fact.seat,
        decision=fact.decision,
        reason=fact.reason,
        at=recorded.at,
        conditions=fact.conditions,
        options=fact.options,
    )
    last = replace(asks[-1], verdicts=(*asks[-1].verdicts, verdict))
    if fact.decision == "refused":
        last = replace(last, ended="refused")
    return (*asks[:-1], last)
