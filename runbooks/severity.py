"""How bad can it be, and what follows from it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from runbooks.base import Label, Model, RoleId
from runbooks.span import Span, Time


class Severity(Model):
    """One degree of harm; `rank` 0 is the worst. Spans that are None are not owed."""

    rank: int = Field(ge=0, le=3)
    label: Label
    four_level_alias: Label | None = None
    criteria: Annotated[str, StringConstraints(min_length=10, max_length=300)]
    pages: tuple[RoleId, ...] = ()
    informs: tuple[RoleId, ...] = ()
    requires: tuple[RoleId, ...] = ()
    acknowledge: Span | None = None
    mitigate: Span | None = None
    mitigate_hard_stop: Span | None = None
    update_every: Span | None = None
    update_later: Span | None = None
    update_later_after: Time | None = None
    classify: Span | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.update_later is None) != (self.update_later_after is None):
            raise ValueError("update_later and update_later_after go together; give both or none")
        stop = self.mitigate_hard_stop
        if stop and self.mitigate is None:
            raise ValueError("mitigate_hard_stop has no mitigate before it; give that too")
        if stop and stop.time and self.mitigate and self.mitigate.time:
            if stop.time < self.mitigate.time:
                raise ValueError("mitigate_hard_stop is earlier than mitigate; make it the later")
        return self


class NotSure(Model):
    """What the bot does while nobody knows how bad it is."""

    label: Label
    treated_as: str


class Severities(Model):
    """All degrees, the worst first; `also_typed` is what people type for one, and its label."""

    not_sure: NotSure
    severities: tuple[Severity, ...]
    also_typed: Mapping[Label, Label] = {}

    @model_validator(mode="after")
    def _whole(self) -> Self:
        labels = [severity.label.casefold() for severity in self.severities]
        if not 2 <= len(labels) <= 4:
            raise ValueError(f"severities are {len(labels)}; give two, three or four")
        for place, severity in enumerate(self.severities):
            where = f"severities.{place}"
            if labels[place] in labels[:place]:
                raise ValueError(f"{where}.label repeats {severity.label}; give each its own")
            if labels[place] == self.not_sure.label.casefold():
                raise ValueError(f"{where}.label is the label of not_sure; give each its own")
            if severity.rank != place:
                raise ValueError(
                    f"{where}.rank is {severity.rank}, not {place}; "
                    "ranks are 0, 1, 2, ... in this order, the worst first"
                )
        if self.not_sure.treated_as.casefold() not in labels:
            known = ", ".join(severity.label for severity in self.severities)
            raise ValueError(
                f"not_sure.treated_as names {self.not_sure.treated_as!r}, "
                f"which is no severity here; use one of {known}"
            )
        return self

    @model_validator(mode="after")
    def _typed(self) -> Self:
        for word, label in self.also_typed.items():
            if self.find(label) is None:
                known = ", ".join(one.label for one in self.severities)
                raise ValueError(
                    f"also_typed.{word} names {label!r}, which is no severity here; "
                    f"use one of {known}"
                )
        return self

    def find(self, label: str) -> Severity | None:
        """The severity of that label, upper or lower case; None when there is none."""
        for severity in self.severities:
            if severity.label.casefold() == label.casefold():
                return severity
        return None

    def meant(self, typed: str) -> tuple[Severity, ...]:
        """Which severities somebody may mean by a label, an alias or another word.

        More than one where a label and an alias differ only in a space or a dash: `sev 1`.
        """
        if exact := self.find(typed) or self._by_alias(typed):
            return (exact,)
        wanted = _bare(typed)
        names = ((one, (one.label, one.four_level_alias or "")) for one in self.severities)
        return tuple(one for one, each in names if wanted and wanted in map(_bare, each))

    def _by_alias(self, typed: str) -> Severity | None:
        also = {word.casefold(): label for word, label in self.also_typed.items()}
        for one in self.severities:
            if (one.four_level_alias or "").casefold() == typed.casefold() != "":
                return one
        return self.find(also.get(typed.casefold(), ""))

    def of(self, label: str | None, rank: int) -> Severity:
        """What holds for an incident: by its label, or by its rank if a policy dropped the label.

        None stands for "not sure yet".
        """
        if label is None:
            return self.when_not_sure
        return self.find(label) or self.severities[min(rank, len(self.severities) - 1)]

    @property
    def when_not_sure(self) -> Severity:
        """The severity that stands in while nobody knows."""
        found = self.find(self.not_sure.treated_as)
        if found is None:
            raise AssertionError("the validator lets no such policy through")
        return found

    def show(self, label: str | None) -> str:
        """The label as people read it: `SEV1`, or `Not sure yet (treated as SEV1)` for None.

        A label that a later policy dropped is shown as it was recorded.
        """
        if label is None:
            return f"{self.not_sure.label} (treated as {self.when_not_sure.label})"
        return label


def _bare(name: str) -> str:
    return name.casefold().replace(" ", "").replace("-", "")
