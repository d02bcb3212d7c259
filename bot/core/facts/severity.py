"""What is remembered of how bad it is and what kind of thing it is?"""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from bot.core.facts import Fact, Words

Intent = Literal["accidental", "induced", "unknown"]


class SeverityChanged(Fact):
    """The severity is another from now on; `proposal` is the proposal that led to it."""

    severity: str
    rank: int
    reason: Words
    impact: str | None = None
    likelihood: str | None = None
    proposal: int | None = None


class SeverityProposed(Fact):
    """Somebody who may not change the severity asks for a worse one."""

    proposal: int
    severity: str
    rank: int
    reason: Words
    applies_at: AwareDatetime


class ProposalAnswered(Fact):
    """The Incident Commander said no to a proposal; a yes is the change itself."""

    proposal: int
    reason: Words | None = None


class MajorDecided(Fact):
    """Whether this is a major incident, decided on purpose and with the criteria that hold."""

    is_major: bool
    criteria: Words


class Classified(Fact):
    """What kind of failure it is, as far as the room knows; None leaves what was said before."""

    bucket: str | None = None
    contributors: tuple[str, ...] | None = None
    failure_mode: str | None = None
    intent: Intent | None = None
    effort: Words | None = None
    reason: Words | None = None


class ImpactAssessed(Fact):
    """The five-minute impact checklist; None leaves what was said before."""

    harmed: Words | None = None
    how_many: Words | None = None
    harm_kinds: tuple[str, ...] | None = None
    loss: str | None = None
    data_types: tuple[str, ...] | None = None
    jurisdictions: Words | None = None
    legal_exposure: Words | None = None
    promises: Words | None = None


KINDS: tuple[type[Fact], ...] = (
    SeverityChanged,
    SeverityProposed,
    ProposalAnswered,
    MajorDecided,
    Classified,
    ImpactAssessed,
)
