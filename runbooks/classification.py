"""What kind of failure can it be, and how bad is what it does?"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from runbooks.base import Label, Model, Phrase, RoleId


class Choice(Model):
    """Something to choose, with what it means."""

    id: RoleId
    label: Label
    description: Phrase = "as it says"


class FailureMode(Model):
    """A way in which models fail, with what to do at once and what to find out."""

    id: RoleId
    label: Label
    fast_action: Phrase
    question: Phrase


class Impact(Model):
    """A row of the impact scale; `rank` is the severity it means when it is certain."""

    id: RoleId
    label: Phrase
    rank: int = Field(ge=0, le=3)


class Likelihood(Model):
    """How likely the impact is; `lowers` is by how many ranks it is less urgent."""

    id: RoleId
    label: Phrase
    lowers: int = Field(ge=0, le=3)


class Classification(Model):
    """Buckets, failure modes, and what the impact checklist offers."""

    buckets: tuple[Choice, ...]
    failure_modes: tuple[FailureMode, ...]
    impacts: tuple[Impact, ...]
    likelihoods: tuple[Likelihood, ...]
    harm_kinds: tuple[Choice, ...]
    losses: tuple[Choice, ...]
    data_types: tuple[Choice, ...]

    @model_validator(mode="after")
    def _once(self) -> Self:
        for name, choices in self:
            ids = [choice.id for choice in choices]
            if not ids:
                raise ValueError(f"{name} is empty; give at least one")
            if len(ids) > 10:
                raise ValueError(f"{name} has {len(ids)} entries; a form shows ten at most")
            for place, one in enumerate(ids):
                if one in ids[:place]:
                    raise ValueError(f"{name}.{place}.id repeats {one}; give each its own")
        return self

    def rank(self, impact: str, likelihood: str) -> int:
        """The rank that impact and likelihood give: how loud it is and effort never enter.

        Raises:
            KeyError: one of them is not in the policy.
        """
        # The worst of the impact's row and the row the likelihood lowers it to would always be the
        # first, and asking how likely it is would change nothing. So the lowered one is proposed,
        # the other is shown beside it, and whoever decides may choose either.
        chance = {one.id: one for one in self.likelihoods}[likelihood]
        return min(self.rank_if_certain(impact) + chance.lowers, 3)

    def rank_if_certain(self, impact: str) -> int:
        """The rank of the impact's own row, whatever the likelihood.

        Raises:
            KeyError: it is not in the policy.
        """
        return {one.id: one for one in self.impacts}[impact].rank
