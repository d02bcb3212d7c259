"""How does a database get to this version's schema, while older versions still run?"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from types import ModuleType

from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, delete, insert, text

from storage import locks, schema
from storage.db import Database
from storage.faults import SchemaInUse
from storage.tables import counters

_SCRIPTS = Path(__file__).parent / "migrations"
_RUNNING = text(
    "SELECT DISTINCT application_name FROM pg_stat_activity WHERE application_name LIKE 'warroom %'"
    " AND datname = current_database() ORDER BY application_name"
)


def upgrade(database: Database, *, contracts: bool = False) -> None:
    """Apply the migrations that are missing, in one transaction.

    Those that only add come first, and older versions of the code go on. At the first one that
    takes something away it stops, unless `contracts` says that no older version is needed any more.
    An empty database goes all the way.

    Raises:
        SchemaOutdated: the database is newer than this version, and does not fit it.
        SchemaInUse: an older version of the code still runs on it.
        Unwritable, LogBusy: it could not be written.
    """
    database.make()
    at = database.read_now(schema.found)
    if at is not None and at > schema.HEAD:
        schema.require_current(database)
        return
    database.write_now(partial(_upgrade, contracts=contracts))


def waiting(database: Database) -> str | None:
    """The first migration that takes something away and was not applied; None: there is none."""
    return _first_contract(_missing(database.read_now(schema.found)))


def lay(conn: Connection, version: str) -> None:
    """Bring an empty database to a schema that may have been the newest once, as a copy has it."""
    command.upgrade(_on(conn), version)


def config() -> Config:
    """Alembic's settings, wherever the package is installed."""
    settings = Config()
    settings.set_main_option("script_location", str(_SCRIPTS))
    return settings


def _on(conn: Connection) -> Config:
    settings = config()
    settings.attributes["connection"] = conn
    return settings


def _upgrade(conn: Connection, *, contracts: bool) -> None:
    if conn.dialect.name == "postgresql":
        conn.execute(text("SET LOCAL lock_timeout = '60s'"))  # others may be migrating
        locks.hold(conn, locks.Lock.MIGRATION)
        # Whoever waits for a table holds up all who come after it, and with them the acks.
        conn.execute(text("SET LOCAL lock_timeout = '1s'"))
    at = schema.found(conn)
    missing = _missing(at)
    barred = None if contracts or at is None else _first_contract(missing)
    wanted = [one for one in missing if barred is None or one.revision < barred]
    if not wanted:
        return
    oldest = max((_leaves(one.module) for one in wanted), default="")
    if oldest and at is not None:
        _refuse_while_older_run(conn, oldest)
    command.upgrade(_on(conn), wanted[-1].revision)
    if oldest:
        conn.execute(delete(counters).where(counters.c.name == schema.OLDEST))
        conn.execute(insert(counters), {"name": schema.OLDEST, "value": int(oldest)})


def _missing(at: str | None) -> list[Script]:
    """The migrations after this one, the first first."""
    scripts = ScriptDirectory.from_config(config()).walk_revisions()
    return [one for one in reversed(list(scripts)) if at is None or one.revision > at]


def _first_contract(missing: list[Script]) -> str | None:
    return next((str(one.revision) for one in missing if _leaves(one.module)), None)


def _leaves(migration: ModuleType) -> str:
    """The oldest version that works after it; empty for one that only adds."""
    return str(getattr(migration, "oldest_left", None) or "")


def _refuse_while_older_run(conn: Connection, oldest: str) -> None:
    if conn.dialect.name != "postgresql":
        return  # its file has one owner
    names = [str(name) for name in conn.execute(_RUNNING).scalars()]
    older = [name for name in names if name.removeprefix("warroom ") < oldest]
    if older:
        version = older[0].removeprefix("warroom ")
        raise SchemaInUse(
            f"A bot of schema {version} still runs on this database, and would break. Stop it, "
            "then run the same again."
        )
