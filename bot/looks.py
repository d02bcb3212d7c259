"""Which rooms are looked at next, and what is still on its way to them?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from bot.clock import Clock
from bot.copies import Copies
from bot.core import ids
from bot.core.incident import OPEN
from bot.ledger import House
from bot.reads import NotWritten
from storage import looks, outbox
from storage.db import Database, StorageError

T = TypeVar("T")
GOING = (*OPEN, "resolved")
MINUTE = timedelta(minutes=1)
Pick = Callable[[Sequence[looks.Oldest], datetime], looks.Oldest | None]


@dataclass(frozen=True)
class Pace:
    """How many looks may begin in a minute, by all workers together.

    Those that nobody asked for are begun while fewer than `by_turns` were; `at_most` counts all.
    One room is looked at once in a `gap`; what began and did not end begins again `after` a while.
    """

    by_turns: int
    at_most: int
    gap: timedelta
    after: timedelta

    def before(self, now: datetime) -> looks.Before:
        """What may be looked at now."""
        return looks.Before(now - self.gap, now - self.after)


class Looks(Copies):
    """Looks are divided between workers by the database."""

    def __init__(self, database: Database, clock: Clock, house: House) -> None:
        super().__init__(database, clock, house)
        self._on_asked: list[Callable[[], None]] = []

    def on_asked(self, wake: Callable[[], None]) -> None:
        """Call `wake` when somebody asks here for a look."""
        self._on_asked.append(wake)

    async def ask_look(self, number: int) -> None:
        """Have this incident's room looked at soon.

        Raises:
            NotWritten: the database did not take it.
        """
        await self._changed(lambda conn: looks.ask(conn, number, self.now()))
        self.look_asked()

    def look_asked(self) -> None:
        """Somebody asked for a look, and it is committed."""
        for wake in self._on_asked:
            wake()

    async def begin_looks(self, pick: Pick, pace: Pace) -> list[tuple[int, datetime]]:
        """Incidents whose rooms this worker is to look at now, each with when the look began.

        `pick` chooses one of those that wait longest, or None for not yet.

        Raises:
            NotWritten: the database did not take it.
        """
        now = self.now()
        waiting = await self._read(
            lambda conn: (looks.asked(conn, GOING, pace.before(now)), looks.oldest(conn, GOING))
        )
        if not waiting[0] and pick(waiting[1], now) is None:
            return []
        return await self._changed(lambda conn: self._begin_looks(conn, pick, pace))

    async def end_look(self, number: int, begun_at: datetime) -> None:
        """The look that began then is done.

        Raises:
            NotWritten: the database did not take it.
        """
        await self._changed(lambda conn: looks.end(conn, number, begun_at))

    async def owed_to(self, number: int) -> set[str]:
        """The names of what is still to be delivered about this incident."""
        return await self._read(lambda conn: outbox.open_names(conn, ids.chain(number)))

    async def resume(self, number: int) -> None:
        """Bring at once what waited for the incident's room.

        Raises:
            NotWritten: the database did not take it.
        """
        await self._changed(lambda conn: outbox.hurry(conn, ids.chain(number), self.now()))

    async def value_of(self, name: str) -> dict[str, object] | None:
        """What a symbolic name stands for; None while it is not there."""
        return await self._read(lambda conn: outbox.ref(conn, name))

    def _begin_looks(self, conn: Connection, pick: Pick, pace: Pace) -> list[tuple[int, datetime]]:
        now = self.now()
        looks.guard(conn)
        begun = looks.begun_after(conn, now - MINUTE)
        numbers = looks.asked(conn, GOING, pace.before(now), max(0, pace.at_most - begun))
        has_time = begun + len(numbers) < pace.by_turns
        one = pick(looks.oldest(conn, GOING), now) if has_time else None
        if one and (number := looks.find(conn, one, GOING)) and number not in numbers:
            numbers.append(number)
        for number in numbers:
            looks.begin(conn, number, now)
        return [(number, now) for number in numbers]

    async def _changed(self, work: Callable[[Connection], T]) -> T:
        try:
            return await self._database.write(work)
        except StorageError as error:
            raise NotWritten(error) from error
