"""What is remembered of who does what?"""

from __future__ import annotations

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
    """A person holds a role from now on, because they accepted or took it."""

    role: str
    person: str
    is_external: bool = False


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
    HolderAsked,
)
