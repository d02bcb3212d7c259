"""How bad was it said to be, by whom and why, and what is proposed?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.facts import Fact, Recorded
from bot.core.facts.incidents import (
    IncidentClosed,
    IncidentDeclared,
    IncidentReopened,
    IncidentResolved,
)
from bot.core.facts.roles import RoleAccepted, RoleDropped
from bot.core.facts.severity import (
    MajorDecided,
    ProposalAnswered,
    SeverityChanged,
    SeverityProposed,
)
from bot.core.facts.status import IncidentCancelled, IncidentMerged
from bot.core.incident import IC

_ENDS = (IncidentResolved, IncidentClosed, IncidentCancelled, IncidentMerged)


@dataclass(frozen=True)
class Change:
    """A severity that held from `at` on; `severity` None means "not sure yet"."""

    at: datetime
    by: str
    severity: str | None
    rank: int
    reason: str | None = None
    proposal: int | None = None


@dataclass(frozen=True)
class Proposal:
    """A worse severity somebody asked for; `asked` are the Incident Commanders it went to.

    `answer` None means that it waits; "overtaken" is one that the incident's course settled.
    """

    number: int
    severity: str
    rank: int
    reason: str
    by: str
    applies_at: datetime
    asked: tuple[str, ...]
    answer: str | None = None
    answered_by: str | None = None
    why_not: str | None = None


@dataclass(frozen=True)
class History:
    """All severities so far, the first first, and all proposals.

    `open_since` is when it was declared or last reopened; `was_ended` whether it ever was over.
    """

    changes: tuple[Change, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    major: MajorDecided | None = None
    open_since: datetime | None = None
    was_ended: bool = False
    declarer: str = ""
    ic: str = ""

    @property
    def waiting(self) -> Proposal | None:
        """The proposal nobody has answered yet; there is one at most."""
        return next((one for one in self.proposals if one.answer is None), None)

    def proposal(self, number: int) -> Proposal | None:
        """The proposal of that number; None when there is none."""
        return next((one for one in self.proposals if one.number == number), None)


def fold(history: History, recorded: Recorded) -> History:
    """The history after one more fact."""
    fact = recorded.fact
    match fact:
        case IncidentDeclared():
            first = Change(recorded.at, recorded.actor, fact.severity, fact.rank)
            who = fact.declarer or recorded.actor
            return replace(history, changes=(first,), open_since=recorded.at, declarer=who, ic=who)
        case IncidentReopened():
            return replace(history, open_since=recorded.at)
        case MajorDecided():
            return replace(history, major=fact)
        case RoleAccepted(role=role, person=person) if role == IC:
            return _commanded(history, person)
        case RoleDropped(role=role) if role == IC:
            return _commanded(history, history.declarer)
    return _graded(history, fact, recorded)


def _graded(history: History, fact: Fact, recorded: Recorded) -> History:
    match fact:
        case SeverityChanged():
            return _changed(history, fact, recorded)
        case SeverityProposed():
            proposal = Proposal(
                number=fact.proposal,
                severity=fact.severity,
                rank=fact.rank,
                reason=fact.reason,
                by=recorded.actor,
                applies_at=fact.applies_at,
                asked=(history.ic,),
            )
            return replace(history, proposals=(*history.proposals, proposal))
        case ProposalAnswered(proposal=number, reason=reason):
            return _answered(history, number, "no", recorded.actor, reason)
        case _ if isinstance(fact, _ENDS):
            return replace(_overtaken(history, recorded.actor), was_ended=True)
    return history


def _changed(history: History, fact: SeverityChanged, recorded: Recorded) -> History:
    by, rank = recorded.actor, fact.rank
    change = Change(recorded.at, by, fact.severity, rank, fact.reason, fact.proposal)
    history = replace(history, changes=(*history.changes, change))
    if fact.proposal is not None:
        history = _answered(history, fact.proposal, "yes", by)
    waiting = history.waiting
    # A change to something less bad than what is proposed is no answer to the proposal.
    return _overtaken(history, by) if waiting and rank <= waiting.rank else history


def _overtaken(history: History, by: str) -> History:
    waiting = history.waiting
    return _answered(history, waiting.number, "overtaken", by) if waiting else history


def _answered(
    history: History, number: int, answer: str, by: str, why_not: str | None = None
) -> History:
    proposals = tuple(
        replace(one, answer=answer, answered_by=by, why_not=why_not)
        if one.number == number
        else one
        for one in history.proposals
    )
    return replace(history, proposals=proposals)


def _commanded(history: History, person: str) -> History:
    """A new Incident Commander is asked what the one before has not answered."""
    proposals = tuple(
        replace(one, asked=(*one.asked, person))
        if one.answer is None and person not in one.asked
        else one
        for one in history.proposals
    )
    return replace(history, proposals=proposals, ic=person)
