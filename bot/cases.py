"""What do the facts of a chain add up to, without adding up all of them each time?"""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

from sqlalchemy import Connection

from bot.core import ids
from bot.core.deadlines import Alarm
from bot.core.facts import ERASED, Fact, Recorded, Words
from bot.core.fold import fold as fold_incident
from bot.core.incident import Incident
from bot.core.outcome import Fold, Shown, States
from storage import log, lookup, texts
from storage.faults import StorageError

_UPCAST: Mapping[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
# Some 3 kB a fact: 60 MB at most, unless one incident alone is bigger.
_FACTS_KEPT = 20_000
_FACTS_AT_LEAST = 10  # what a case of few facts counts for
_SHORT = 200  # facts of a chain that is read together with others: ten are in memory at once
_NEWER = (
    "A newer version of the bot has written here, and this process cannot read it. "
    "In a minute another one will answer."
)


class Newer(StorageError):
    """A fact of a kind or version that only newer code knows; during an upgrade there are both."""

    def __init__(self, chain: str, kind: str) -> None:
        super().__init__(_NEWER)
        self.chain = chain
        self.kind = kind


@dataclass
class Reckoned:
    """What is reckoned from a case, which is asked for four times in a transaction."""

    shown: Shown | None = None
    alarms: tuple[Alarm, ...] | None = None


@dataclass(frozen=True)
class Case:
    """An incident with what its facts add up to for each feature.

    `head` is the hash of its last fact; None where it is not all of an incident's chain.
    """

    incident: Incident
    states: States
    head: str | None = field(default=None, compare=False)
    reckoned: Reckoned = field(default_factory=Reckoned, compare=False, repr=False)


class Cases:
    """Reads chains. What facts added up to last time is kept, and only newer ones are added."""

    def __init__(self, kinds: Mapping[str, type[Fact]], folds: Mapping[type[Any], Fold]) -> None:
        self._kinds = kinds
        self._folds = folds
        self._kept = Kept(_FACTS_KEPT)

    def facts(self, conn: Connection, chain: str, after: int = 0) -> list[Recorded]:
        """The facts of a chain behind `after` with their words; erased ones read `[erased]`.

        Raises:
            Newer: one of them was written by newer code.
        """
        return self._read(conn, chain, log.read(conn, chain, after))

    def case(self, incident: Incident, recorded: Sequence[Recorded]) -> Case:
        """What these facts add up to, from the beginning."""
        starts = {kind: fold.start for kind, fold in self._folds.items()}
        return self.advanced(Case(incident, States(starts)), recorded)

    def advanced(self, case: Case, recorded: Sequence[Recorded]) -> Case:
        """What a case and these facts behind it add up to."""
        incident, by_type = case.incident, dict(case.states.by_type)
        for one in recorded:
            incident = fold_incident(incident, one)
        for kind, fold in self._folds.items():
            by_type[kind] = reduce(fold.step, recorded, by_type[kind])
        return Case(incident, States(by_type))

    def load(
        self,
        conn: Connection,
        chain: str,
        number: int = 0,
        last: lookup.Last | None = None,
    ) -> Case:
        """What a chain adds up to now; `number` is that of its incident.

        To be asked before the transaction itself appends to the chain: what is read is kept for
        whoever asks next, and has to be there still after a rollback. Whoever holds the chain may
        give place and hash of its `last` fact, which spares looking for newer ones.

        Raises:
            Newer: a fact on it was written by newer code.
        """
        known = self._kept.get(chain)
        if known and last == (known.incident.last_seq, known.head):
            return known
        newer = _newer(conn, chain, known) if known else None
        if known is None or newer is None:
            known, newer = self.case(Incident(number), ()), log.read(conn, chain)
        if not newer:
            return known
        return self._kept_with(known, newer, self._read(conn, chain, newer))

    def read_ahead(self, conn: Connection, lasts: Mapping[int, lookup.Last]) -> None:
        """Read short chains of incidents that are held, all together, for `load` to find them.

        What only newer code can read is left for `load` to say so.
        """
        short = [ids.chain(number) for number, (length, _) in lasts.items() if length <= _SHORT]
        chains = [chain for chain in short if self._kept.get(chain) is None]
        if not chains:
            return
        rows, bodies = log.read_all(conn, chains), texts.of_chains(conn, chains)
        for number in lasts:
            if facts := rows.get(ids.chain(number)):
                with contextlib.suppress(Newer):
                    nothing = self.case(Incident(number), ())
                    self._kept_with(nothing, facts, self.recorded(facts, bodies))

    def keep(self, case: Case) -> None:
        """Keep an incident's case that is committed: nobody has to read what was just written."""
        if case.head and case.incident.number:
            self._kept.put(ids.chain(case.incident.number), case, is_newer=True)

    def recorded(self, rows: Sequence[log.Fact], bodies: Mapping[str, str]) -> list[Recorded]:
        """Facts as they were recorded, with the words that stand for each digest.

        Raises:
            Newer: one of them was written by newer code.
        """
        return [Recorded(row.seq, row.at, row.actor, self._fact(row, bodies)) for row in rows]

    def _kept_with(
        self, case: Case, rows: Sequence[log.Fact], recorded: Sequence[Recorded]
    ) -> Case:
        """The case with these facts behind it, kept for whoever asks next."""
        after = replace(self.advanced(case, recorded), head=rows[-1].hash)
        self._kept.put(rows[-1].chain, after)
        return after

    def _read(self, conn: Connection, chain: str, rows: Sequence[log.Fact]) -> list[Recorded]:
        # After the facts: in between, another may write one, whose words would seem erased.
        if rows and rows[0].seq == 1:
            return self.recorded(rows, texts.of_chain(conn, chain))
        digests = [digest for row in rows for digest in _digests(row)]
        return self.recorded(rows, texts.get(conn, chain, digests) if digests else {})

    def _fact(self, row: log.Fact, bodies: Mapping[str, str]) -> Fact:
        payload = dict(row.payload)
        kind = self._kinds.get(row.kind)
        if kind is None or row.version > kind.version:
            raise Newer(row.chain, row.kind)
        for version in range(row.version, kind.version):
            payload = _UPCAST[(row.kind, version)](payload)
        for name, value in payload.items():
            if isinstance(value, dict) and "words" in value:
                payload[name] = Words(bodies.get(str(value["words"]), ERASED))
        return kind.model_validate(payload)


class Kept:
    """The cases asked for last, by chain, of so many facts together; for several threads.

    A single case may have more facts than that.
    """

    def __init__(self, facts_at_most: int) -> None:
        self._facts_at_most = facts_at_most
        self._cases: OrderedDict[str, Case] = OrderedDict()
        self._facts = 0
        self._lock = threading.Lock()

    def get(self, chain: str) -> Case | None:
        """The case that was put last for this chain; None when it was never there, or let go."""
        with self._lock:
            if chain in self._cases:
                self._cases.move_to_end(chain)
            return self._cases.get(chain)

    def put(self, chain: str, case: Case, *, is_newer: bool = False) -> None:
        """Keep it, and let go of those that nobody asked for the longest time.

        With `is_newer` what has more facts stays: another may have read on meanwhile.
        """
        with self._lock:
            before = self._cases.get(chain)
            if before and is_newer and before.incident.last_seq >= case.incident.last_seq:
                return
            if before:
                self._facts -= _size(self._cases.pop(chain))
            self._cases[chain] = case
            self._facts += _size(case)
            while self._facts > self._facts_at_most and len(self._cases) > 1:
                _, longest = self._cases.popitem(last=False)
                self._facts -= _size(longest)


def _size(case: Case) -> int:
    return max(case.incident.last_seq, _FACTS_AT_LEAST)


def _newer(conn: Connection, chain: str, known: Case) -> list[log.Fact] | None:
    """The facts behind what is known; None when all of them have to be added up anew.

    That is so after an erasure, which takes words out of facts that were added up before, and
    where the chain is not the one that was read: a database may be restored under us.
    """
    rows = log.read(conn, chain, known.incident.last_seq - 1)
    if not rows or (rows[0].seq, rows[0].hash) != (known.incident.last_seq, known.head):
        return None
    newer = rows[1:]
    return None if any(row.kind == log.ERASURE for row in newer) else newer


def _digests(row: log.Fact) -> list[str]:
    values = row.payload.values()
    return [str(one["words"]) for one in values if isinstance(one, dict) and "words" in one]
