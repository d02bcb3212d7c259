"""What is remembered of who does what?"""

from __future__ import annotations

from datetime import datetime

from bot.core.facts import Fact, Words


class RoleOffered(Fact):
    """A person is asked to hold a role; whoever holds it keeps it until they accept.

    With `open_items` it is a handoff. `is_external` marks a guest of the workspace.
    """

    role: str
    person: str
    is_external: bool = False
    is_handoff: bool = False
    open_items: Words | None = None


class RoleAccepted(Fact):
    """A person holds a role from now on, because they accepted or took it.

    `reason` is why they took it from somebody who held it.
    """

    role: str
    person: str
    is_external: bool = False
    reason: Words | None = None


class RoleDeclined(Fact):
    """A person does not take a role that was offered to them."""

    role: str
    person: str
    reason: Words | None = None


class RoleDropped(Fact):
    """A person lays a role down, or it is taken from them."""

    role: str
    person: str
    reason: Words | None = None


class HandoffSuggested(Fact):
    """A person has held a role for long; a handoff was offered to them."""

    role: str
    person: str


class TakeoverAsked(Fact):
    """Somebody wants a role that another holds; unanswered by `applies_at` it is theirs."""

    role: str
    holder: str
    applies_at: datetime
    reason: Words | None = None
    is_external: bool = False


class TakeoverRefused(Fact):
    """Whoever holds a role keeps it; `person` had asked for it."""

    role: str
    person: str


class HolderAsked(Fact):
    """Somebody without the right to something asked whoever has it."""

    holder: str
    what: str
    text: Words | None = None


KINDS: tuple[type[Fact], ...] = (
    RoleOffered,
    RoleAccepted,
    RoleDeclined,
    RoleDropped,
    HandoffSuggested,
    TakeoverAsked,
    TakeoverRefused,
    HolderAsked,
)
