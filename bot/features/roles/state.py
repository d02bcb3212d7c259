"""Who was asked to hold which role, and what came of it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import singledispatch
from typing import Literal

from bot.core.facts import Fact, Recorded
from bot.core.facts.roles import (
    HandoffSuggested,
    RoleAccepted,
    RoleDeclined,
    RoleDropped,
    RoleOffered,
)
from bot.core.record import Column, Part, Told

_COLUMNS = (
    Column("at", "When", "moment"),
    Column("role", "Role"),
    Column("person", "Person", "person"),
    Column("what", "What"),
    Column("by", "Who did it", "person"),
    Column("is_external", "External", "yes_no"),
    Column("words", "Reason, or what is open"),
)
_WHAT = {
    RoleOffered: "was asked",
    RoleAccepted: "holds it",
    RoleDeclined: "declined",
    RoleDropped: "laid it down",
}

End = Literal["open", "accepted", "declined", "overtaken", "over"]


@dataclass(frozen=True)
class Asked:
    """A person was asked to hold a role; `seq` is the place of the fact, `by` who asked."""

    role: str
    person: str
    by: str
    at: datetime
    seq: int
    is_handoff: bool
    open_items: str | None
    end: End = "open"


@dataclass(frozen=True)
class Roles:
    """`suggested` is when a handoff was offered to whoever holds a role, by role."""

    asked: tuple[Asked, ...] = ()
    suggested: Mapping[str, datetime] = field(default_factory=dict)


def record_parts(told: Told) -> list[Part]:
    """Who was asked for which role, and who held it from when to when."""
    label = told.shown.policy.roles.get
    rows = tuple(
        (
            one.at, label(one.fact.role).label, one.fact.person, _WHAT[type(one.fact)], one.actor,
            getattr(one.fact, "is_external", None),
            getattr(one.fact, "reason", None) or getattr(one.fact, "open_items", None),
        )
        for one in told.recorded
        if isinstance(one.fact, RoleOffered | RoleAccepted | RoleDeclined | RoleDropped)
    )  # fmt: skip
    return [Part("roles", "Roles", _COLUMNS, rows)]


def fold(roles: Roles, recorded: Recorded) -> Roles:
    """The roles after one more fact."""
    return _after(recorded.fact, roles, recorded)


@singledispatch
def _after(_fact: Fact, roles: Roles, _recorded: Recorded) -> Roles:
    return roles


@_after.register
def _(fact: RoleOffered, roles: Roles, recorded: Recorded) -> Roles:
    asked = Asked(
        role=fact.role,
        person=fact.person,
        by=recorded.actor,
        at=recorded.at,
        seq=recorded.seq,
        is_handoff=fact.is_handoff,
        open_items=fact.open_items,
    )
    settled = _settled(roles, fact.role, "overtaken")
    return replace(settled, asked=(*settled.asked, asked))


@_after.register
def _(fact: RoleAccepted, roles: Roles, _recorded: Recorded) -> Roles:
    asked = tuple(
        replace(one, end=_accepted(one, fact.person)) if one.role == fact.role else one
        for one in roles.asked
    )
    suggested = {role: at for role, at in roles.suggested.items() if role != fact.role}
    return replace(roles, asked=asked, suggested=suggested)


@_after.register
def _(fact: RoleDeclined, roles: Roles, _recorded: Recorded) -> Roles:
    return _settled(roles, fact.role, "declined")


@_after.register
def _(fact: RoleDropped, roles: Roles, _recorded: Recorded) -> Roles:
    asked = tuple(
        replace(one, end="over") if one.role == fact.role and one.end == "accepted" else one
        for one in roles.asked
    )
    return replace(roles, asked=asked)


@_after.register
def _(fact: HandoffSuggested, roles: Roles, recorded: Recorded) -> Roles:
    return replace(roles, suggested={**roles.suggested, fact.role: recorded.at})


def _settled(roles: Roles, role: str, end: End) -> Roles:
    asked = tuple(
        replace(one, end=end) if one.role == role and one.end == "open" else one
        for one in roles.asked
    )
    return replace(roles, asked=asked)


def _accepted(asked: Asked, person: str) -> End:
    if asked.end == "open":
        return "accepted" if asked.person == person else "overtaken"
    return "over" if asked.end == "accepted" else asked.end
