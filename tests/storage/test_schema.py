"""Does every database get to the schema that the code needs, and no further?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage import migrate, schema
from storage.db import Database, SchemaOutdated
from storage.tables import metadata


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """A database without a schema."""
    database = Database.open(database_url)
    yield database
    database.close()


def pretend(database: Database, version: str) -> None:
    """Mark the database as being at another schema."""
    mark = text("UPDATE alembic_version SET version_num = :version")
    database.write_now(lambda conn: conn.execute(mark, {"version": version}))


def test_the_code_and_the_migrations_agree_on_the_newest_schema() -> None:
    scripts = ScriptDirectory.from_config(migrate.config())
    assert scripts.get_heads() == [schema.HEAD]


def test_the_migrations_make_exactly_the_tables_that_the_code_knows(database: Database) -> None:
    def differences(conn: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(conn), metadata))

    assert database.read_now(differences) == []


def test_an_empty_database_is_refused_until_it_was_migrated(empty: Database) -> None:
    assert not schema.is_current(empty)
    with pytest.raises(SchemaOutdated, match="Run `warroom migrate` first"):
        schema.require_current(empty)
    migrate.upgrade(empty)
    schema.require_current(empty)
    assert schema.is_current(empty)


def test_migrating_twice_changes_nothing(database: Database) -> None:
    migrate.upgrade(database)
    assert schema.is_current(database)


def test_an_older_database_is_refused_with_the_command_to_run(database: Database) -> None:
    pretend(database, "0000")
    with pytest.raises(SchemaOutdated) as caught:
        schema.require_current(database)
    assert caught.value.sentence == (
        f"The database is at schema 0000, this version needs {schema.HEAD}. "
        "Run `warroom migrate` first."
    )


def test_a_newer_database_is_refused_and_left_alone(database: Database) -> None:
    pretend(database, "9999")
    for attempt in (schema.require_current, migrate.upgrade):
        with pytest.raises(SchemaOutdated, match="newer than this version"):
            attempt(database)
    assert database.read_now(schema.found) == "9999"


def test_migrating_works_from_any_folder(
    empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    migrate.upgrade(empty)
    assert schema.is_current(empty)


def test_two_processes_may_migrate_at_once(database_url: str) -> None:
    databases = [Database.open(database_url) for _ in range(2)]
    with ThreadPoolExecutor() as threads:
        list(threads.map(migrate.upgrade, databases))
    for database in databases:
        schema.require_current(database)
        database.close()


def test_nothing_but_migrating_loads_alembic() -> None:
    code = (
        "import sys; from storage import backup, inbox, log, lookup, outbox, schema, texts; "
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_probing_for_the_right_to_write_changes_nothing(database: Database) -> None:
    database.write_now(schema.probe)
    count = text("SELECT count(*) FROM counters")
    assert database.read_now(lambda conn: conn.execute(count).scalar_one()) == 0
