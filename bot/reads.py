"""What does the log say, for those who only want to know?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy import Connection

from bot import rolls
from bot.cases import Case, Newer
from bot.clock import Clock
from bot.core import ids
from bot.core.facts import ERASED, Fact, Recorded, Words
from bot.core.incident import Incident
from bot.core.outcome import Original, Person, Refused, Shown
from bot.ledger import House, Ledger
from storage import lookup, outbox
from storage.db import PATIENCE_SECONDS, Database, StorageError, Unanswered

T = TypeVar("T")
_log = structlog.get_logger()


class NotWritten(Exception):
    """The log could not be written or read; the sentence says why.

    Nothing was changed, unless `is_unknown`: then it may be on disk all the same. With `is_newer`
    it was newer code that wrote what this process cannot read.
    """

    def __init__(self, error: StorageError) -> None:
        super().__init__(error.sentence)
        self.is_unknown = isinstance(error, Unanswered)
        self.is_newer = isinstance(error, Newer)


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


@dataclass(frozen=True)
class OfTheHouse:
    """A decision about no incident in particular, such as the daily roll-up."""


@dataclass(frozen=True)
class Talk:
    """What people said in an incident's room."""

    number: int


Target = Existing | Opening | NearMiss | OfTheHouse | Talk


@dataclass(frozen=True)
class Asked:
    """Who asks, under which key Slack would ask again, and the second incident it is about.

    `original` is what they typed, where it is in the vault because some of it has to be masked.
    """

    key: str
    actor: str
    people: Mapping[str, Person] = field(default_factory=dict)
    other: int | None = None
    original: Original | None = None


def _nothing() -> None:
    pass


@dataclass(frozen=True)
class Done:
    """A decision that is on disk; `is_replay` when the same key had been carried out before.

    `begin` begins what was claimed with it, once it is on disk.
    """

    case: Case
    facts: tuple[Fact, ...]
    is_replay: bool = False
    begin: Callable[[], None] = field(default=_nothing, compare=False)


def chain_of(target: Target) -> str:
    """The chain on which facts about this stand; an incident that opens has none yet."""
    match target:
        case Existing(number=number):
            return ids.chain(number)
        case Talk(number=number):
            return ids.talk(number)
        case OfTheHouse():
            return ids.HOUSE
    return ids.NEAR_MISSES


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


class Reads:
    """Reads on connections of their own, so that none of them holds up an ack."""

    def __init__(self, database: Database, clock: Clock, house: House) -> None:
        self._database = database
        self._clock = clock
        self._ledger = Ledger(house)
        self._house = house
        self.policy = house.policy
        self.library = house.library
        self.command = house.command

    def now(self) -> datetime:
        """The moment it is, by the clock decisions go by."""
        return self._clock.now()

    def shown(self, case: Case) -> Shown:
        """What slots, deadlines and alarms of the incident are reckoned from."""
        return self._ledger.shown(case)

    async def case(self, number: int, until: datetime | None = None) -> Case | None:
        """The incident as it stands, or as it stood at `until`; None when there was none."""

        def load(conn: Connection) -> Case | None:
            if until is None:
                case = self._ledger.load(conn, ids.chain(number), number)
                return case if case.incident.last_seq else None
            recorded = self._ledger.facts(conn, ids.chain(number))
            before = [one for one in recorded if one.at <= until]
            return self._ledger.case(Incident(number), before) if before else None

        return await self._read(load)

    async def house(self) -> Case:
        """What is about no incident in particular, with all it adds up to."""
        return await self._read(lambda conn: self._ledger.load(conn, ids.HOUSE))

    async def cases(self, statuses: Sequence[str]) -> list[Case]:
        """Incidents of these statuses with all they add up to, the newest first.

        Those that only newer code can read are left out.
        """

        def load(conn: Connection) -> list[Case]:
            found = []
            for entry, _ in lookup.entries(conn, statuses):
                try:
                    found.append(self._ledger.load(conn, ids.chain(entry.number), entry.number))
                except Newer as error:
                    _log.info("incident.not_read", number=entry.number, kind=error.kind)
            return found

        return await self._read(load, patience=None)

    async def standing(self, roll: str) -> list[tuple[Shown, str]]:
        """The incidents that stand in a roll of announcements, each with its room's channel."""

        def load(conn: Connection) -> list[tuple[Shown, str]]:
            return [
                (self._ledger.shown(self._ledger.load(conn, ids.chain(number), number)), channel)
                for number, channel in rolls.standing(conn, roll)
            ]

        return await self._read(load)

    async def facts(self, number: int) -> list[Recorded]:
        """The facts of an incident, in their order."""
        return await self._read(lambda conn: self._ledger.facts(conn, ids.chain(number)))

    async def talk(self, number: int) -> list[Recorded]:
        """What people said in the room, as far as it was kept."""
        return await self._read(lambda conn: self._ledger.facts(conn, ids.talk(number)))

    async def incident_in(self, channel_id: str) -> int | None:
        """The number of the incident whose room this channel is; None for any other channel."""
        room = await self.room_at(channel_id)
        return int(room.split("/")[1]) if room else None

    async def room_at(self, channel_id: str) -> str | None:
        """The symbolic name of the room this channel is; None for any other channel."""
        names = await self._read(lambda conn: outbox.refs_at(conn, channel_id, "room/"))
        return names[0] if names else None

    async def channel_of(self, number: int) -> str | None:
        """The channel of an incident's room; None while it is not open yet.

        Of an incident that was made private it is the private one.
        """

        def load(conn: Connection) -> str | None:
            room = ids.room(number)
            value = outbox.ref(conn, f"{room}/private") or outbox.ref(conn, room)
            return str(value["channel"]) if value else None

        return await self._read(load)

    async def place(self, name: str) -> str | None:
        """The channel of a symbolic place; None while it is not there."""
        value = await self._read(lambda conn: outbox.ref(conn, name))
        return str(value["channel"]) if value else None

    async def message_of(self, name: str) -> tuple[str, str] | None:
        """The channel and ts of a message that was delivered under this name; None before."""
        value = await self._read(lambda conn: outbox.ref(conn, name))
        return (str(value["channel"]), str(value["ts"])) if value and "ts" in value else None

    async def listed(self, statuses: Sequence[str] | None = None) -> list[Listed]:
        """Incidents of these statuses (None: of all), the newest first."""
        entries = await self._read(lambda conn: lookup.entries(conn, statuses), patience=None)
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

    async def next_due_at(self) -> datetime | None:
        """When the earliest deadline of any incident rings; None when nothing is owed."""
        return await self._read(lookup.next_due_at)

    async def due(self, now: datetime) -> list[int]:
        """The numbers of incidents that have to be looked at by `now`."""
        return await self._read(lambda conn: lookup.due(conn, now))

    def words_of(self, target: Target) -> dict[str, tuple[str, Words]]:
        """What can be erased: "seq.field" -> (kind of fact, the words).

        Raises:
            Refused: there is no such incident.
        """
        facts = self._database.read_now(lambda conn: self._ledger.facts(conn, chain_of(target)))
        if isinstance(target, Existing) and not facts:
            raise no_such(target.number)
        return {
            f"{recorded.seq}.{name}": (type(recorded.fact).__name__, words)
            for recorded in facts
            for name, words in recorded.fact.words().items()
            if words != ERASED
        }

    async def _read(
        self, query: Callable[[Connection], T], patience: float | None = PATIENCE_SECONDS
    ) -> T:
        try:
            return await self._database.read(query, patience)
        except StorageError as error:
            raise NotWritten(error) from error


def hidden(incident: Incident, person: str) -> bool:
    """Whether the incident does not exist for this person."""
    return incident.is_private and person not in incident.people and person != ids.BOT


def no_such(number: int) -> Refused:
    """What somebody is told of an incident that is not there, or not for them."""
    return Refused(f"There is no {ids.reference(number)}.")
