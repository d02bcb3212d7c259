"""What may a form ask?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field as Setting
from pydantic import StringConstraints, model_validator

from runbooks.base import Model, RoleId

# Slack's limits: an option's text 75 characters, a select 100 options, a plain text input 3,000.
OptionLabel = Annotated[str, StringConstraints(min_length=1, max_length=75)]
Question = Annotated[str, StringConstraints(min_length=2, max_length=150)]
Hint = Annotated[str, StringConstraints(min_length=2, max_length=300)]
RANKS = ("rank0", "rank1", "rank2", "rank3")
Options = Annotated[Mapping[RoleId, OptionLabel], Setting(min_length=2, max_length=100)]


class _Asked(Model):
    """What all fields have; `may_be_unknown` takes "unknown, because ..." for an answer."""

    id: RoleId
    label: Question
    hint: Hint | None = None
    required: bool = True
    may_be_unknown: bool = True

    @property
    def blocks(self) -> int:
        """How many blocks of a modal it takes: the question, and "unknown, because"."""
        return 1 + self.may_be_unknown


class Text(_Asked):
    """Words; several lines of them where `is_long`."""

    type: Literal["text"]
    is_long: bool = True
    most_chars: int = Setting(default=3000, ge=1, le=3000)


class Number(_Asked):
    """One number, within bounds where they are given."""

    type: Literal["number"]
    unit: OptionLabel | None = None
    at_least: float | None = 0
    at_most: float | None = None
    is_whole: bool = True

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.at_least is not None and self.at_most is not None:
            if self.at_most <= self.at_least:
                raise ValueError("at_most is not above at_least; make it the larger")
        return self


class Range(_Asked):
    """From and to: how many at least and at most, while nobody knows exactly."""

    type: Literal["range"]
    unit: OptionLabel

    @property
    def blocks(self) -> int:
        """Two numbers, and "unknown, because"."""
        return 2 + self.may_be_unknown


class Choice(_Asked):
    """One of the options."""

    type: Literal["choice"]
    options: Options


class Rank(_Asked):
    """A severity, shown by the policy's labels; the answer is its rank: `rank0` is the worst."""

    type: Literal["severity"]


class Choices(_Asked):
    """Any number of the options; one of those `alone`, such as "none", goes with no other."""

    type: Literal["choices"]
    options: Options
    alone: tuple[RoleId, ...] = ()

    @model_validator(mode="after")
    def _alone(self) -> Self:
        if strange := [one for one in self.alone if one not in self.options]:
            raise ValueError(f"alone names {strange[0]}, which is no option; name one that is")
        return self


class People(_Asked):
    """Members of the workspace."""

    type: Literal["people"]
    at_most: int = Setting(default=1, ge=1, le=10)


class Day(_Asked):
    """A day, with the time of day where `with_time`."""

    type: Literal["date"]
    with_time: bool = False


class YesNo(_Asked):
    """Yes or no, and why: always, or where the answer is the one named."""

    type: Literal["yes_no"]
    reason: Literal["always", "if_yes", "if_no", "never"] = "always"

    @property
    def blocks(self) -> int:
        """The question, the reason, and "unknown, because"."""
        return 1 + (self.reason != "never") + self.may_be_unknown


Field = Annotated[
    Text | Number | Range | Choice | Rank | Choices | People | Day | YesNo,
    Setting(discriminator="type"),
]


def answers(field: Field) -> tuple[str, ...] | None:
    """What can be answered, by id; None where people type, pick or count freely."""
    match field:
        case Choice() | Choices():
            return tuple(field.options)
        case Rank():
            return RANKS
        case YesNo():
            return ("yes", "no")
    return None
