"""Do the chains still have the heads that were noted outside the database?"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from storage.faults import StorageError
from storage.log import Broken
from storage.tables import facts, stamp

_AT_ONCE = 500  # variables in a query
_LENGTHS = select(facts.c.chain, func.max(facts.c.seq).label("seq")).group_by(facts.c.chain)
_LENGTH = select(func.max(facts.c.seq)).where(facts.c.chain == bindparam("chain"))
_HASHES = select(facts.c.seq, facts.c.hash).where(
    facts.c.chain == bindparam("chain"), facts.c.seq.in_(bindparam("seqs", expanding=True))
)


class Head(NamedTuple):
    """The last fact of a chain: its place, which is the chain's length, and its hash."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Anchored:
    """What a file of anchors says; every head that was ever noted counts, not only the newest.

    `at` is when the newest was noted, None in an empty file; `torn` counts lines that were cut off
    while they were written.
    """

    heads: Mapping[str, set[Head]] = field(default_factory=dict)
    newest: Mapping[str, Head] = field(default_factory=dict)
    at: datetime | None = None
    torn: int = 0


def heads(conn: Connection) -> dict[str, Head]:
    """The heads of all chains, by chain."""
    last = _LENGTHS.subquery()
    at_the_end = (facts.c.chain == last.c.chain) & (facts.c.seq == last.c.seq)
    query = select(facts.c.chain, facts.c.seq, facts.c.hash).join(last, at_the_end)
    return {row.chain: Head(row.seq, row.hash) for row in conn.execute(query)}


def faults(conn: Connection, noted: Mapping[str, Iterable[Head]]) -> list[Broken]:
    """Where each chain first differs from what was noted of it; one that only grew does not."""
    found = (_fault(conn, chain, sorted(noted[chain])) for chain in sorted(noted))
    return [broken for broken in found if broken]


def read(path: Path) -> Anchored:
    """What the file says; nothing where there is none.

    Raises:
        StorageError: it cannot be read, or holds a line that is no anchor.
    """
    every: dict[str, set[Head]] = {}
    newest: dict[str, Head] = {}
    at, torn = None, 0
    for number, line in enumerate(_lines(path), start=1):
        # Of two lines in one, the first was cut off when the machine went down.
        if not line.endswith("}") or _lacks_its_end(line):
            torn += 1
            continue
        try:
            said = json.loads(line)
            at = datetime.fromisoformat(said["at"])
            noted = {chain: Head(int(seq), seal) for chain, (seq, seal) in said["heads"].items()}
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise StorageError(f"Line {number} of {path} is no anchor; it was changed.") from error
        for chain, head in noted.items():
            every.setdefault(chain, set()).add(head)
        newest |= noted
    return Anchored(every, newest, at, torn)


def append(path: Path, at: datetime, noted: Mapping[str, Head]) -> None:
    """Put these heads at the end of the file, in one line that is on disk when this returns.

    The file is only ever added to, so that its owner may forbid everything else (`chattr +a`).

    Raises:
        StorageError: it cannot be written.
    """
    line = json.dumps({"at": stamp(at), "heads": noted}, separators=(",", ":"), sort_keys=True)
    try:
        with path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            is_whole = file.seek(0, os.SEEK_END) == 0 or _ends_a_line(file.fileno())
            file.write(f"{'' if is_whole else chr(10)}{line}\n".encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error.strerror}).") from error


def _ends_a_line(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return os.pread(descriptor, 1, size - 1) == b"\n"


def _lacks_its_end(line: str) -> bool:
    """Whether a line was cut off between its two last braces."""
    try:
        json.loads(f"{line}}}")
    except ValueError:
        return False
    return True


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            yield from (line.rstrip("\n") for line in file)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StorageError(f"{path} cannot be read ({error.strerror}).") from error


def _fault(conn: Connection, chain: str, noted: list[Head]) -> Broken | None:
    length = conn.execute(_LENGTH, {"chain": chain}).scalar_one() or 0
    longest = noted[-1].seq
    if length == 0:
        reason = f"The whole chain is missing; {longest} of its facts were anchored."
        return Broken(chain, 1, reason)
    for start in range(0, len(noted), _AT_ONCE):
        some = noted[start : start + _AT_ONCE]
        seqs = [head.seq for head in some]
        rows = conn.execute(_HASHES, {"chain": chain, "seqs": seqs})
        there = {row.seq: row.hash for row in rows}
        for head in some:
            if head.seq > length:
                reason = f"It and all behind it are missing; {longest} facts were anchored."
                return Broken(chain, length + 1, reason)
            if there.get(head.seq) != head.hash:
                return Broken(chain, head.seq, "It is another fact than the one that was anchored.")
    return None
