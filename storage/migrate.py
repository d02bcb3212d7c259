"""How does a database get to this version's schema?"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from storage import schema
from storage.db import Database

_LOCK = 5_274_621_883  # any number, the same for every process that migrates
_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Apply the migrations that are missing, in one transaction.

    Raises:
        SchemaOutdated: the database is newer than this version.
        Unwritable, LogBusy: it could not be written.
    """
    at = database.read_now(schema.found)
    if at is not None and at > schema.HEAD:
        schema.require_current(database)
    database.write_now(_upgrade)


def config() -> Config:
    """Alembic's settings, wherever the package is installed."""
    settings = Config()
    settings.set_main_option("script_location", str(_SCRIPTS))
    return settings


def _upgrade(conn: Connection) -> None:
    if conn.dialect.name == "postgresql":
        conn.execute(text("SET LOCAL lock_timeout = '60s'"))  # others may be migrating
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    settings = config()
    settings.attributes["connection"] = conn
    command.upgrade(settings, "head")
