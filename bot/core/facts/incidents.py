"""What is remembered of an incident's beginning, its gaps and its end?"""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from bot.core.facts import Fact, Words

Harm = Literal["ongoing", "stopped", "unknown"]
Family = Literal["functional", "safety", "narrative"]
Source = Literal["alert", "user", "journalist", "watchdog", "partner", "qa", "social", "staff"]
Basis = Literal["declared", "reported in a message", "log or trace", "report", "estimate"]
Route = Literal["command", "shortcut", "message", "alert"]


class IncidentDeclared(Fact):
    """Somebody opened an incident.

    With `is_uncommanded` nobody commands until somebody accepts: a guest declared it, who cannot.

    `severity` None means "not sure yet"; `rank` is then what the policy treats it as. `declarer`
    is who commands until somebody accepts, where nobody opened it by hand.
    """

    number: int
    title: Words
    severity: str | None = None
    rank: int
    is_person_at_risk: bool
    is_private: bool
    is_test: bool
    route: Route
    source_text: Words | None = None
    source_permalink: str | None = None
    aware_at: AwareDatetime
    aware_basis: Basis
    first_output_at: AwareDatetime | None = None
    first_output_basis: Basis | None = None
    declarer: str | None = None
    is_uncommanded: bool = False


class DetailsFilled(Fact):
    """Somebody filled in what was missing; None means the field was not touched."""

    harm: Harm | None = None
    harm_stopped_at: AwareDatetime | None = None
    family: Family | None = None
    surface: Words | None = None
    seen: Words | None = None
    first_output_at: AwareDatetime | None = None
    first_output_basis: Basis | None = None
    aware_at: AwareDatetime | None = None
    aware_basis: Basis | None = None
    source: Source | None = None
    has_example: bool | None = None
    has_impact_path: bool | None = None
    is_worse_with_time: bool | None = None
    evidence: Words | None = None
    model_version: Words | None = None
    governance_tier: int | None = None


class JoinAsked(Fact):
    """Somebody asked to be let into the room."""

    person: str


class IncidentResolved(Fact):
    """The harm is over and the room agreed on it."""

    reason: Words


class IncidentClosed(Fact):
    """The work is done; `despite` says why what is still open may stay open."""

    reason: Words
    despite: Words | None = None


class IncidentReopened(Fact):
    """It was not over."""

    reason: Words | None = None


class DeliveryFailed(Fact):
    """Slack refused for good something the incident owed; the words are ours, not a person's."""

    what: str
    error: str


class NearMissReported(Fact):
    """Something nearly happened; it gets an entry in the log and no room."""

    number: int
    what: Words
    caught_by: Words


class WordsErased(Fact):
    """Somebody with the right to it had words erased; the facts that held them stay."""

    places: tuple[str, ...]
    reason: str


KINDS: tuple[type[Fact], ...] = (
    IncidentDeclared,
    DetailsFilled,
    JoinAsked,
    IncidentResolved,
    IncidentClosed,
    IncidentReopened,
    DeliveryFailed,
    NearMissReported,
    WordsErased,
)
