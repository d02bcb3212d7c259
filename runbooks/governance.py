"""How closely can an incident be governed?"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from runbooks.base import Label, Model, Phrase


class Tier(Model):
    """A tier; a higher one asks for more."""

    tier: int = Field(ge=1, le=4)
    label: Label
    means: Phrase


class Governance(Model):
    """The tiers, and the `usual` one: that of an incident of which nobody said another.

    From which tier on a runbook owes a record of its run it says itself.
    """

    usual: int
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = [one.tier for one in self.tiers]
        if known != sorted(set(known)):
            raise ValueError("tiers are not in order, or twice there; list each once, lowest first")
        if self.usual not in known:
            raise ValueError(f"usual is {self.usual}; use one of {', '.join(map(str, known))}")
        return self

    def find(self, tier: int) -> Tier | None:
        """The tier of that number; None when there is none."""
        return next((one for one in self.tiers if one.tier == tier), None)

    def show(self, tier: int) -> str:
        """A tier as people read it, as `2, Managed`."""
        found = self.find(tier)
        return f"{tier}, {found.label}" if found else str(tier)
