"""Is this trigger_id still good for opening a view?"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.errors import SlackError

LIFE_SECONDS = 3.0  # docs.slack.dev/reference/methods/views.open


@dataclass
class _Trigger:
    person_id: str
    view_id: str | None
    ends_at: float
    is_spent: bool = False


@dataclass(frozen=True)
class Spent:
    """Who caused the trigger, and in which view they did, None when in a message or a command."""

    person_id: str
    view_id: str | None


class Triggers:
    """Every trigger given out; each opens one view within 3 s of the wall clock."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._given: dict[str, _Trigger] = {}

    def give(self, person_id: str, view_id: str | None = None) -> str:
        """A new trigger for what a person just did."""
        trigger_id = (
            f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        )
        self._given[trigger_id] = _Trigger(person_id, view_id, self._monotonic() + LIFE_SECONDS)
        return trigger_id

    def spend(self, trigger_id: str) -> Spent:
        """Use a trigger up.

        Raises:
            SlackError: invalid_trigger_id, exchanged_trigger_id, expired_trigger_id.
        """
        trigger = self._given.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.is_spent:
            raise SlackError("exchanged_trigger_id")
        if self._monotonic() > trigger.ends_at:
            raise SlackError("expired_trigger_id")
        trigger.is_spent = True
        return Spent(trigger.person_id, trigger.view_id)
