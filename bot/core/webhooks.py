"""What is another system sent on purpose, and what came of it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.messages import REST, Send
from bot.core.outcome import Refused
from runbooks.model import Target

VIA = "target"
Scalar = str | int | float | bool | None


@dataclass(frozen=True)
class Sent:
    """Something that was owed to another system: its name in the outbox, and what it is about."""

    name: str
    about: str
    target: str


@dataclass(frozen=True)
class Answered:
    """It was taken; `reference` and `link` are what the answer calls it, as far as it says."""

    sent: Sent
    status: int
    reference: str | None = None
    link: str | None = None


@dataclass(frozen=True)
class NotSent:
    """It was given up; the reason holds no secret and no address."""

    sent: Sent
    reason: str


@dataclass(frozen=True)
class CalledBack:
    """The other system says that what it was asked is done, or failed; it can say so once."""

    sent: Sent
    is_done: bool
    note: str | None = None


Came = Answered | NotSent | CalledBack


def send(
    sent: Sent, number: int, target: Target, values: Mapping[str, Scalar], urgency: int = REST
) -> Send:
    """What a target is owed about an incident; it is sent at least once, under `sent.name`.

    The target goes along as it is now: a later change of the policy does not touch it. Secrets are
    looked up by their names when it is sent.

    Raises:
        Refused: it needs a value that is not given.
    """
    if lacking := sorted(target.wants - set(values)):
        raise Refused(f"{target.label} also needs: {', '.join(lacking)}. Fill it in.")
    body = {
        "via": VIA,
        "about": sent.about,
        "incident": number,
        "target": target.model_dump(mode="json"),
        "values": {name: values[name] for name in sorted(target.wants)},
    }
    return Send(sent.name, body, urgency)
