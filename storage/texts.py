"""Where are the words people typed, and how do they go for good?"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, delete, insert, select

from storage.db import Database, LogBusy
from storage.tables import texts

_SALT_BYTES = 16
_NOT_SCRUBBED = (
    "The words are erased, but somebody still reads the old pages of the database. "
    "Run the same again in a minute, so that they leave its files too."
)
_PUT = insert(texts)
_OF_CHAINS = select(texts.c.digest, texts.c.body).where(
    texts.c.chain.in_(bindparam("chains", expanding=True))
)
_OF_CHAIN = select(texts.c.digest, texts.c.salt, texts.c.body).where(
    texts.c.chain == bindparam("chain")
)


def put(conn: Connection, chain: str, bodies: Sequence[str]) -> list[str]:
    """Keep texts, each with a salt of its own; the digests that stand for them in facts."""
    rows = []
    for body in bodies:
        salt = secrets.token_bytes(_SALT_BYTES)
        rows.append({"digest": _digest(salt, body), "chain": chain, "salt": salt, "body": body})
    if rows:
        conn.execute(_PUT, rows)
    return [str(row["digest"]) for row in rows]


def get(conn: Connection, chain: str, digests: Iterable[str]) -> dict[str, str]:
    """The texts of these digests in a chain; what is missing was erased."""
    these = texts.c.digest.in_(list(digests))
    query = select(texts.c.digest, texts.c.body).where(texts.c.chain == chain, these)
    return {row.digest: row.body for row in conn.execute(query)}


def of_chain(conn: Connection, chain: str) -> dict[str, str]:
    """All texts of a chain by digest; what is missing was erased."""
    return of_chains(conn, [chain])


def of_chains(conn: Connection, chains: Sequence[str]) -> dict[str, str]:
    """All texts of these chains by digest; what is missing was erased."""
    return {row.digest: row.body for row in conn.execute(_OF_CHAINS, {"chains": list(chains)})}


def salted_of_chain(conn: Connection, chain: str) -> dict[str, tuple[bytes, str]]:
    """Salt and text of all texts of a chain by digest; what is missing was erased."""
    rows = conn.execute(_OF_CHAIN, {"chain": chain})
    return {row.digest: (row.salt, row.body) for row in rows}


def sealed_of_chain(conn: Connection, chain: str) -> dict[str, bool]:
    """Whether each kept text of a chain is still what its digest says."""
    rows = conn.execute(_OF_CHAIN, {"chain": chain})
    return {digest: _is_sealed(digest, salt, body) for digest, salt, body in rows}


def erase(conn: Connection, digests: Iterable[str]) -> int:
    """Delete salt and text; the number of texts that were there."""
    gone = conn.execute(delete(texts).where(texts.c.digest.in_(list(digests))))
    return gone.rowcount


def scrub(database: Database) -> None:
    """After an erasure, make the bytes go from the database's files too.

    Tables are written anew, which holds up writers meanwhile. Postgres' write-ahead log and its
    backups keep the words until the server recycles those.

    Raises:
        Unwritable: there is no room for a second copy of the tables.
        LogBusy: others kept the database in use for 5 s; the words are erased, but not scrubbed.
    """
    try:
        with database.unwrapped() as connection:
            is_clean = _sqlite_scrubbed(connection) if database.is_sqlite else _vacuumed(connection)
    except LogBusy as error:
        raise LogBusy(_NOT_SCRUBBED) from error
    if not is_clean:
        raise LogBusy(_NOT_SCRUBBED)


def _sqlite_scrubbed(connection: Connection) -> bool:
    # secure_delete overwrites a row where it is, not the copies left where it was before pages
    # were split; only a file written anew is free of those.
    connection.exec_driver_sql("VACUUM")
    is_busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not is_busy


def _vacuumed(connection: Connection) -> bool:
    connection.exec_driver_sql("SET lock_timeout = '5s'")
    connection.exec_driver_sql("VACUUM (FULL) texts")
    connection.exec_driver_sql("VACUUM (FULL) outbox")
    return True


def _is_sealed(digest: str, salt: object, body: object) -> bool:
    # By its length alone: else the beginning of a text could be said to be the end of its salt.
    if not isinstance(salt, bytes) or not isinstance(body, str):
        return False
    return len(salt) == _SALT_BYTES and _digest(salt, body) == digest


def _digest(salt: bytes, body: str) -> str:
    return hashlib.sha256(salt + body.encode()).hexdigest()
