"""What can be remembered?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Words(str):
    """Text a person typed. It is kept beside the log, so that it can be erased."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls, handler(str))


ERASED = Words("[erased]")


class Fact(BaseModel):
    """Something that happened; its fields never change their meaning within one version."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: ClassVar[int] = 1
    # It changes nothing of who may read what: what it changes on a screen is drawn right after the
    # commit, together with what others changed meanwhile, and not while its person waits.
    is_drawn_later: ClassVar[bool] = False
    # Each of its kind has a place of its own on a screen: no newer one may take it before it is
    # drawn.
    is_drawn_each: ClassVar[bool] = False

    def words(self) -> dict[str, Words]:
        """The erasable fields by name, those that are None left out."""
        return {name: value for name, value in self if isinstance(value, Words)}


@dataclass(frozen=True)
class Recorded:
    """A fact as it stands in the log: its place, when, and by whom."""

    seq: int
    at: datetime
    actor: str
    fact: Fact


def by_kind(kinds: tuple[type[Fact], ...]) -> Mapping[str, type[Fact]]:
    """The kinds by the name under which the log keeps them."""
    return {kind.__name__: kind for kind in kinds}
