"""Who is in the workspace, as far as a decision needs to know?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.core.failures import Permanent, Retryable
from bot.core.outcome import Person
from bot.slack.calls import Calls, Json

_FRESH = timedelta(minutes=15)
_LIMIT_SECONDS = 0.8  # of the 3 s an ack may take; a name is worth waiting for, not failing for
_log = structlog.get_logger()


class Rosters(Protocol):
    """Who is on call, according to another system."""

    async def on_call(self, schedule_id: str) -> str | None:
        """Their e-mail address; None when it cannot be told."""


class People:
    """A cached directory. Whoever cannot be looked up in time is known by id alone."""

    def __init__(self, calls: Calls, clock: Clock) -> None:
        self._calls = calls
        self._clock = clock
        self._known: dict[str, tuple[Person, datetime]] = {}

    async def look_up(self, ids: Iterable[str]) -> Mapping[str, Person]:
        """The people of these ids; old entries serve where Slack does not answer in time."""
        wanted = set(ids)
        stale = [one for one in wanted if not self._is_fresh(one)]
        if stale:
            try:
                async with asyncio.timeout(_LIMIT_SECONDS):
                    await asyncio.gather(*(self._ask(one) for one in stale))
            except TimeoutError:
                _log.info("people.slow", count=len(stale))
        return {one: self._known[one][0] if one in self._known else Person(one) for one in wanted}

    async def by_email(self, email: str) -> str | None:
        """The id of whoever has this address; None when nobody has it, or it takes too long."""
        try:
            async with asyncio.timeout(_LIMIT_SECONDS):
                answer = await self._calls("users.lookupByEmail", email=email)
        except (Permanent, Retryable, TimeoutError) as error:
            _log.info("people.no_such_address", reason=type(error).__name__)
            return None
        return str(answer["user"]["id"])

    def _is_fresh(self, person_id: str) -> bool:
        entry = self._known.get(person_id)
        return entry is not None and self._clock.now() < entry[1]

    async def _ask(self, person_id: str) -> None:
        try:
            answer = await self._calls("users.info", user=person_id)
        except (Permanent, Retryable) as error:
            _log.info("people.unknown", person=person_id, reason=str(error))
            return
        self._known[person_id] = (_person(answer["user"]), self._clock.now() + _FRESH)


def _person(user: Json) -> Person:
    profile = user.get("profile", {})
    name = profile.get("display_name") or user.get("real_name") or user.get("name", "")
    return Person(
        id=str(user["id"]),
        name=str(name),
        tz=str(user.get("tz") or "UTC"),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        has_left=bool(user.get("deleted")),
    )
