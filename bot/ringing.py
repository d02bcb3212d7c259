"""What becomes of an incident when its time has come, or when the policy is another?"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import structlog
from sqlalchemy import Connection
from structlog.contextvars import bind_contextvars

from bot import metrics, rolls
from bot.bells import Bells
from bot.cases import Case, Newer
from bot.clock import Clock
from bot.core import calling, ids
from bot.core.deadlines import SOUGHT
from bot.core.incident import OVER, Incident
from bot.core.outcome import Outcome, Rule
from bot.erasing import Erasures
from bot.ledger import House, Stamp
from bot.reads import NotWritten
from storage import lookup
from storage.db import Database, StorageError
from storage.pen import Pen

T = TypeVar("T")
Rings = Mapping[str, Rule]
Found = Mapping[str, tuple[str, ...]]
Seek = Callable[[str], Awaitable[tuple[str, ...]]]
_ALARMS_AT_ONCE = 50
_INCIDENTS_AT_ONCE = 10  # in one transaction: 20 ms in which SQLite takes no other write
_RECKONED_AT_ONCE = 5
_REST = 3  # times as long as it worked, the reckoning rests: acks and reminders come first
_AFTER_IN_VAIN = timedelta(minutes=5)
_LEFT_FOR = timedelta(seconds=30)  # by then this process may have been replaced
# Beside our own code, these say what is shown and when it is due.
_LIBRARIES = ("holidays", "slack_sdk", "tzdata")
_log = structlog.get_logger()


@dataclass(frozen=True)
class _Turn:
    """When it rings, who was found for the roles it seeks, and how late each alarm was by then."""

    now: datetime
    found: Found = field(default_factory=dict)
    late: list[timedelta] = field(default_factory=list)


class Ringing(Erasures):
    """The writes that nobody asks for: what is due, and what is due by another policy."""

    def __init__(self, database: Database, clock: Clock, house: House, rings: Rings) -> None:
        super().__init__(database, clock, house)
        self._house = house
        self._rings = rings
        self._seek: Seek | None = None
        self._left: dict[int, datetime] = {}
        self.bells = Bells()

    def seek_with(self, seek: Seek) -> None:
        """Ask `seek` who stands for a role where another system knows it; it never raises."""
        self._seek = seek

    async def stand_for(self, role: str) -> tuple[str, ...]:
        """The people who stand for a role now, whom to call first in front."""
        found = calling.found_for(role, self.policy, self.now())
        if found:
            return (found,)
        return await self._seek(role) if self._seek else ()

    async def ring_due(self) -> tuple[int, datetime | None]:
        """Ring incidents that are due, the longest overdue first, in one transaction.

        How many they were (0: none, or others have them), and when the next one is due. Those that
        only newer code can read are left to it, as they stand.

        Raises:
            NotWritten: the database did not take it; nothing was written.
        """
        cases, next_at, late = await self._write(self._ring_due)
        metrics.rang(late)
        for case in filter(None, cases):
            self._tell(case)
            if case.incident.sought:
                await self.ring(case.incident.number)
        return len(cases), next_at

    async def next_due_at(self) -> datetime | None:
        """When the earliest deadline rings that this process can see to; None when none is owed."""
        return await self._read(lambda conn: lookup.next_due_at(conn, self._left_alone()))

    async def due(self, now: datetime) -> list[int]:
        """The numbers of incidents that this process has to look at by `now`."""
        left = self._left_alone()
        return [one for one in await super().due(now) if one not in left]

    async def ring(self, number: int) -> None:
        """Run the rules of all alarms of this incident that are due, in one transaction.

        Raises:
            NotWritten: the database did not take it; nothing was written.
        """
        case = await self._ring_with(number, {})
        if case and case.incident.sought:
            case = await self._ring_with(number, await self._look_up(case.incident))
        if case:
            self._tell(case)

    async def _ring_with(self, number: int, found: Found) -> Case | None:
        case, late = await self._write(lambda conn: self._ring(conn, number, found))
        metrics.rang(late)
        return case

    async def draw(self, number: int) -> None:
        """Owe what this incident's slots show now.

        Raises:
            NotWritten: the database did not take it, or only newer code can read the incident.
        """
        try:
            await self._write(lambda conn: self._ledger.draw(conn, number, self._clock.now()))
        except NotWritten as error:
            if error.is_newer:
                self._leave(number)
            raise
        self.bells.written(None)

    async def enroll(self, number: int) -> None:
        """Owe the roll that this incident stands in, now that its room is open.

        Raises:
            NotWritten: the database did not take it.
        """
        await self._write(lambda conn: rolls.owe(conn, number, self._clock.now()))
        self.bells.written(None)

    def leaves(self, number: int) -> bool:
        """Whether the incident is left to newer code, which alone can read it, for the moment."""
        return number in self._left_alone()

    async def put_off(self, number: int) -> None:
        """Look at this incident again in a while; its alarms ran into a fault.

        Raises:
            NotWritten: the database did not take it.
        """
        until = self._clock.now() + _AFTER_IN_VAIN
        await self._write(lambda conn: lookup.defer(conn, number, until))

    async def reckon_anew(self, rolls_for: float = 0.0) -> None:
        """Reckon deadlines and slots of what goes on, unless policy and code are as last time.

        On Postgres once more `rolls_for` seconds later: what older processes wrote meanwhile.

        Raises:
            NotWritten: the database did not take it; what was done so far stays.
        """
        by = await asyncio.to_thread(_by, self._house)
        if await self._read(lookup.reckoned_by) == by:
            return
        await self._reckon_all()
        if rolls_for and not self._database.is_sqlite:
            await asyncio.sleep(rolls_for)
            await self._reckon_all()
        await self._write(lambda conn: lookup.set_reckoned_by(conn, by))

    async def _reckon_all(self) -> None:
        left = await self._read(lambda conn: lookup.going(conn, OVER))
        while left:
            began = time.monotonic()
            some, left = left[:_RECKONED_AT_ONCE], left[_RECKONED_AT_ONCE:]
            for case in await self._write(partial(self._reckon, numbers=some)):
                self._tell(case)
            await asyncio.sleep(_REST * (time.monotonic() - began))

    async def _write(
        self,
        work: Callable[[Connection], T],
        patience: float | None = None,
        *,
        then: Callable[[T], None] | None = None,
    ) -> T:
        try:
            return await self._database.write(work, patience, then=then)
        except StorageError as error:
            raise NotWritten(error) from error

    def _tell(self, case: Case) -> None:
        """What is committed is kept; wake whoever delivers, and whoever rings."""
        self._ledger.keep(case)
        bind_contextvars(incident=case.incident.number or None)
        self.bells.written(self._ledger.next_due_at(case))

    async def _look_up(self, incident: Incident) -> Found:
        """Who stands for the roles that are looked up elsewhere, asked while no lock is held."""
        roles = list(incident.sought)
        people = await asyncio.gather(*map(self.stand_for, roles))
        return dict(zip(roles, people, strict=True))

    def _ring_due(
        self, conn: Connection
    ) -> tuple[list[Case | None], datetime | None, list[timedelta]]:
        turn = _Turn(self._clock.now())
        lasts = lookup.take_due(conn, turn.now, _INCIDENTS_AT_ONCE, self._left_alone())
        self._ledger.read_ahead(conn, lasts)
        pen = Pen(conn, turn.now)
        cases = [self._rung(pen, number, turn, last) for number, last in lasts.items()]
        pen.write()
        return cases, lookup.next_due_at(conn, self._left_alone()), turn.late

    def _left_alone(self) -> list[int]:
        """The incidents that only newer code can read, until they are looked at again."""
        now = self._clock.now()
        return [number for number, until in dict(self._left).items() if until > now]

    def _readable(
        self, conn: Connection, number: int, last: lookup.Last | None = None
    ) -> Case | None:
        """The case; None where only newer code can read it, which sees to it then."""
        try:
            return self._ledger.load(conn, ids.chain(number), number, last)
        except Newer as error:
            self._leave(number)
            _log.info("bell.left_to_newer", number=number, kind=error.kind)
            return None

    def _leave(self, number: int) -> None:
        self._left[number] = self._clock.now() + _LEFT_FOR

    def _ring(
        self, conn: Connection, number: int, found: Found
    ) -> tuple[Case | None, list[timedelta]]:
        entry = lookup.lock(conn, number)
        turn = _Turn(self._clock.now(), found)
        if entry is None or entry.next_due_at is None or entry.next_due_at > turn.now:
            return None, turn.late
        pen = Pen(conn, turn.now)
        case = self._rung(pen, number, turn)
        pen.write()
        return case, turn.late

    def _rung(
        self, pen: Pen, number: int, turn: _Turn, last: lookup.Last | None = None
    ) -> Case | None:
        now, found = turn.now, turn.found
        chain, stamp = ids.chain(number), Stamp(now, ids.BOT)
        before = case = self._readable(pen.conn, number, last)
        if case is None:
            return None
        for _ in range(_ALARMS_AT_ONCE):
            alarm = self._ledger.due(case, now)
            if alarm is None:
                break
            if alarm.kind == SOUGHT and alarm.about not in found:
                return case  # nobody is asked while the row is locked
            if case is not before:
                pen.write()  # the next one follows it, or puts it off
            context = self._ledger.context(case, stamp, {}, found)
            outcome = self._rings[alarm.kind](case.incident, alarm, context)
            if not outcome.facts:
                # Its rule left it as it was, so it would ring for ever.
                _log.error("alarm.in_vain", kind=alarm.kind, about=alarm.about, number=number)
                lookup.defer(pen.conn, number, now + _AFTER_IN_VAIN)
                return case
            case = self._ledger.take_down(pen, chain, outcome, case, stamp)
            turn.late.append(now - alarm.at)
        if case is before:  # what writes a fact writes down as well when the next is due
            lookup.defer(pen.conn, number, self._ledger.next_due_at(case))
        return case

    def _reckon(self, conn: Connection, numbers: Sequence[int]) -> list[Case]:
        stamp, cases = Stamp(self._clock.now(), ids.BOT), []
        for number in sorted(numbers):  # or two processes that start would wait for each other
            if lookup.lock(conn, number) is not None and (case := self._readable(conn, number)):
                lookup.defer(conn, number, self._ledger.next_due_at(case))
                self._ledger.append(conn, ids.chain(number), Outcome(), case, stamp)
                cases.append(case)
        return cases


def _by(house: House) -> int:
    """A number for all that deadlines and slots are reckoned by: policy, settings and code."""
    text = [house.policy.model_dump_json(), house.command, str(house.announces)]
    text += [version(name) for name in _LIBRARIES]
    seal = hashlib.sha256("\n".join(text).encode())
    here = Path(__file__).parent
    for path in sorted(here.rglob("*.py")):
        if "sandbox" not in path.relative_to(here).parts:
            seal.update(path.read_bytes())
    return int.from_bytes(seal.digest()[:4]) >> 1
