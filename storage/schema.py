"""Does the schema of the database fit this version of the code?"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert, inspect, select, text, update

from storage.faults import SchemaOutdated
from storage.tables import counters

if TYPE_CHECKING:
    from storage.db import Database

HEAD = "0005"
# What came after it this version can do without, so that it may start before it is migrated.
NEEDED = "0005"
# How Postgres names our connections, so that a contraction sees which versions still run.
RUNNING = f"warroom {HEAD}"
# The oldest version of the code that works on this database; none stands there until a migration
# takes something away.
OLDEST = "schema/oldest"
_COMMAND = "warroom migrate"
_BALLAST = "ballast "
_PIECES, _PIECE_BYTES = 64, 500  # together more than what the pages that are there have to spare


def found(conn: Connection) -> str | None:
    """The schema the database is at; None for an empty database."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    version = conn.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return str(version) if version else None


def is_current(database: Database) -> bool:
    """Whether the schema is the newest this version knows."""
    return database.read_now(found) == HEAD


def require_current(database: Database) -> None:
    """Go on only with a schema that fits.

    Raises:
        SchemaOutdated: the sentence names the command to run.
    """
    database.read_now(check)


def check(conn: Connection) -> None:
    """The schema is this version's, or one that migrations declare to fit it.

    A newer one fits until something that this version uses is taken away. An older one fits if all
    that was added since can wait.

    Raises:
        SchemaOutdated: it does not fit; the sentence names the command to run.
    """
    at = found(conn)
    if at is None:
        raise SchemaOutdated(f"The database is empty. Run `{_COMMAND}` first.")
    if at < NEEDED:
        raise SchemaOutdated(
            f"The database is at schema {at}, this version needs {NEEDED}. Run `{_COMMAND}` first."
        )
    if at > HEAD and oldest(conn) > HEAD:
        raise SchemaOutdated(
            f"The database is at schema {at}, and what this version uses of {HEAD} is gone. "
            "Install the newer version."
        )


def oldest(conn: Connection) -> str:
    """The oldest version of the code, by the schema it knows, that works on this database."""
    kept = select(counters.c.value).where(counters.c.name == OLDEST)
    return f"{conn.execute(kept).scalar_one_or_none() or 0:04}"


def probe(conn: Connection) -> None:
    """Take the right to write without changing anything."""
    conn.execute(update(counters).where(counters.c.name == "").values(value=0))


def take_room(conn: Connection) -> None:
    """Write as much as a few facts are, for `give_back_room` to take away again.

    To change nothing, or what is there already, succeeds on a disk that takes no fact.
    """
    names = [f"{_BALLAST}{secrets.token_hex(_PIECE_BYTES)}" for _ in range(_PIECES)]
    conn.execute(insert(counters), [{"name": name, "value": 0} for name in names])


def give_back_room(conn: Connection) -> None:
    """Take away what `take_room` wrote, here or in a process that ended meanwhile."""
    conn.execute(delete(counters).where(counters.c.name.startswith(_BALLAST)))
