"""How does a request become facts, and how are they read back?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Connection

from bot import homes, rolls
from bot.cases import Case
from bot.core import ids, typed
from bot.core.facts import Fact
from bot.core.incident import Incident
from bot.core.messages import Message
from bot.core.outcome import Original, Outcome, Rule
from bot.ledger import Stamp
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
from bot.ringing import Ringing, Seek
from storage import inbox, log, looks, lookup, outbox
from storage.db import PATIENCE_SECONDS

__all__ = [
    "Asked", "Done", "Engine", "Existing", "NearMiss", "NotWritten", "OfTheHouse", "Opening",
    "Seek", "Talk", "Target", "Within",
]  # fmt: skip


_SEALED_WITHIN_SECONDS = 0.5  # Slack waits three for the answer, and the log may take most of it


class Held(Protocol):
    """What was kept: SHA-256 and size of the bytes as they came."""

    @property
    def item(self) -> str: ...  # noqa: D102
    @property
    def sha256(self) -> str: ...  # noqa: D102
    @property
    def size_bytes(self) -> int: ...  # noqa: D102


class Safe(Protocol):
    """Where originals are kept; each of these raises NotWritten where it is not done."""

    async def keep(self, chain: str, record: Mapping[str, Any], now: datetime) -> Held: ...  # noqa: D102
    async def destroy(self, item: str) -> None: ...  # noqa: D102
    async def forget(self, item: str) -> None: ...  # noqa: D102


TakeAlong = Callable[[Connection, str], Callable[[], None]]


class Engine(Ringing):
    """The one write path for what people ask, and the reads that features need."""

    _safe: Safe | None = None
    _take_along: TakeAlong | None = None

    async def carry_out(self, rule: Rule, request: object, target: Target, asked: Asked) -> Done:
        """Decide and write in one transaction; when it returns, it is on disk.

        Raises:
            Refused: the rule said no; nothing was written.
            NotWritten: the database did not take it; nothing was written.
        """
        asked = await self._with_original(rule, request, target, asked)
        facts: tuple[Fact, ...] = ()
        try:
            done = await self._write(
                lambda conn: self._decide(conn, rule, request, target, asked),
                PATIENCE_SECONDS,
                then=lambda done: done.begin(),
            )
            facts = done.facts
        except (NotWritten, asyncio.CancelledError):
            # It may be on record all the same, and nobody waits for what the database answers: a
            # round lets go of what no fact speaks of.
            asked = replace(asked, original=None)
            raise
        finally:
            if asked.original:
                await self._let_go(asked.original, facts)
        self.written(done)
        return done

    def written(self, done: Done) -> None:
        """What was decided is committed."""
        self._tell(done.case)

    def furnish_with(self, take_along: TakeAlong) -> None:
        """Claim with `take_along` what makes and furnishes a new room, in the commit that owes it.

        What it answers begins that, and is called after the commit.
        """
        self._take_along = take_along

    def seal_with(self, safe: Safe) -> None:
        """Keep in `safe` what people type, where some of it has to be masked."""
        self._safe = safe

    async def _with_original(
        self, rule: Rule, request: object, target: Target, asked: Asked
    ) -> Asked:
        """The same, with what they typed in the vault; without where it takes nothing now."""
        said = typed.original(rule, request, self.policy.evidence)
        if not said or self._safe is None or not isinstance(target, Existing):
            return asked
        now = self.now()
        record = {"source": "typed", "text": said, "by": asked.actor, "at": now.isoformat()}
        try:
            async with asyncio.timeout(_SEALED_WITHIN_SECONDS):
                held = await self._safe.keep(ids.chain(target.number), record, now)
        except (NotWritten, TimeoutError):
            return asked  # it is masked all the same, and the record says that nothing was kept
        return replace(asked, original=Original(held.item, held.sha256, held.size_bytes))

    async def _let_go(self, original: Original, facts: Sequence[Fact]) -> None:
        """What no fact speaks of, or of which the hash alone stays; else a round does it later."""
        kept = [one for one in facts if getattr(one, "item", None) == original.item]
        if self._safe and not any(getattr(one, "is_raw_kept", False) for one in kept):
            give_up = self._safe.destroy if kept else self._safe.forget
            with contextlib.suppress(NotWritten):
                await give_up(original.item)

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

        await self._write(work, PATIENCE_SECONDS)

    async def owe(self, messages: Sequence[Message]) -> None:
        """Owe something that changes no record, such as a private answer or a Home.

        Raises:
            NotWritten: the database did not take it.
        """
        await self._write(
            lambda conn: self._ledger.owe(conn, messages, self._clock.now()), PATIENCE_SECONDS
        )
        self.bells.written(None)

    async def redraw_homes(self, before: datetime) -> bool:
        """Owe some of the Homes that were not owed since `before`; False when there are no more.

        Raises:
            NotWritten: the database did not take it.
        """
        now = self.now()
        some = await self._read(lambda conn: homes.longest_ago(conn, before, now))
        if some:
            await self.owe(some)
        return bool(some)

    async def forget_requests(self, older_than: timedelta) -> int:
        """Forget the keys of requests that Slack will not send again; how many they were."""
        before = self._clock.now() - older_than
        return await self._write(lambda conn: inbox.prune(conn, before))

    def _decide(
        self, conn: Connection, rule: Rule, request: object, target: Target, asked: Asked
    ) -> Done:
        """As `decide`; the room of an incident that opens is claimed as soon as it is owed."""
        done = self.decide(conn, rule, request, target, asked)
        if self._take_along is None or not isinstance(target, Opening) or done.is_replay:
            return done
        return replace(done, begin=self._take_along(conn, ids.chain(done.case.incident.number)))

    def within(self, conn: Connection) -> Within:
        """Decide in a transaction of the caller's, who holds what it is about already."""
        return Within(self, conn)

    def decide(
        self, conn: Connection, rule: Rule, request: object, target: Target, asked: Asked
    ) -> Done:
        """As `carry_out`, but somebody else commits, and tells of it by `written` then."""
        if seen := inbox.seen(conn, asked.key):
            return self._replay(conn, seen)
        # Both in the order of their numbers, or two merges would wait for each other.
        _lock_in_order(conn, target, asked.other)
        chain, case = self._begin(conn, target, asked)
        now = self._clock.now()
        context = self._ledger.context(case, Stamp(now, asked.actor), asked.people)
        context = replace(context, original=asked.original)
        other = None
        if asked.other is not None:
            other_chain, other = self._begin(conn, Existing(asked.other), asked)
            context = replace(context, other=other.incident, other_states=other.states)
        outcome = rule(case.incident, request, context)
        after = self._ledger.append(conn, chain, outcome, case, Stamp(now, asked.actor))
        if other and outcome.other:
            self._ledger.append(conn, other_chain, outcome.other, other, Stamp(now, asked.actor))
        last = after.incident.last_seq
        first = last - len(outcome.facts) + 1
        inbox.remember(conn, asked.key, inbox.Seen(chain, first, last), now)
        return Done(after, outcome.facts)

    def _begin(self, conn: Connection, target: Target, asked: Asked) -> tuple[str, Case]:
        """The chain to write to, and what it adds up to so far."""
        match target:
            case Opening():
                number = lookup.next_number(conn, "incident")
                return ids.chain(number), self._ledger.case(Incident(number), ())
            case NearMiss():
                number = lookup.next_number(conn, "near-miss")
                return ids.NEAR_MISSES, self._ledger.case(Incident(number), ())
            case Existing(number=number):
                return ids.chain(number), self._held(conn, number, asked)
        log.hold(conn, chain_of(target))
        return chain_of(target), self._ledger.load(conn, chain_of(target), 0)

    def _held(self, conn: Connection, number: int, asked: Asked) -> Case:
        """An incident as it stands; whoever holds its row holds its chain."""
        last = lookup.hold(conn, number)
        if last is None:
            raise no_such(number)
        case = self._ledger.load(conn, ids.chain(number), number, last)
        if hidden(case.incident, asked.actor):
            raise no_such(number)
        return case

    def _replay(self, conn: Connection, seen: inbox.Seen) -> Done:
        number = int(seen.chain.rpartition("/")[2]) if seen.chain.startswith("incident/") else 0
        case = self._ledger.load(conn, seen.chain, number)
        recorded = self._ledger.facts(conn, seen.chain, seen.first_seq - 1)
        facts = [one.fact for one in recorded if one.seq <= seen.last_seq]
        return Done(case, tuple(facts), is_replay=True)


class Within:
    """Decisions in a transaction that somebody else ends; they stand and fall with it."""

    def __init__(self, engine: Engine, conn: Connection) -> None:
        self._engine = engine
        self._conn = conn
        self._then: list[Callable[[], None]] = []

    def carry_out(self, rule: Rule, request: object, target: Target, asked: Asked) -> None:
        """Decide; there is nothing to read of it before the commit.

        Raises:
            Refused: the rule said no; nothing was written.
        """
        done = self._engine.decide(self._conn, rule, request, target, asked)
        self._then.append(partial(self._engine.written, done))

    def ask_look(self, number: int) -> None:
        """Have this incident's room looked at soon."""
        looks.ask(self._conn, number, self._engine.now())
        self._then.append(self._engine.look_asked)

    def standing(self, roll: str) -> list[int]:
        """The incidents that stand in a roll of announcements."""
        return [number for number, _ in rolls.standing(self._conn, roll)]

    def let_go(self, slot: str) -> None:
        """What this slot showed is gone, and is shown by another."""
        outbox.let_go(self._conn, slot)

    def committed(self) -> None:
        """Tell those who wait for it; called once, after the commit."""
        for tell in self._then:
            tell()


def _lock_in_order(conn: Connection, target: Target, other: int | None) -> None:
    if other is not None and isinstance(target, Existing):
        for number in sorted((target.number, other)):
            lookup.lock(conn, number)
