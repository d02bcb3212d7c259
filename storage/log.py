"""How are facts appended, read and verified?"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain as joined
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeAlias

from pydantic_core import from_json
from sqlalchemy import Connection, Text, bindparam, func, insert, select, text, type_coerce
from sqlalchemy import Row as Selected

from storage import chain as seals
from storage import texts
from storage.tables import facts, stamp

Row: TypeAlias = dict[str, Any]

# The kind of fact by which words go, and what says there which: `places`, each "seq.field".
ERASURE = "WordsErased"
_PROGRESS_EVERY = 1000
_LAST = (
    select(facts.c.seq, facts.c.hash)
    .where(facts.c.chain == bindparam("chain"))
    .order_by(facts.c.seq.desc())
    .limit(1)
)
_READ = (
    select(facts)
    .where(facts.c.chain == bindparam("chain"), facts.c.seq > bindparam("after"))
    .order_by(facts.c.seq)
)
_READ_ALL = (
    select(facts)
    .where(facts.c.chain.in_(bindparam("chains", expanding=True)))
    .order_by(facts.c.chain, facts.c.seq)
)
_APPEND = insert(facts)
_HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended(:chain, 0))")
# The time as it is kept: a doctored one may be no time at all.
_AT_KEPT = type_coerce(facts.c.at, Text).label("at")
_AS_KEPT = [_AT_KEPT if column is facts.c.at else column for column in facts.c]
_WALK = select(
    *(_AT_KEPT if name == "at" else facts.c[name] for name in seals.SEALED), facts.c.hash
).order_by(facts.c.chain, facts.c.seq)
_PART = 1000  # are fetched at a time
_TAKEN = "Its words are missing, and no erasure says why."
_KEPT = select(*_AS_KEPT).where(facts.c.chain == bindparam("chain")).order_by(facts.c.seq)


@dataclass(frozen=True)
class Draft:
    """A fact before it has its place in a chain; `at` is aware."""

    kind: str
    version: int
    actor: str
    at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class Fact:
    """A fact in its place; `seq` counts from 1 without gaps, `at` is in UTC."""

    chain: str
    seq: int
    kind: str
    version: int
    actor: str
    at: datetime
    payload: dict[str, Any]
    prev_hash: str
    hash: str


@dataclass(frozen=True)
class Broken:
    """The first fact of a chain that is not as it was written."""

    chain: str
    seq: int
    reason: str


@dataclass(frozen=True)
class Verification:
    """What a walk over all chains found; `broken` is None when all is whole."""

    chains: int
    facts: int
    broken: Broken | None = None


def hold(conn: Connection, chain: str) -> None:
    """Let nobody else append to this chain until the transaction ends."""
    if conn.dialect.name == "postgresql":  # SQLite has one writer anyway
        conn.execute(_HOLD, {"chain": chain})


def append(
    conn: Connection,
    chain: str,
    drafts: Sequence[Draft],
    last: tuple[int, str] | None = None,
) -> list[Fact]:
    """Put facts at the end of a chain, in order, one transaction after the other.

    `last` is the place and the hash of its last fact, for those who hold the chain and read it in
    this transaction; None holds it and looks.

    Raises:
        ValueError: a payload is not JSON, or a time has no zone.
    """
    rows = place(conn, chain, drafts, last)
    if rows:
        write(conn, rows)
    return [written(row) for row in rows]


def place(
    conn: Connection, chain: str, drafts: Sequence[Draft], last: tuple[int, str] | None = None
) -> list[Row]:
    """As `append`, but the rows are still to be written, before others of this chain are placed."""
    if not drafts:
        return []
    length, prev_hash = last or _held(conn, chain)
    rows = []
    for seq, draft in enumerate(drafts, start=length + 1):
        row: Row = {
            "chain": chain,
            "seq": seq,
            "kind": draft.kind,
            "version": draft.version,
            "actor": draft.actor,
            "at": stamp(draft.at),
            "payload": seals.canonical(draft.payload),
            "prev_hash": prev_hash,
        }
        row["hash"] = prev_hash = seals.seal([row[name] for name in seals.SEALED])
        row["at"] = draft.at.astimezone(UTC)
        rows.append(row)
    return rows


def write(conn: Connection, rows: Sequence[Row]) -> None:
    """Write down what has its place, of any chains."""
    conn.execute(_APPEND, rows)


def written(row: Mapping[str, Any]) -> Fact:
    """What a row says, as it is placed or read; its payload is text."""
    return Fact(**{**row, "payload": json.loads(row["payload"])})


def read(conn: Connection, chain: str, after: int = 0) -> list[Fact]:
    """The facts of a chain behind `after`, in order."""
    rows = conn.execute(_READ, {"chain": chain, "after": after})
    return [written(row._asdict()) for row in rows]


def read_all(conn: Connection, chains: Sequence[str]) -> dict[str, list[Fact]]:
    """The facts of several chains, of each in order."""
    found: dict[str, list[Fact]] = {chain: [] for chain in chains}
    for row in conn.execute(_READ_ALL, {"chains": list(chains)}):
        found[row.chain].append(written(row._asdict()))
    return found


def kept(conn: Connection, chain: str) -> list[dict[str, Any]]:
    """The rows of a chain in order, as they are kept and were hashed: time and payload are text."""
    return [row._asdict() for row in conn.execute(_KEPT, {"chain": chain})]


def fact(row: Mapping[str, Any]) -> Fact:
    """What a row of `kept` says."""
    return written({**row, "at": datetime.fromisoformat(row["at"])})


def chains(conn: Connection, kinds: Sequence[str] = ()) -> list[str]:
    """The names of all chains, or of those with facts of these kinds, sorted."""
    query = select(facts.c.chain).distinct()
    return sorted(conn.execute(query.where(facts.c.kind.in_(kinds)) if kinds else query).scalars())


def verify(conn: Connection, progress: Callable[[int, int], None] | None = None) -> Verification:
    """Walk every chain: places, hashes, and words, which only an erasure takes; stop at a fault.

    `progress` hears from time to time how many facts of how many were walked. A cut tail and a
    missing chain do not show here: compare the heads with the anchors kept elsewhere. While others
    write, `conn` has to be a snapshot: words that go meanwhile would seem to be taken.
    """
    total = conn.execute(select(func.count()).select_from(facts)).scalar_one() if progress else 0
    parts = conn.execute(_WALK, execution_options={"yield_per": _PART}).partitions()
    counted = walked = 0
    for name, of_chain in groupby(joined.from_iterable(parts), key=attrgetter("chain")):
        walked += 1
        words = _Words(texts.sealed_of_chain(conn, name))
        prev_hash = seals.GENESIS
        for expected, row in enumerate(of_chain, start=1):
            counted += 1
            if reason := _fault(row, expected, prev_hash, words):
                return Verification(walked, counted, Broken(name, expected, reason))
            prev_hash = row.hash
            if progress and (counted % _PROGRESS_EVERY == 0 or counted == total):
                progress(counted, total)
        if lost := words.lost():
            return Verification(walked, counted, Broken(name, lost, _TAKEN))
    return Verification(walked, counted)


def _held(conn: Connection, chain: str) -> tuple[int, str]:
    hold(conn, chain)
    last = conn.execute(_LAST, {"chain": chain}).one_or_none()
    return (last.seq, last.hash) if last else (0, seals.GENESIS)


class _Words:
    """What became of the words of a chain, as its facts come one after the other."""

    def __init__(self, kept: Mapping[str, bool]) -> None:
        self._kept = kept
        self._missing: dict[str, int] = {}
        self._erased: set[str] = set()

    def are_kept(self, row: Selected[*tuple[Any, ...]], payload: object) -> bool:
        """Whether none of this fact was changed; those that are missing an erasure may explain."""
        named = payload.items() if isinstance(payload, dict) else ()
        for name, value in named:
            for digest in _digests(value) if isinstance(value, dict | list) else ():
                if (is_sealed := self._kept.get(digest)) is None:
                    self._missing[f"{row.seq}.{name}"] = row.seq
                elif not is_sealed:
                    return False
        if row.kind == ERASURE:
            self._erased.update(payload["places"] if isinstance(payload, dict) else ())
        return True

    def lost(self) -> int | None:
        """The first fact whose words are gone though nobody erased them."""
        left = (seq for place, seq in self._missing.items() if place not in self._erased)
        return min(left, default=None)


def _fault(
    row: Selected[*tuple[Any, ...]], expected: int, prev_hash: str, words: _Words
) -> str | None:
    if row.seq != expected:
        return f"It is missing; the next one there is fact {row.seq}."
    if row.prev_hash != prev_hash:
        return "It does not follow the fact before it."
    try:
        payload = from_json(row.payload)
        if seals.seal(row[:-1]) != row.hash:
            return "It was changed after it was written."
        are_kept = words.are_kept(row, payload)
    except (ValueError, TypeError, KeyError):
        return "It cannot be read."
    return None if are_kept else "Its words were changed after they were written."


def _digests(value: object) -> list[str]:
    """Every reference to erasable words, `{"words": digest}`, at any depth."""
    found: list[str] = []
    inside = [value]
    for one in inside:  # which grows meanwhile
        if isinstance(one, dict):
            if isinstance(digest := one.get("words"), str):
                found.append(digest)
            inside += [inner for inner in one.values() if isinstance(inner, dict | list)]
        elif isinstance(one, list):
            inside += [inner for inner in one if isinstance(inner, dict | list)]
    return found
