"""Which roles are there, and where does the person come from?"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from runbooks.base import Label, Model, Paragraph, PersonId, RoleId
from runbooks.span import Span


class ComesFrom(Model):
    """Where the person for a role is found; exactly one of the four."""

    rota: str | None = None
    schedule: str | None = None
    group: Annotated[str, StringConstraints(pattern=r"^S[A-Z0-9]{1,30}$")] | None = None
    person: PersonId | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(map(bool, (self.rota, self.schedule, self.group, self.person))) != 1:
            raise ValueError("give exactly one of rota, schedule, group, person")
        return self


class Role(Model):
    """A role that exists for the incident's life, whatever the person's title is."""

    id: RoleId
    label: Label
    short: Label
    charter: Paragraph
    aliases: tuple[str, ...] = ()
    not_with: tuple[RoleId, ...] = ()
    comes_from: ComesFrom | None = None
    guest_may_hold: bool = True
    accept_within: Span = Span.read("PT5M")

    @property
    def names(self) -> tuple[str, ...]:
        """Everything people may call it, in small letters."""
        return tuple(one.casefold() for one in (self.id, self.label, self.short, *self.aliases))


class Voices(Model):
    """The three who speak: to the organisation, among engineers, and to those outside."""

    organisation: RoleId
    technical: RoleId
    outside: RoleId


class Roles(Model):
    """All roles, in the order in which they are shown."""

    spokesperson: RoleId
    voices: Voices
    max_owners: int = Field(default=3, ge=1, le=10)
    handoff_after: Span = Span.read("PT4H")
    roles: tuple[Role, ...]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        ids = [role.id for role in self.roles]
        if "ic" not in ids:
            raise ValueError("roles has no role with the id ic; somebody has to command")
        for place, role in enumerate(self.roles):
            if role.id in ids[:place]:
                raise ValueError(f"roles.{place}.id repeats {role.id}; give each its own")
            if role.id in role.not_with:
                raise ValueError(f"roles.{place}.not_with names {role.id} itself; take it out")
        return self

    @model_validator(mode="after")
    def _named(self) -> Self:
        known: dict[str, str] = {}
        ids = {role.id for role in self.roles}
        for place, role in enumerate(self.roles):
            for name in dict.fromkeys(role.names):
                if name in known:
                    raise ValueError(
                        f"roles.{place}.aliases: {name!r} is a name of {known[name]} too; "
                        "give each name to one role"
                    )
                known[name] = role.label
            if missing := [one for one in role.not_with if one not in ids]:
                raise ValueError(
                    f"roles.{place}.not_with names {missing[0]}, which is no role here; "
                    f"use one of {', '.join(sorted(ids))}"
                )
        for where, one in (("spokesperson", self.spokesperson), *_voices(self.voices)):
            if one not in ids:
                raise ValueError(
                    f"{where} names {one}, which is no role here; "
                    f"use one of {', '.join(sorted(ids))}"
                )
        return self

    def find(self, word: str) -> Role | None:
        """The role people mean by this word, upper or lower case; None when there is none."""
        wanted = word.casefold()
        return next((role for role in self.roles if wanted in role.names), None)

    def get(self, role_id: str) -> Role:
        """The role of this id; one that a later policy dropped is shown by its id alone."""
        found = next((role for role in self.roles if role.id == role_id), None)
        return found or Role.model_construct(
            id=role_id, label=role_id, short=role_id, charter="", aliases=(), not_with=(),
            comes_from=None, guest_may_hold=True, accept_within=Span.read("PT5M"),
        )  # fmt: skip


def _voices(voices: Voices) -> list[tuple[str, str]]:
    return [(f"voices.{name}", str(role)) for name, role in voices]
