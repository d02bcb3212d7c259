"""Who is known when Slack cannot be asked?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.core.outcome import Person
from storage import outbox
from storage.db import Database, StorageError

_KNOWN = "known/"  # beside the names of rooms: who somebody is in Slack, by their id
_FIELDS = tuple(field.name for field in fields(Person))
_log = structlog.get_logger()


class Directory:
    """What Slack last said of the people the bot has to do with, kept in the database.

    It answers empty where the database does not: nothing may fail for want of a name.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._kept: dict[str, Person] = {}

    async def keep(self, person: Person) -> None:
        """Remember what Slack said just now, unless it is what is known already."""
        if self._kept.get(person.id) == person:
            return
        name, value = f"{_KNOWN}{person.id}", asdict(person)
        try:
            if await self.database.read(lambda conn: outbox.ref(conn, name)) != value:
                await self.database.write(lambda conn: outbox.give(conn, name, value))
        except StorageError as error:
            _log.info("directory.not_kept", reason=error.sentence)
        else:
            self._kept[person.id] = person

    async def known(self, ids: Iterable[str]) -> Mapping[str, Person]:
        """Those of the people of whom something is known, by id."""
        wanted = list(ids)

        def load(conn: Connection) -> dict[str, dict[str, Any]]:
            found = {one: outbox.ref(conn, f"{_KNOWN}{one}") for one in wanted}
            return {one: value for one, value in found.items() if value}

        return await self._people(load) if wanted else {}

    async def named(self, word: str) -> list[Person]:
        """People of this e-mail address or name, in any case; else those with it in their name."""
        asked = word.casefold()
        everybody = await self._people(lambda conn: outbox.refs_under(conn, _KNOWN))
        people = [one for one in everybody.values() if not (one.is_bot or one.has_left)]
        exact = [one for one in people if asked in (_folded(one.email), _folded(one.name))]
        return exact or [one for one in people if asked in _folded(one.name)]

    async def _people(
        self, load: Callable[[Connection], dict[str, dict[str, Any]]]
    ) -> dict[str, Person]:
        try:
            kept = await self.database.read(load)
        except StorageError as error:
            _log.info("directory.not_read", reason=error.sentence)
            return {}
        return {name: _person(value) for name, value in kept.items()}


class Unchanged(Directory):
    """The same for whoever only looks: what Slack says is not kept, and no byte changes."""

    async def keep(self, person: Person) -> None:
        """Let it go."""


def _person(value: Mapping[str, Any]) -> Person:
    """What this version understands of what another may have kept."""
    return Person(**{name: value[name] for name in _FIELDS if name in value})


def _folded(text: str | None) -> str:
    return (text or "").casefold()
