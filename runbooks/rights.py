"""Who may decide what?"""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from runbooks.base import Model, Phrase, RoleId

# What the bot itself asks about before it does something.
NEEDED = (
    "severity", "mitigated", "monitoring", "resolve", "close", "reopen", "cancel", "merge",
    "private", "pause_updates", "waive", "major", "assign", "archive", "talk", "side_room",
    "title", "amend", "export", "preserve", "transfer", "seal", "hold", "erase_evidence",
    "run", "governance_tier",
)  # fmt: skip


class Right(Model):
    """An action and the roles that may take it; no roles means everybody in the room."""

    action: RoleId
    label: Phrase
    roles: tuple[RoleId, ...]


class Raci(Model):
    """Who does an action, who answers for it, who is asked and who is told."""

    action: Phrase
    responsible: tuple[RoleId, ...]
    accountable: RoleId
    consulted: tuple[RoleId, ...] = ()
    informed: tuple[RoleId, ...] = ()


class Rights(Model):
    """The register of decision rights, and the RACI.

    Of what everybody in the room may, guests do only what `guests_may` names.
    """

    rights: tuple[Right, ...]
    guests_may: tuple[RoleId, ...] = ()
    raci: tuple[Raci, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        actions = [right.action for right in self.rights]
        for place, action in enumerate(actions):
            if action in actions[:place]:
                raise ValueError(f"rights.{place}.action repeats {action}; say it once")
        if missing := [action for action in NEEDED if action not in actions]:
            raise ValueError(
                f"rights says nothing about {', '.join(missing)}; "
                "add a line for each, with an empty list of roles where everybody may"
            )
        if unknown := [action for action in self.guests_may if action not in actions]:
            raise ValueError(
                f"guests_may names {unknown[0]}, which is no action here; "
                f"use one of {', '.join(self._of_everybody())}"
            )
        return self

    def _of_everybody(self) -> list[str]:
        return [right.action for right in self.rights if not right.roles]

    def of(self, action: str) -> Right:
        """The right to an action that is in the register.

        Raises:
            KeyError: it is not; a bug, since the loader asks for all that the code names.
        """
        for right in self.rights:
            if right.action == action:
                return right
        raise KeyError(action)
