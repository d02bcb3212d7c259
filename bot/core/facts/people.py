"""What is remembered of who is in the room, who follows, and who was called?"""

from __future__ import annotations

from typing import ClassVar, Literal

from bot.core.facts import Fact, Words

Via = Literal["direct message", "group", "pagerduty", "webhook", "nobody"]


class PersonAdded(Fact):
    """Somebody in the room let another person in."""

    person: str


class PersonCame(Fact):
    """A person entered the room by Slack's own ways; who let them in, as far as Slack says."""

    person: str
    invited_by: str | None = None


class PersonLeft(Fact):
    """A person left the room or was removed from it."""

    person: str


class FollowStarted(Fact):
    """A person wants the updates by direct message without being in the room."""

    person: str


class FollowStopped(Fact):
    """A person wants them no longer."""

    person: str


class PersonCalled(Fact):
    """Somebody was called. `about` and the target make it the same thing: it is called for once.

    `role` is the role they are called for, `person` or `group` who it is, as far as it is known;
    `via` "nobody" stands for a test or a drill, or for a role nobody can be found for. With
    `is_offer` the role was offered to them in the same breath, and that message is the call.
    `climbed_for` names the deadline whose ladder called.
    """

    call: int
    about: str
    role: str | None = None
    person: str | None = None
    group: str | None = None
    via: Via
    target: str
    text: Words | None = None
    is_offer: bool = False
    climbed_for: str | None = None


class RoleSought(Fact):
    """Who stands for a role has to be looked up elsewhere before they are called or informed."""

    role: str
    about: str
    text: Words | None = None
    is_informed: bool = False
    climbed_for: str | None = None


class PersonInformed(Fact):
    """Somebody was told of the incident because they stand for a role; nothing is asked of them.

    `person` is None where nobody could be found.
    """

    role: str
    about: str
    person: str | None = None


class CallAnswered(Fact):
    """Somebody answered a call; `by` is None when the other system does not say who."""

    is_drawn_later: ClassVar[bool] = True
    call: int
    by: str | None = None
    is_resolved: bool = False


class AlertTaken(Fact):
    """An alert of another system, declared from or folded into this incident."""

    alert: str
    source: str
    title: Words
    fingerprint: str
    severity_word: str | None = None
    link: str | None = None
    is_first: bool
    was_proposed: bool = False
    proposal: int = 0


class CameByTerminal(Fact):
    """What was written just before came from a terminal, in the name of its actor.

    `login` is the account and the machine; `vouched_by` is who knew the person that was named:
    Slack, what Slack had said before, or nobody.
    """

    is_drawn_later: ClassVar[bool] = True
    login: str
    vouched_by: Literal["slack", "record", "nobody"]


KINDS: tuple[type[Fact], ...] = (
    PersonAdded,
    PersonCame,
    PersonLeft,
    FollowStarted,
    FollowStopped,
    PersonCalled,
    RoleSought,
    PersonInformed,
    CallAnswered,
    AlertTaken,
    CameByTerminal,
)
