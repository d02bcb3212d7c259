"""How are facts appended, read and verified?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from storage import chain as seals
from storage import texts
from storage.tables import facts

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
_APPEND = insert(facts)


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
    """A fact in its place; `seq` counts from 1 without gaps."""

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


def append(conn: Connection, chain: str, drafts: Sequence[Draft]) -> list[Fact]:
    """Put facts at the end of a chain, in order. The caller holds whatever lock the chain has."""
    last = conn.execute(_LAST, {"chain": chain}).one_or_none()
    seq, prev_hash = (last.seq, last.hash) if last else (0, seals.GENESIS)
    placed, rows = [], []
    for draft in drafts:
        seq += 1
        payload = seals.canonical(draft.payload)
        sealed = seals.seal(
            (chain, seq),
            (draft.kind, draft.version),
            (draft.actor, draft.at),
            (payload, prev_hash),
        )
        row = {
            "chain": chain,
            "seq": seq,
            "kind": draft.kind,
            "version": draft.version,
            "actor": draft.actor,
            "at": draft.at,
            "prev_hash": prev_hash,
            "hash": sealed,
        }
        placed.append(Fact(**row, payload=dict(draft.payload)))
        rows.append({**row, "payload": payload})
        prev_hash = sealed
    conn.execute(_APPEND, rows)
    return placed


def read(conn: Connection, chain: str, after: int = 0) -> list[Fact]:
    """The facts of a chain behind `after`, in order."""
    rows = conn.execute(_READ, {"chain": chain, "after": after}).mappings()
    return [Fact(**{**row, "payload": json.loads(row["payload"])}) for row in rows]


def chains(conn: Connection) -> list[str]:
    """The names of all chains, sorted."""
    return list(conn.execute(select(facts.c.chain).distinct().order_by(facts.c.chain)).scalars())


def verify(conn: Connection) -> Verification:
    """Walk every chain: places, hashes, and the words that are still kept."""
    counted = walked = 0
    rows = conn.execution_options(yield_per=1000).execute(
        select(facts).order_by(facts.c.chain, facts.c.seq)
    )
    for name, of_chain in groupby(rows.mappings(), key=lambda row: str(row["chain"])):
        walked += 1
        kept = texts.sealed_of_chain(conn, name)
        prev_hash = seals.GENESIS
        for expected, row in enumerate(of_chain, start=1):
            counted += 1
            reason = _fault(row, expected, prev_hash, kept)
            if reason:
                return Verification(walked, counted, Broken(name, expected, reason))
            prev_hash = row["hash"]
    return Verification(walked, counted)


def _fault(
    row: Mapping[str, Any], expected: int, prev_hash: str, kept: Mapping[str, bool]
) -> str | None:
    if row["seq"] != expected:
        return f"It is missing; the next one there is fact {row['seq']}."
    if row["prev_hash"] != prev_hash:
        return "It does not follow the fact before it."
    try:
        sealed = seals.seal(
            (row["chain"], row["seq"]),
            (row["kind"], row["version"]),
            (row["actor"], row["at"]),
            (row["payload"], row["prev_hash"]),
        )
        digests = list(_digests(json.loads(row["payload"])))
    except ValueError:
        return "It cannot be read."
    if sealed != row["hash"]:
        return "It was changed after it was written."
    if any(kept.get(digest, True) is False for digest in digests):
        return "Its words were changed after they were written."
    return None


def _digests(payload: Mapping[str, Any]) -> Iterator[str]:
    for value in payload.values():
        if isinstance(value, dict) and "words" in value:
            yield str(value["words"])
