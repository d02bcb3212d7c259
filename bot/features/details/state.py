"""What is known so far of what happened?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core import ids
from bot.core.facts import Recorded
from bot.core.facts.decisions import DecisionRecorded
from bot.core.facts.incidents import (
    Basis,
    DetailsFilled,
    Family,
    IncidentDeclared,
    Source,
)

_OF_THE_INCIDENT = {"harm", "harm_stopped_at", "governance_tier"}  # other features read these too


@dataclass(frozen=True)
class Details:
    """Each field is None until somebody filled it in; both times are held with their basis."""

    family: Family | None = None
    surface: str | None = None
    seen: str | None = None
    first_output_at: datetime | None = None
    first_output_basis: Basis | None = None
    aware_at: datetime | None = None
    aware_basis: Basis | None = None
    source: Source | None = None
    has_example: bool = False
    has_impact_path: bool = False
    is_worse_with_time: bool = False
    evidence: str | None = None
    model_version: str | None = None
    has_title_words: bool = True
    source_permalink: str | None = None
    has_decision: bool = False


def fold(details: Details, recorded: Recorded) -> Details:
    """The details after one more fact; None in a fact leaves what is known."""
    match recorded.fact:
        case IncidentDeclared() as declared:
            return replace(
                details,
                seen=declared.source_text,
                first_output_at=declared.first_output_at,
                first_output_basis=declared.first_output_basis,
                aware_at=declared.aware_at,
                aware_basis=declared.aware_basis,
                has_title_words=ids.has_words(declared.title),
                source_permalink=declared.source_permalink,
            )
        case DecisionRecorded():
            return replace(details, has_decision=True)
        case DetailsFilled() as filled:
            known = {
                name: value
                for name, value in filled
                if value is not None and name not in _OF_THE_INCIDENT
            }
            return replace(details, **known)
    return details


def missing(details: Details) -> list[str]:
    """What nobody has said yet, the most useful first; none of it blocks anything."""
    gaps: dict[str, object] = {
        "a title in words": details.has_title_words,
        "what was seen": details.seen,
        "model or surface": details.surface,
        "since when": details.first_output_at,
        "family": details.family,
        "who reported it": details.source,
        "an example or credible report": details.has_example,
        "how people could be harmed": details.has_impact_path,
        "whether waiting makes it worse": details.is_worse_with_time,
        "where the evidence is": details.evidence,
        "model version": details.model_version,
    }
    if details.family == "narrative":
        # Loud is not bad; what is said of it still has to be decided on purpose.
        gaps["a decision on mitigations, documentation and limits"] = details.has_decision
    return [name for name, known in gaps.items() if not known]
