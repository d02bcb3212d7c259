"""Which evidence is kept, under which label, by whom it is read, and for how long?"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from runbooks.base import Label, Model, Phrase, RoleId
from runbooks.span import Time
from runbooks.webhooks import Host

Detector = Literal["email", "phone", "card", "secret"]
Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
Region = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Emoji = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_+'-]{1,100}$")]
Days = Annotated[int, Field(ge=1, le=36500)]


class EvidenceKind(Model):
    """A kind of evidence; `asks` says what belongs to it.

    What `is_harmful` is shown behind a warning. What `is_asked` is missed while there is none.
    """

    id: RoleId
    label: Label
    asks: Phrase
    keep_days: Days
    is_harmful: bool = False
    is_asked: bool = False


class TlpLabel(Model):
    """How far something may go; no roles means everybody in the room.

    See https://www.first.org/tlp/ for what the labels mean.
    """

    id: RoleId
    label: Label
    roles: tuple[RoleId, ...] = ()
    guests: bool = False


class Links(Model):
    """What is kept of what links lead to.

    Only what is public is fetched, by https://, unless a host stands in `private_hosts`. Nothing
    is fetched where `is_fetched` is not so.
    """

    is_fetched: bool = True
    private_hosts: tuple[Host, ...] = ()
    at_most_bytes: int = Field(default=20_000_000, ge=1_000, le=1_000_000_000)
    time_limit: Time = timedelta(seconds=30)


class Evidence(Model):
    """What the vault goes by.

    `originals` are the roles that may open raw evidence, `sealed` those that may open what is
    sealed. Personal data in the room is looked for by `detectors`; addresses of `own_domains` are
    none. Numbers without a country code are numbers of `phone_region`; None leaves them alone.
    With `masks_typed` the same is taken out of what people type before it is kept. Text files of
    up to `scan_at_most_bytes` are looked through. `restricted_label` is for what runbooks keep in
    the restricted store; None takes the narrowest.
    """

    kinds: tuple[EvidenceKind, ...] = Field(min_length=1, max_length=20)
    labels: tuple[TlpLabel, ...] = Field(min_length=1, max_length=10)
    usual_label: RoleId
    pasted_label: RoleId
    restricted_label: RoleId | None = None
    originals: tuple[RoleId, ...] = Field(min_length=1)
    sealed: tuple[RoleId, ...] = Field(min_length=1)
    detectors: tuple[Detector, ...] = ()
    own_domains: tuple[Domain, ...] = ()
    phone_region: Region | None = None
    masks_typed: bool = True
    scan_at_most_bytes: int = Field(default=1_000_000, ge=0, le=10_000_000)
    links: Links = Links()
    mark: Emoji = "card_file_box"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for name, entries in (("kinds", self.kinds), ("labels", self.labels)):
            known = [one.id for one in entries]
            for place, one in enumerate(known):
                if one in known[:place]:
                    raise ValueError(f"{name}.{place}.id repeats {one}; say it once")
        known = [one.id for one in self.labels]
        for name in ("usual_label", "pasted_label", "restricted_label"):
            if (getattr(self, name) or known[0]) not in known:
                raise ValueError(
                    f"{name} names {getattr(self, name)}, which is no label here; "
                    f"use one of {', '.join(known)}"
                )
        return self

    @property
    def restricted(self) -> TlpLabel:
        """The label of what is for a named group alone."""
        return self.label(self.restricted_label or self.labels[0].id)

    def kind(self, kind_id: str) -> EvidenceKind:
        """The kind of this id; the first where a newer policy has it no more."""
        return next((one for one in self.kinds if one.id == kind_id), self.kinds[0])

    def label(self, label_id: str) -> TlpLabel:
        """The label of this id; the narrowest, which is the first, where a policy lost it."""
        return next((one for one in self.labels if one.id == label_id), self.labels[0])
