"""What do the facts of an incident add up to, for every feature?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.core import ids
from bot.core.facts import Recorded
from bot.core.facts.incidents import (
    DetailsFilled,
    Harm,
    IncidentClosed,
    IncidentDeclared,
    IncidentReopened,
    IncidentResolved,
    JoinAsked,
)

Status = Literal["new", "investigating", "resolved", "closed"]


@dataclass(frozen=True)
class Incident:
    """An incident as its facts tell it; `status` "new" means that nothing was recorded yet."""

    number: int
    status: Status = "new"
    title: str = ""
    severity: str | None = None
    rank: int = 0
    is_person_at_risk: bool = False
    is_private: bool = False
    is_test: bool = False
    declarer: str = ""
    acting_ic: str = ""
    declared_at: datetime | None = None
    changed_at: datetime | None = None
    ended_because: str | None = None
    people: frozenset[str] = frozenset()
    harm: Harm = "unknown"
    harm_stopped_at: datetime | None = None
    last_seq: int = 0

    @property
    def reference(self) -> str:
        """How people call it, marked when it is a test: `TEST INC-12`."""
        name = ids.reference(self.number)
        return f"TEST {name}" if self.is_test else name

    @property
    def is_open(self) -> bool:
        """Whether the room still works on it."""
        return self.status == "investigating"

    @property
    def public_title(self) -> str | None:
        """The title where outsiders can read it; None when it must stay in the room."""
        return None if self.is_private or self.is_person_at_risk else self.title


def fold(incident: Incident, recorded: Recorded) -> Incident:
    """The incident after one more fact; kinds it does not know leave it as it is."""
    after = replace(incident, last_seq=recorded.seq, changed_at=recorded.at)
    match recorded.fact:
        case IncidentDeclared() as declared:
            return replace(
                after,
                status="investigating",
                title=declared.title,
                severity=declared.severity,
                rank=declared.rank,
                is_person_at_risk=declared.is_person_at_risk,
                is_private=declared.is_private,
                is_test=declared.is_test,
                declarer=recorded.actor,
                acting_ic=recorded.actor,
                declared_at=recorded.at,
                people=frozenset({recorded.actor}),
            )
        case DetailsFilled(harm=harm, harm_stopped_at=stopped_at):
            harm = harm or incident.harm
            at = (stopped_at or incident.harm_stopped_at) if harm == "stopped" else None
            return replace(after, harm=harm, harm_stopped_at=at)
        case JoinAsked(person=person):
            return replace(after, people=incident.people | {person})
        case IncidentResolved(reason=reason):
            return replace(after, status="resolved", ended_because=reason)
        case IncidentClosed(reason=reason):
            return replace(after, status="closed", ended_because=reason)
        case IncidentReopened():
            return replace(after, status="investigating", ended_because=None)
    return after
