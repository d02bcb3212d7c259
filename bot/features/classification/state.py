"""What kind of failure is it said to be, and whom does it hit?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core.facts import Recorded
from bot.core.facts.severity import Classified, ImpactAssessed, Intent

CHECKLIST = tuple(ImpactAssessed.model_fields)
NOTHING = "nothing"  # the choice that says that there is none; it stands alone


@dataclass(frozen=True)
class Classification:
    """Each field is None until somebody said it; a fact that leaves it out leaves it as it was."""

    bucket: str | None = None
    contributors: tuple[str, ...] | None = None
    failure_mode: str | None = None
    intent: Intent | None = None
    effort: str | None = None
    harmed: str | None = None
    how_many: str | None = None
    harm_kinds: tuple[str, ...] | None = None
    loss: str | None = None
    data_types: tuple[str, ...] | None = None
    jurisdictions: str | None = None
    legal_exposure: str | None = None
    promises: str | None = None

    @property
    def answered(self) -> int:
        """How many of the impact checklist's eight questions are answered."""
        return sum(bool(getattr(self, name)) for name in CHECKLIST)


def fold(known: Classification, recorded: Recorded) -> Classification:
    """The classification after one more fact."""
    fact = recorded.fact
    if not isinstance(fact, (Classified, ImpactAssessed)):
        return known
    said = {name: value for name, value in fact if value is not None and name != "reason"}
    return replace(known, **said)
