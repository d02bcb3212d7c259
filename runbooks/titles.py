"""Whom do runbooks mean by a title that is no role of the incident?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from runbooks.base import Model, Phrase, RoleId


class Title(Model):
    """A title of the organisation, and the roles that stand for it; the first filled one does."""

    id: RoleId
    label: Phrase
    roles: Annotated[tuple[RoleId, ...], Field(min_length=1)]


class Titles(Model):
    """The role map: titles in runbooks to roles of the incident."""

    titles: tuple[Title, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        ids = [title.id for title in self.titles]
        for place, one in enumerate(ids):
            if one in ids[:place]:
                raise ValueError(f"titles.{place}.id repeats {one}; give each its own")
        return self

    def find(self, name: str) -> Title | None:
        """The title of that id; None when there is none, as for the roles themselves."""
        return next((title for title in self.titles if title.id == name), None)

    def roles_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """The roles that names of a step stand for, in order and each once; the first filled acts.

        A name that is no title is taken for a role's id.
        """
        return tuple(dict.fromkeys(self._each(names)))

    def _each(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            title = self.find(name)
            yield from title.roles if title else (name,)
