"""How does a request become facts, and how are they read back?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy import Connection
from structlog.contextvars import bind_contextvars

from bot import metrics
from bot.clock import Clock
from bot.core import calling, ids
from bot.core.deadlines import SOUGHT
from bot.core.facts import Fact, Recorded
from bot.core.incident import Incident
from bot.core.messages import Message
from bot.core.outcome import Outcome, Rule
from bot.erasing import Erasures
from bot.ledger import Case, House, Stamp
from bot.reads import (
    Asked,
    Done,
    Existing,
    NearMiss,
    NotWritten,
    OfTheHouse,
    Opening,
    Talk,
    Target,
    chain_of,
    hidden,
    no_such,
)
from storage import inbox, lookup
from storage.db import Database, StorageError

__all__ = [
    "Asked", "Done", "Engine", "Existing", "NearMiss", "NotWritten", "OfTheHouse", "Opening",
    "Talk", "Target",
]  # fmt: skip

T = TypeVar("T")
Rings = Mapping[str, Rule]
Seek = Callable[[str], Awaitable[tuple[str, ...]]]
_ALARMS_AT_ONCE = 50
_AFTER_IN_VAIN = timedelta(minutes=5)
_log = structlog.get_logger()


class Engine(Erasures):
    """The one write path, and the reads that features need."""

    def __init__(self, database: Database, clock: Clock, house: House, rings: Rings) -> None:
        super().__init__(database, clock, house)
        self._rings = rings
        self._seek: Seek | None = None
        self._after_commit: list[Callable[[], None]] = []
        self._on_due: list[Callable[[datetime], None]] = []

    def after_commit(self, wake: Callable[[], None]) -> None:
        """Call `wake` after each commit that may owe something to Slack."""
        self._after_commit.append(wake)

    def seek_with(self, seek: Seek) -> None:
        """Ask `seek` who stands for a role where another system knows it; it never raises."""
        self._seek = seek

    async def stand_for(self, role: str) -> tuple[str, ...]:
        """The people who stand for a role now, whom to call first in front."""
        found = calling.found_for(role, self.policy, self.now())
        if found:
            return (found,)
        return await self._seek(role) if self._seek else ()

    def on_due(self, arm: Callable[[datetime], None]) -> None:
        """Call `arm` with the moment at which an incident that was written has to be looked at."""
        self._on_due.append(arm)

    async def carry_out(self, rule: Rule, request: object, target: Target, asked: Asked) -> Done:
        """Decide and write in one transaction; when it returns, it is on disk.

        Raises:
            Refused: the rule said no; nothing was written.
            NotWritten: the database did not take it; nothing was written.
        """
        done = await self._write(lambda conn: self._decide(conn, rule, request, target, asked))
        self._tell(done.case)
        return done

    async def ring(self, number: int) -> None:
        """Run the rules of all alarms of this incident that are due, in one transaction.

        Raises:
            NotWritten: the database did not take it; nothing was written.
        """
        case = await self._rung(number, {})
        if case and case.incident.sought:
            case = await self._rung(number, await self._look_up(case.incident))
        if case:
            self._tell(case)

    async def reckon_anew(self) -> None:
        """Reckon the deadlines and slots of all incidents by the policy and the code of today.

        Raises:
            NotWritten: the database did not take it; what was done so far stays.
        """
        for listed in await self.listed():
            number = listed.number
            case = await self._write(partial(self._reckon, number=number))
            if case:
                self._tell(case)

    async def put_off(self, number: int) -> None:
        """Look at this incident again in a while; its alarms ran into a fault.

        Raises:
            NotWritten: the database did not take it.
        """
        until = self._clock.now() + _AFTER_IN_VAIN
        await self._write(lambda conn: lookup.defer(conn, number, until))

    async def say(self, number: int, fact: Fact, asked: Asked) -> None:
        """Keep what was said in a room, on a chain of its own that waits for no decision.

        Raises:
            NotWritten: the database did not take it; nothing was written.
        """

        def work(conn: Connection) -> None:
            chain = ids.talk(number)
            if inbox.seen(conn, asked.key):
                return
            now = self._clock.now()
            nothing = self._ledger.case(Incident(0), ())
            stamp = Stamp(now, asked.actor)
            self._ledger.append(conn, chain, Outcome((fact,)), nothing, stamp)
            inbox.remember(conn, asked.key, inbox.Seen(chain, 0, 0), now)

        await self._write(work)

    async def owe(self, messages: Sequence[Message]) -> None:
        """Owe something that changes no record, such as a private answer or a Home.

        Raises:
            NotWritten: the database did not take it.
        """
        await self._write(lambda conn: self._ledger.owe(conn, messages, self._clock.now()))
        for wake in self._after_commit:
            wake()

    async def forget_requests(self, older_than: timedelta) -> int:
        """Forget the keys of requests that Slack will not send again; how many they were."""
        before = self._clock.now() - older_than
        return await self._write(lambda conn: inbox.prune(conn, before))

    async def _rung(self, number: int, found: Mapping[str, tuple[str, ...]]) -> Case | None:
        late: list[timedelta] = []
        case = await self._write(lambda conn: self._ring(conn, number, found, late))
        metrics.rang(late)
        return case

    async def _write(self, work: Callable[[Connection], T]) -> T:
        try:
            return await self._database.write(work)
        except StorageError as error:
            raise NotWritten(error.sentence) from error

    def _tell(self, case: Case) -> None:
        """Wake whoever delivers, and whoever rings."""
        bind_contextvars(incident=case.incident.number or None)
        for wake in self._after_commit:
            wake()
        at = self._ledger.next_due_at(case)
        if at:
            for arm in self._on_due:
                arm(at)

    def _decide(
        self, conn: Connection, rule: Rule, request: object, target: Target, asked: Asked
    ) -> Done:
        if seen := inbox.seen(conn, asked.key):
            return self._replay(conn, seen)
        # Both in the order of their numbers, or two merges would wait for each other.
        _lock_in_order(conn, target, asked.other)
        incident, chain, before = self._begin(conn, target)
        case = self._seen(incident, before, asked)
        now = self._clock.now()
        context = self._ledger.context(case, now, asked.actor, asked.people)
        other = None
        if asked.other is not None:
            second, other_chain, facts = self._begin(conn, Existing(asked.other))
            other = self._seen(second, facts, asked)
            context = replace(context, other=other.incident, other_states=other.states)
        outcome = rule(case.incident, request, context)
        after = self._ledger.append(conn, chain, outcome, case, Stamp(now, asked.actor))
        if other and outcome.other:
            self._ledger.append(conn, other_chain, outcome.other, other, Stamp(now, asked.actor))
        last = after.incident.last_seq
        first = last - len(outcome.facts) + 1
        inbox.remember(conn, asked.key, inbox.Seen(chain, first, last), now)
        return Done(after, outcome.facts)

    def _seen(self, incident: Incident, facts: Sequence[Recorded], asked: Asked) -> Case:
        case = self._ledger.case(incident, facts)
        if hidden(case.incident, asked.actor):
            raise no_such(case.incident.number)
        return case

    async def _look_up(self, incident: Incident) -> Mapping[str, tuple[str, ...]]:
        """Who stands for the roles that are looked up elsewhere, asked while no lock is held."""
        roles = list(incident.sought)
        people = await asyncio.gather(*map(self.stand_for, roles))
        return dict(zip(roles, people, strict=True))

    def _ring(
        self,
        conn: Connection,
        number: int,
        found: Mapping[str, tuple[str, ...]],
        late: list[timedelta],
    ) -> Case | None:
        late.clear()  # what was rung before the transaction had to be tried again
        entry = lookup.lock(conn, number)
        now = self._clock.now()
        if entry is None or entry.next_due_at is None or entry.next_due_at > now:
            return None
        chain = ids.chain(number)
        case = self._ledger.case(Incident(number), self._ledger.facts(conn, chain))
        for _ in range(_ALARMS_AT_ONCE):
            alarm = self._ledger.due(case, now)
            if alarm is None:
                break
            if alarm.kind == SOUGHT and alarm.about not in found:
                return case  # nobody is asked while the row is locked
            context = replace(self._ledger.context(case, now, ids.BOT, {}), found=found)
            outcome = self._rings[alarm.kind](case.incident, alarm, context)
            if not outcome.facts:
                # Its rule left it as it was, so it would ring for ever.
                _log.error("alarm.in_vain", kind=alarm.kind, about=alarm.about, number=number)
                lookup.defer(conn, number, now + _AFTER_IN_VAIN)
                return case
            case = self._ledger.append(conn, chain, outcome, case, Stamp(now, ids.BOT))
            late.append(now - alarm.at)
        lookup.defer(conn, number, self._ledger.next_due_at(case))
        return case

    def _reckon(self, conn: Connection, number: int) -> Case | None:
        if lookup.lock(conn, number) is None:
            return None
        recorded = self._ledger.facts(conn, ids.chain(number))
        case = self._ledger.case(Incident(number), recorded)
        lookup.defer(conn, number, self._ledger.next_due_at(case))
        self._ledger.append(
            conn, ids.chain(number), Outcome(), case, Stamp(self._clock.now(), ids.BOT)
        )
        return case

    def _begin(self, conn: Connection, target: Target) -> tuple[Incident, str, list[Recorded]]:
        match target:
            case Existing(number=number):
                if lookup.lock(conn, number) is None:
                    raise no_such(number)
                chain = ids.chain(number)
                return Incident(number), chain, self._ledger.facts(conn, chain)
            case Opening():
                number = lookup.next_number(conn, "incident")
                return Incident(number), ids.chain(number), []
            case NearMiss():
                number = lookup.next_number(conn, "near-miss")
                return Incident(number), ids.NEAR_MISSES, []
        chain = chain_of(target)
        return Incident(0), chain, self._ledger.facts(conn, chain)

    def _replay(self, conn: Connection, seen: inbox.Seen) -> Done:
        recorded = self._ledger.facts(conn, seen.chain)
        number = int(seen.chain.rpartition("/")[2]) if seen.chain.startswith("incident/") else 0
        case = self._ledger.case(Incident(number), recorded)
        facts = [one.fact for one in recorded if seen.first_seq <= one.seq <= seen.last_seq]
        return Done(case, tuple(facts), is_replay=True)


def _lock_in_order(conn: Connection, target: Target, other: int | None) -> None:
    if other is not None and isinstance(target, Existing):
        for number in sorted((target.number, other)):
            lookup.lock(conn, number)
