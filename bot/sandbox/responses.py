"""What may still be said through this response_url?"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.errors import SlackError

USES = 5  # docs.slack.dev/interactivity/handling-user-interaction
LIFE_SECONDS = 30 * 60.0  # the same page


@dataclass
class Place:
    """Where a response_url leads; `ts` is the original message, None for a command."""

    channel_id: str
    person_id: str
    ts: str | None


@dataclass
class _Response:
    place: Place
    ends_at: float
    uses: int = 0


class ResponseUrls:
    """Every response_url given out."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._given: dict[str, _Response] = {}

    def give(self, place: Place) -> str:
        """A new id, the last part of the URL."""
        response_id = secrets.token_urlsafe(18)
        self._given[response_id] = _Response(place, self._monotonic() + LIFE_SECONDS)
        return response_id

    def use(self, response_id: str) -> Place:
        """Take one of the five uses.

        Raises:
            SlackError: no such URL, spent, or older than 30 min (Slack's names are unverified).
        """
        response = self._given.get(response_id)
        if response is None:
            raise SlackError("invalid_url")
        if self._monotonic() > response.ends_at:
            raise SlackError("expired_url")
        if response.uses >= USES:
            raise SlackError("used_url")
        response.uses += 1
        return response.place
