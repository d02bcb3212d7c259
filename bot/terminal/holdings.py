"""Does the vault still have what the log says that it has?"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from bot import safekeeping
from bot.cases import Cases, Newer
from bot.core.evidence import Evidence, Item
from bot.core.facts import by_kind
from bot.core.facts.all import KINDS
from bot.core.facts.evidence import EvidencePreserved, FileAwaited
from bot.core.incident import Incident
from storage import keys, log

_NOBODYS = Incident(0)  # evidence is told apart by its number alone
_TAKEN = (EvidencePreserved.__name__, FileAwaited.__name__)


def missed(conn: Connection) -> Iterator[log.Broken]:
    """Evidence whose bytes are gone, or not those on record, by the hash of each in the database.

    No byte is read, which takes the master key: whoever reads one compares it with the record.
    """
    held = {row.item: row for row in keys.every(conn)}
    cases = Cases(by_kind(KINDS), safekeeping.FOLDS)
    for chain in log.chains(conn, _TAKEN):
        # Of what newer code wrote, only newer code knows what is in the vault.
        with contextlib.suppress(Newer):
            case = cases.case(_NOBODYS, cases.facts(conn, chain))
            for one in case.states.of(Evidence).all:
                if reason := _reason(one, held):
                    yield log.Broken(chain, one.seq, f"{one.reference}: {reason}")


def _reason(one: Item, held: Mapping[str, keys.Item]) -> str | None:
    for item, sha256 in _wanted(one):
        row = held.get(item)
        if row is None or row.key is None:
            return "its bytes are not in the vault any more, and nobody erased them."
        if row.sha256 != sha256:
            return "its bytes in the vault are not those on record."
    return None


def _wanted(one: Item) -> Iterator[tuple[str, str]]:
    """Which bytes have to be there still: place and hash."""
    if one.erased_at:
        return
    if one.is_raw_kept and one.sha256:
        yield one.record.item, one.sha256
    if one.is_raw_kept and one.snapshot and one.snapshot.sha256:
        yield one.snapshot.item, one.snapshot.sha256
    is_other = one.copy is not None and one.copy.item != one.record.item
    if one.copy and one.copy.sha256 and (is_other or one.is_raw_kept):
        yield one.copy.item, one.copy.sha256
