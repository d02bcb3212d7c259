"""Who outside the room wants to know, what, and how often?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints, field_validator

from runbooks.base import Label, Model, Phrase
from runbooks.calendar import Hour

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

    people: tuple[str, ...] = ()
    channel: str | None = None
    at: Hour
    time_zone: str | None = None


class Stakeholders(Model):
    """The stakeholder map, and the channels, addresses and people that are told by themselves."""

    channels: tuple[Channel, ...] = ()
    mail: tuple[Mail, ...] = ()
    audiences: tuple[Group, ...] = ()
    roll_up: RollUp | None = None

    @field_validator("channels")
    @classmethod
    def _once(cls, channels: tuple[Channel, ...]) -> tuple[Channel, ...]:
        names = [one.channel.removeprefix("#") for one in channels]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"channels names {name} twice; give each channel one audience")
        return channels
