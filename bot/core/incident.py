"""What is an incident, for every feature?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.core import ids
from bot.core.facts.incidents import Harm
from bot.core.facts.people import Via

Status = Literal[
    "new",
    "investigating",
    "mitigated",
    "monitoring",
    "resolved",
    "closed",
    "cancelled",
    "merged",
]
OPEN: tuple[Status, ...] = ("investigating", "mitigated", "monitoring")
OVER: tuple[Status, ...] = ("closed", "cancelled", "merged")
STATUS: Mapping[Status, str] = {
    "new": "New",
    "investigating": "Investigating",
    "mitigated": "Mitigated",
    "monitoring": "Monitoring",
    "resolved": "Resolved",
    "closed": "Closed",
    "cancelled": "False alarm",
    "merged": "Merged",
}
IC = "ic"


@dataclass(frozen=True)
class Holding:
    """A person who accepted a role."""

    person: str
    since: datetime
    is_external: bool = False


@dataclass(frozen=True)
class Offer:
    """A role somebody was asked to hold and has not answered; `seq` is the fact's place."""

    role: str
    person: str
    at: datetime
    seq: int
    is_external: bool = False
    is_handoff: bool = False
    open_items: str | None = None


@dataclass(frozen=True)
class Takeover:
    """`by` wants a role that `holder` holds; it is theirs at `applies_at` if nobody answers."""

    role: str
    holder: str
    by: str
    at: datetime
    applies_at: datetime
    seq: int
    reason: str | None = None
    is_external: bool = False


@dataclass(frozen=True)
class Called:
    """A call that went out, or would have in earnest; `target` is who or what was called."""

    call: int
    about: str
    target: str
    via: Via
    at: datetime
    role: str | None = None
    person: str | None = None
    group: str | None = None
    text: str | None = None
    is_offer: bool = False
    climbed_for: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None


@dataclass(frozen=True)
class Sought:
    """A role for which it is looked up who stands for it, to call or to inform them."""

    role: str
    about: str
    at: datetime
    text: str | None = None
    is_informed: bool = False
    climbed_for: str | None = None


@dataclass(frozen=True)
class Incident:
    """An incident as its facts tell it; `status` "new" means that nothing was recorded yet.

    `put_back` counts how often each part of its room was put back.
    """

    number: int
    status: Status = "new"
    title: str = ""
    severity: str | None = None
    rank: int = 0
    severity_at: datetime | None = None
    is_major: bool = False
    is_person_at_risk: bool = False
    is_private: bool = False
    is_moved: bool = False
    is_test: bool = False
    declarer: str = ""
    declared_by: str = ""
    is_uncommanded: bool = False
    declared_at: datetime | None = None
    changed_at: datetime | None = None
    mitigated_at: datetime | None = None
    ended_at: datetime | None = None
    ended_because: str | None = None
    merged_into: int | None = None
    people: frozenset[str] = frozenset()
    followers: frozenset[str] = frozenset()
    holders: Mapping[str, Holding] = field(default_factory=dict)
    offers: Mapping[str, Offer] = field(default_factory=dict)
    takeovers: Mapping[str, Takeover] = field(default_factory=dict)
    calls: tuple[Called, ...] = ()
    sought: Mapping[str, Sought] = field(default_factory=dict)
    informed: Mapping[str, str] = field(default_factory=dict)
    first_accepted_at: datetime | None = None
    harm: Harm = "unknown"
    harm_stopped_at: datetime | None = None
    last_update_at: datetime | None = None
    put_back: Mapping[str, int] = field(default_factory=dict)
    last_seq: int = 0

    @property
    def reference(self) -> str:
        """How people call it, marked when it is a test: `TEST INC-12`."""
        name = ids.reference(self.number)
        return f"TEST {name}" if self.is_test else name

    @property
    def is_open(self) -> bool:
        """Whether the room still works on it."""
        return self.status in OPEN

    @property
    def is_over(self) -> bool:
        """Whether nothing about it changes any more, unless it is reopened."""
        return self.status in OVER

    @property
    def public_title(self) -> str | None:
        """The title where outsiders can read it; None when it must stay in the room."""
        return None if self.is_private or self.is_person_at_risk else self.title

    @property
    def room(self) -> str:
        """The symbolic name of the room where the work goes on."""
        return f"{ids.room(self.number)}/private" if self.is_moved else ids.room(self.number)

    @property
    def summary(self) -> str:
        """The slot of the pinned summary in that room; another for each that was deleted."""
        slot = ids.summary(self.number)
        times = self.put_back.get("summary", 0)
        return f"{slot}{'/private' if self.is_moved else ''}{f'/{times + 1}' if times else ''}"

    @property
    def topic(self) -> str:
        """The slot of the topic of that room."""
        return f"{ids.topic(self.number)}{'/private' if self.is_moved else ''}"

    @property
    def ic(self) -> str:
        """The one accountable Incident Commander: who accepted, or until then the declarer.

        Of an incident that nobody commands yet it is who to write to; nobody holds the role.
        """
        held = self.holders.get(IC)
        return held.person if held else self.declarer

    @property
    def is_ic_acting(self) -> bool:
        """Whether nobody has accepted the command yet."""
        return IC not in self.holders

    @property
    def has_no_ic(self) -> bool:
        """Whether nobody commands, not even for the time being."""
        return self.is_uncommanded and self.is_ic_acting

    def holder(self, role: str) -> str | None:
        """Who holds a role; the Incident Commander is somebody from the declare on, or soon."""
        if role == IC:
            return None if self.has_no_ic else self.ic
        held = self.holders.get(role)
        return held.person if held else None

    def roles_of(self, person: str) -> tuple[str, ...]:
        """The roles a person holds, acting command included, in the order they came."""
        held = [role for role, holding in self.holders.items() if holding.person == person]
        if self.is_ic_acting and not self.is_uncommanded and self.declarer == person:
            held.insert(0, IC)
        return tuple(held)

    def was_called(self, about: str, target: str) -> bool:
        """Whether this was called for once already."""
        return any(one.about == about and one.target == target for one in self.calls)
