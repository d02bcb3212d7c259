"""Is the database at the schema that this version needs?"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text, update

from storage.db import Database, SchemaOutdated
from storage.tables import counters

HEAD = "0003"
_COMMAND = "warroom migrate"


def found(conn: Connection) -> str | None:
    """The schema the database is at; None for an empty database."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    version = conn.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return str(version) if version else None


def is_current(database: Database) -> bool:
    """Whether the schema is the one this version needs."""
    return database.read_now(found) == HEAD


def require_current(database: Database) -> None:
    """Go on only with the right schema.

    Raises:
        SchemaOutdated: the sentence names the command to run.
    """
    at = database.read_now(found)
    if at is None:
        raise SchemaOutdated(f"The database is empty. Run `{_COMMAND}` first.")
    if at < HEAD:
        raise SchemaOutdated(
            f"The database is at schema {at}, this version needs {HEAD}. Run `{_COMMAND}` first."
        )
    if at > HEAD:
        raise SchemaOutdated(
            f"The database is at schema {at}, newer than this version, which knows {HEAD}. "
            "Install the newer version."
        )


def probe(conn: Connection) -> None:
    """Take the right to write without changing anything."""
    conn.execute(update(counters).where(counters.c.name == "").values(value=0))
