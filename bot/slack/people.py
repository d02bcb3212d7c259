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
from bot.directory import Directory
from bot.slack.calls import Calls, Json

_FRESH = timedelta(minutes=15)
_LIMIT_SECONDS = 0.8  # of the 3 s an ack may take; a name is worth waiting for, not failing for
_DIRECTORY_SECONDS = 2.0  # of the 3 s a select may take to offer its options
_AT_ONCE = 50  # people dnd.teamInfo answers for
_log = structlog.get_logger()


class Rosters(Protocol):
    """Who is on call, according to another system."""

    async def on_call(self, schedule_id: str) -> str | None:
        """Their e-mail address; None when it cannot be told."""


class People:
    """A cached directory. Whoever cannot be looked up in time is known by id alone."""

    def __init__(self, calls: Calls, clock: Clock, directory: Directory) -> None:
        self._calls = calls
        self._clock = clock
        self._remembered = directory
        self._known: dict[str, tuple[Person, datetime]] = {}
        self._everybody: list[Person] = []
        self._everybody_until = clock.now()

    async def look_up(self, ids: Iterable[str]) -> Mapping[str, Person]:
        """The people of these ids, as Slack last described them where it does not answer now."""
        wanted = set(ids)
        stale = [one for one in wanted if not self._is_fresh(one)]
        if stale:
            try:
                async with asyncio.timeout(_LIMIT_SECONDS):
                    await asyncio.gather(*(self._ask(one) for one in stale))
            except TimeoutError:
                _log.info("people.slow", count=len(stale))
        found = {one: self._known[one][0] for one in wanted if one in self._known}
        remembered = await self._remembered.known(wanted - found.keys())
        return {**{one: Person(one) for one in wanted}, **remembered, **found}

    async def named(self, words: str) -> list[Person]:
        """People whose name has these words, by name; all of them for none. Apps are left out."""
        wanted = words.casefold().split()
        everybody = await self._directory()
        found = [
            one
            for one in everybody
            if not (one.is_bot or one.has_left)
            and all(word in one.name.casefold() for word in wanted)
        ]
        return sorted(found, key=lambda one: one.name.casefold())

    async def asleep(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of the people who asked not to be disturbed now; nobody where it takes too long."""
        wanted = list(ids)[:_AT_ONCE]
        if not wanted:
            return frozenset()
        now = self._clock.now().timestamp()
        try:
            async with asyncio.timeout(_LIMIT_SECONDS):
                answer = await self._calls("dnd.teamInfo", users=",".join(wanted))
        except (Permanent, Retryable, TimeoutError) as error:
            _log.info("people.sleep_unknown", reason=type(error).__name__)
            return frozenset()
        return frozenset(
            person
            for person, dnd in answer.get("users", {}).items()
            if dnd.get("dnd_enabled") and dnd["next_dnd_start_ts"] <= now < dnd["next_dnd_end_ts"]
        )

    async def members_of(self, group: str) -> tuple[str, ...]:
        """Who is in a user group; nobody where it takes too long."""
        try:
            async with asyncio.timeout(_LIMIT_SECONDS):
                answer = await self._calls("usergroups.users.list", usergroup=group)
        except (Permanent, Retryable, TimeoutError) as error:
            _log.info("people.group_unknown", group=group, reason=type(error).__name__)
            return ()
        return tuple(str(one) for one in answer["users"])

    async def _directory(self) -> list[Person]:
        """Everybody in the workspace, as of a quarter of an hour ago at most."""
        if self._everybody and self._clock.now() < self._everybody_until:
            return self._everybody
        found: list[Person] = []
        cursor = None
        try:
            async with asyncio.timeout(_DIRECTORY_SECONDS):
                while True:
                    page = await self._calls("users.list", limit=200, cursor=cursor)
                    found += [_person(user) for user in page["members"]]
                    cursor = page.get("response_metadata", {}).get("next_cursor")
                    if not cursor:
                        break
        except (Permanent, Retryable, TimeoutError) as error:
            _log.info("people.directory_unknown", reason=type(error).__name__)
            return self._everybody or found
        until = self._clock.now() + _FRESH
        self._everybody, self._everybody_until = found, until
        self._known |= {one.id: (one, until) for one in found}
        return found

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
            if isinstance(error, Permanent) and error.code == "user_not_found":
                nobody = Person(person_id, is_known=False)
                self._known[person_id] = (nobody, self._clock.now() + _FRESH)
            return
        person = _person(answer["user"])
        self._known[person_id] = (person, self._clock.now() + _FRESH)
        await self._remembered.keep(person)


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
        email=profile.get("email"),
    )
