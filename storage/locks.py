"""Which locks belong to no row, and who else may be held up by one?"""

from __future__ import annotations

from enum import IntEnum, unique

from sqlalchemy import Connection, text


@unique
class Lock(IntEnum):
    """Postgres' advisory locks: any numbers, the same for every process, each with its own.

    A version that runs beside another must know a lock by the same number. The chains of the log
    have locks too, by the hash of their name (`log.py`).
    """

    MIGRATION = 5_274_621_883
    REFERENCES = 5_274_621_884
    PACE = 5_274_621_885
    LOOKS = 5_274_621_886


def try_hold(conn: Connection, lock: Lock) -> bool:
    """As `hold`, but without waiting; whether it is held now."""
    if conn.dialect.name != "postgresql":
        return True
    asked = text("SELECT pg_try_advisory_xact_lock(:lock)")
    return bool(conn.execute(asked, {"lock": int(lock)}).scalar_one())


def hold(conn: Connection, lock: Lock, *, is_shared: bool = False) -> None:
    """Let nobody else have it until this transaction ends; SQLite has one writer anyway.

    Those who share it keep out only whoever wants it alone.
    """
    if conn.dialect.name == "postgresql":
        shared = "_shared" if is_shared else ""
        asked = text(f"SELECT pg_advisory_xact_lock{shared}(:lock)")
        conn.execute(asked, {"lock": int(lock)})
