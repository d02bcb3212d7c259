"""Does every database get to the schema that the code needs, and no further?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage import migrate, schema
from storage.db import Database, SchemaOutdated
from storage.tables import metadata


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """A database without a schema."""
    database = Database.open(database_url)
    database.make()
    yield database
    database.close()


def pretend(database: Database, version: str, oldest: int | None = None) -> None:
    """Mark the database as being at another schema, on which only versions from `oldest` work."""
    mark = text("UPDATE alembic_version SET version_num = :version")
    leave = text("INSERT INTO counters (name, value) VALUES (:name, :oldest)")

    def work(conn: Connection) -> None:
        conn.execute(mark, {"version": version})
        if oldest is not None:
            conn.execute(leave, {"name": schema.OLDEST, "oldest": oldest})

    database.write_now(work)


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


def test_a_newer_database_fits_as_long_as_nothing_was_taken_away(database: Database) -> None:
    pretend(database, "9999")
    schema.require_current(database)
    migrate.upgrade(database)
    assert database.read_now(schema.found) == "9999"


def test_a_newer_database_that_lacks_what_this_version_uses_is_refused_and_left_alone(
    database: Database,
) -> None:
    pretend(database, "9999", oldest=int(schema.HEAD) + 1)
    for attempt in (schema.require_current, migrate.upgrade):
        with pytest.raises(SchemaOutdated, match="Install the newer version"):
            attempt(database)
    assert database.read_now(schema.found) == "9999"


def test_the_oldest_schema_this_version_works_on_is_the_one_the_migrations_declare() -> None:
    scripts = ScriptDirectory.from_config(migrate.config()).walk_revisions()
    needed = [one.revision for one in scripts if not one.module.can_wait]
    assert max(needed) == schema.NEEDED


def test_a_migration_either_only_adds_or_says_what_it_leaves(empty: Database) -> None:
    scripts = ScriptDirectory.from_config(migrate.config()).walk_revisions()
    before: dict[str, str] = {}
    for script in reversed(list(scripts)):
        empty.write_now(partial(migrate.lay, version=script.revision))
        after = empty.read_now(columns)
        taken = {one for one in before if after.get(one) != before[one]}
        owed = {one for one in after.keys() - before.keys() if after[one] == "owed"}
        tables = {one.partition(".")[0] for one in before}
        owed = {one for one in owed if one.partition(".")[0] in tables}
        assert script.module.oldest_left or not (taken or owed), script.revision
        before = after


def columns(conn: Connection) -> dict[str, str]:
    """Every column as `table.name`, with what whoever writes a row owes it."""
    found = inspect(conn)
    return {
        f"{table}.{one['name']}": "free" if one["nullable"] or one["default"] else "owed"
        for table in found.get_table_names()
        for one in found.get_columns(table)
    }


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


def test_nothing_but_migrating_and_copying_loads_alembic() -> None:
    code = "import sys, bot.command_line, storage.listening; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_probing_for_the_right_to_write_changes_nothing(database: Database) -> None:
    database.write_now(schema.probe)
    count = text("SELECT count(*) FROM counters")
    assert database.read_now(lambda conn: conn.execute(count).scalar_one()) == 0
