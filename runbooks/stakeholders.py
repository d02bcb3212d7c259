"""Who outside the room wants to know, what, and how often?"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import StringConstraints, model_validator

from runbooks.base import Label, Model, PersonId, Phrase
from runbooks.calendar import Hour, Zone

Audience = Literal["executives", "support", "engineering"]
Address = Annotated[str, StringConstraints(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+$")]


class Channel(Model):
    """A channel that keeps one message per incident, from this severity up."""

    channel: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    audience: Audience
    from_severity: Label


class Mail(Model):
    """An address that is written to when there is news, from this severity up."""

    address: Address
    audience: Audience
    from_severity: Label


class Group(Model):
    """A line of the stakeholder map."""

    audience: Phrase
    need: Phrase
    frequency: Phrase
    is_external: bool = False


class RollUp(Model):
    """Who reads once a day what is open."""

    people: tuple[PersonId, ...] = ()
    channel: str | None = None
    at: Hour
    time_zone: Zone | None = None

    @model_validator(mode="after")
    def _to_somebody(self) -> Self:
        if not (self.people or self.channel):
            raise ValueError("people and channel are both missing; give at least one")
        return self


class Stakeholders(Model):
    """The stakeholder map, and the channels, addresses and people that are told by themselves."""

    channels: tuple[Channel, ...] = ()
    mail: tuple[Mail, ...] = ()
    audiences: tuple[Group, ...] = ()
    roll_up: RollUp | None = None

    @model_validator(mode="after")
    def _once(self) -> Self:
        names = [one.channel.removeprefix("#") for one in self.channels]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise ValueError(
                    f"channels.{place}.channel repeats {name}; give each channel one audience"
                )
        return self
