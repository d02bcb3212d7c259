"""What is there to know of an incident at one moment, for those who take its record along?"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.core import ids
from bot.core.course import Course, Owed
from bot.core.facts import Recorded
from bot.core.incident import Incident
from bot.core.record import Parts, Told
from bot.reads import NotWritten, Reads, no_such
from storage import log, outbox, texts
from storage.db import StorageError

_KNOWN = "known/"  # as bot/directory.py keeps people


@dataclass(frozen=True)
class Chain:
    """A chain as it is kept, with salt and words by digest; what is missing there was erased."""

    name: str
    rows: Sequence[Mapping[str, Any]]
    words: Mapping[str, tuple[bytes, str]]


@dataclass(frozen=True)
class Copy:
    """An incident at one moment: the chains as they are kept, and what they say.

    `names` are those of people by id, as Slack last gave them; `as_of` is when the last fact was
    written.
    """

    chains: Sequence[Chain]
    told: Told
    names: Mapping[str, str]
    as_of: datetime


class Copies(Reads):
    """Copies are read from a snapshot, on a thread of their own: they hold up no writer."""

    @property
    def record_parts(self) -> Sequence[Parts]:
        """What the features add to a record."""
        return self._house.record_parts

    async def copy(self, number: int) -> Copy:
        """Everything that is recorded of an incident, as of one moment.

        Raises:
            Refused: there is no such incident.
            NotWritten: it could not be read.
        """
        return await asyncio.to_thread(self.copy_now, number)

    def copy_now(self, number: int) -> Copy:
        """As `copy`, on the caller's thread."""
        names = (ids.chain(number), ids.talk(number))
        try:
            with self._database.snapshot() as conn:
                chains = [_chain(conn, name) for name in names]
                people = outbox.refs_under(conn, _KNOWN).values()
        except StorageError as error:
            raise NotWritten(error) from error
        main, talk = (self._recorded(one) for one in chains)
        if not main:
            raise no_such(number)
        called = {str(one["id"]): str(one.get("name") or one["id"]) for one in people}
        as_of = max(one.at for one in (*main, *talk))
        return Copy(chains, self._told(number, main, talk), called, as_of)

    def _recorded(self, chain: Chain) -> list[Recorded]:
        bodies = {digest: body for digest, (_, body) in chain.words.items()}
        return self._ledger.recorded([log.fact(row) for row in chain.rows], bodies)

    def _told(self, number: int, main: Sequence[Recorded], talk: Sequence[Recorded]) -> Told:
        case, course = self._ledger.case(Incident(number), ()), Course()
        shown = self._ledger.shown(case)
        for one in main:
            case = self._ledger.advanced(case, [one])
            shown = self._ledger.shown(case)
            owners = [due.owed_by(case.incident) for due in shown.deadlines]
            course.step(one, case.incident.status, shown.deadlines, owners)
        owed: tuple[Owed, ...] = course.until(main[-1].at)
        return Told(shown, main, talk, owed)


def _chain(conn: Connection, name: str) -> Chain:
    return Chain(name, log.kept(conn, name), texts.salted_of_chain(conn, name))
