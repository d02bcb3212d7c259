"""How does a request become facts, and how are they read back?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from bot.clock import Clock
from bot.core import ids
from bot.core.facts import ERASED, Fact, Recorded, Words
from bot.core.facts.incidents import WordsErased
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Person, Refused, Rule
from bot.ledger import Case, House, Ledger, Stamp
from storage import inbox, log, lookup, outbox, texts
from storage.db import Database, StorageError

T = TypeVar("T")


class NotWritten(Exception):
    """The log could not be written or read; the sentence says why, and nothing was changed."""


@dataclass(frozen=True)
class Existing:
    """A decision about an incident that is in the log."""

    number: int


@dataclass(frozen=True)
class Opening:
    """A decision that opens an incident; it takes the next number."""


@dataclass(frozen=True)
class NearMiss:
    """An entry among the near misses; it takes the next number there."""


Target = Existing | Opening | NearMiss


@dataclass(frozen=True)
class Asked:
    """Who asks, and under which key Slack would ask again."""

    key: str
    actor: str
    people: Mapping[str, Person] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """A decision that is on disk; `is_replay` when the same key had been carried out before."""

    case: Case
    facts: tuple[Fact, ...]
    is_replay: bool = False


@dataclass(frozen=True)
class Listed:
    """A line of the list of incidents; `title` is None when it stays in the room or was erased."""

    number: int
    title: str | None
    rank: int
    status: str
    opened_at: datetime
    is_private: bool
    is_test: bool


class Engine:
    """The one write path, and the reads that features need."""

    def __init__(self, database: Database, clock: Clock, house: House) -> None:
        self._database = database
        self._clock = clock
        self._ledger = Ledger(house)
        self.policy = house.policy
        self.command = house.command
        self._after_commit: list[Callable[[], None]] = []

    def after_commit(self, wake: Callable[[], None]) -> None:
        """Call `wake` after each commit that may owe something to Slack."""
        self._after_commit.append(wake)

    async def carry_out(self, rule: Rule, request: object, target: Target, asked: Asked) -> Done:
        """Decide and write in one transaction; when it returns, it is on disk.

        Raises:
            Refused: the rule said no; nothing was written.
            NotWritten: the database did not take it; nothing was written.
        """
        try:
            done = await self._database.write(
                lambda conn: self._decide(conn, rule, request, target, asked)
            )
        except StorageError as error:
            raise NotWritten(error.sentence) from error
        for wake in self._after_commit:
            wake()
        return done

    def erase(
        self, target: Existing | NearMiss, places: Sequence[str], reason: str, by: str
    ) -> int:
        """Erase words for good, on the caller's thread; how many texts were left to erase.

        `places` are "seq.field" as `words_of` lists them. Slots that showed the words are rendered
        anew; words that Slack has already shown elsewhere stay there.

        Raises:
            Refused: a place holds no words, or something that quotes them is still being delivered.
            NotWritten: the database did not take it.
        """
        try:
            count = self._database.write_now(
                lambda conn: self._erase(conn, target, tuple(places), reason, by)
            )
            texts.scrub(self._database)
        except StorageError as error:
            raise NotWritten(error.sentence) from error
        return count

    def words_of(self, target: Existing | NearMiss) -> dict[str, tuple[str, Words]]:
        """What can be erased: "seq.field" -> (kind of fact, the words).

        Raises:
            Refused: there is no such incident.
        """
        facts = self._database.read_now(lambda conn: self._ledger.facts(conn, _chain(target)))
        if isinstance(target, Existing) and not facts:
            raise Refused(f"There is no {ids.reference(target.number)}.")
        return {
            f"{recorded.seq}.{name}": (type(recorded.fact).__name__, words)
            for recorded in facts
            for name, words in recorded.fact.words().items()
            if words != ERASED
        }

    async def forget_requests(self, older_than: timedelta) -> int:
        """Forget the keys of requests that Slack will not send again; how many they were."""
        before = self._clock.now() - older_than
        try:
            return await self._database.write(lambda conn: inbox.prune(conn, before))
        except StorageError as error:
            raise NotWritten(error.sentence) from error

    async def case(self, number: int) -> Case | None:
        """The incident as it stands; None when there is no such number."""

        def load(conn: Connection) -> Case | None:
            recorded = self._ledger.facts(conn, ids.chain(number))
            return self._ledger.case(Incident(number), recorded) if recorded else None

        return await self._read(load)

    async def incident_in(self, channel_id: str) -> int | None:
        """The number of the incident whose room this channel is; None for any other channel."""
        names = await self._read(lambda conn: outbox.refs_at(conn, channel_id, "room/"))
        return int(names[0].removeprefix("room/")) if names else None

    async def channel_of(self, number: int) -> str | None:
        """The channel of an incident's room; None while it is not open yet."""
        value = await self._read(lambda conn: outbox.ref(conn, ids.room(number)))
        return str(value["channel"]) if value else None

    async def listed(self, statuses: Sequence[str]) -> list[Listed]:
        """Incidents of these statuses, the newest first."""
        entries = await self._read(lambda conn: lookup.entries(conn, statuses))
        return [
            Listed(
                number=entry.number,
                title=title,
                rank=entry.rank or 0,
                status=entry.status,
                opened_at=entry.opened_at,
                is_private=entry.is_private,
                is_test=entry.is_test,
            )
            for entry, title in entries
        ]

    async def _read(self, query: Callable[[Connection], T]) -> T:
        try:
            return await self._database.read(query)
        except StorageError as error:
            raise NotWritten(error.sentence) from error

    def _decide(
        self, conn: Connection, rule: Rule, request: object, target: Target, asked: Asked
    ) -> Done:
        if seen := inbox.seen(conn, asked.key):
            return self._replay(conn, seen)
        incident, chain, before = self._begin(conn, target)
        case = self._ledger.case(incident, before)
        now = self._clock.now()
        outcome = rule(
            case.incident,
            request,
            Context(now, asked.actor, self.policy, case.states, asked.people),
        )
        after = self._ledger.append(conn, chain, outcome, case, Stamp(now, asked.actor))
        last = after.incident.last_seq
        first = last - len(outcome.facts) + 1
        inbox.remember(conn, asked.key, inbox.Seen(chain, first, last), now)
        return Done(after, outcome.facts)

    def _begin(self, conn: Connection, target: Target) -> tuple[Incident, str, list[Recorded]]:
        match target:
            case Existing(number=number):
                if lookup.lock(conn, number) is None:
                    raise Refused(f"There is no {ids.reference(number)}.")
                chain = ids.chain(number)
                return Incident(number), chain, self._ledger.facts(conn, chain)
            case Opening():
                number = lookup.next_number(conn, "incident")
                return Incident(number), ids.chain(number), []
            case NearMiss():
                number = lookup.next_number(conn, "near-miss")
                return Incident(number), ids.NEAR_MISSES, []

    def _erase(
        self,
        conn: Connection,
        target: Existing | NearMiss,
        places: tuple[str, ...],
        reason: str,
        by: str,
    ) -> int:
        chain = _chain(target)
        called = chain
        if isinstance(target, Existing):
            called = ids.reference(target.number)
            if lookup.lock(conn, target.number) is None:
                raise Refused(f"There is no {called}.")
        digests = _digests(log.read(conn, chain))
        if missing := [place for place in places if place not in digests]:
            raise Refused(
                f"There are no words at {', '.join(missing)} of {called}. "
                f"`warroom erase {called}` lists the places."
            )
        if outbox.settle_for_erasure(conn, chain):
            raise Refused(
                "Messages that may quote these words are still being delivered. "
                "See `warroom outbox`, and erase when they are through."
            )
        count = texts.erase(conn, [digests[place] for place in places])
        if count == 0:  # erased before; asking again only sees to it that the bytes are gone
            return 0
        number = target.number if isinstance(target, Existing) else 0
        case = self._ledger.case(Incident(number), self._ledger.facts(conn, chain))
        fact = WordsErased(places=places, reason=reason)
        self._ledger.append(conn, chain, Outcome(facts=(fact,)), case, Stamp(self._clock.now(), by))
        return count

    def _replay(self, conn: Connection, seen: inbox.Seen) -> Done:
        recorded = self._ledger.facts(conn, seen.chain)
        number = 0 if seen.chain == ids.NEAR_MISSES else int(seen.chain.rpartition("/")[2])
        case = self._ledger.case(Incident(number), recorded)
        facts = [one.fact for one in recorded if seen.first_seq <= one.seq <= seen.last_seq]
        return Done(case, tuple(facts), is_replay=True)


def _digests(rows: Sequence[log.Fact]) -> dict[str, str]:
    """What stands for words in these rows, by place: "seq.field" -> digest."""
    return {
        f"{row.seq}.{name}": str(value["words"])
        for row in rows
        for name, value in row.payload.items()
        if isinstance(value, dict) and "words" in value
    }


def _chain(target: Existing | NearMiss) -> str:
    return ids.chain(target.number) if isinstance(target, Existing) else ids.NEAR_MISSES
