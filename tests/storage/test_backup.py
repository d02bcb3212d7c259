"""Is a copy whole, though a bot writes meanwhile?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from storage import log, schema
from storage.backup import backup
from storage.db import Database, StorageError

DRAFT = log.Draft("Declared", 1, "U1", datetime(2026, 3, 1, 9, 0, tzinfo=UTC), {"a": 1})


def append(database: Database) -> None:
    database.write_now(lambda conn: log.append(conn, "incident/1", [DRAFT]))


def test_a_copy_holds_what_was_committed_and_verifies(
    sqlite_database: Database, tmp_path: Path
) -> None:
    append(sqlite_database)
    backup(sqlite_database, tmp_path / "copy.db")
    append(sqlite_database)
    copy = Database.open(f"sqlite:///{tmp_path}/copy.db")
    schema.require_current(copy)
    assert copy.read_now(log.verify) == log.Verification(chains=1, facts=1)
    assert sqlite_database.read_now(log.verify) == log.Verification(chains=1, facts=2)
    copy.close()


def test_a_copy_can_be_made_while_a_write_is_under_way(
    sqlite_database: Database, tmp_path: Path
) -> None:
    append(sqlite_database)

    def work(conn: Connection) -> None:
        log.append(conn, "incident/1", [DRAFT])
        backup(sqlite_database, tmp_path / "copy.db")

    sqlite_database.write_now(work)
    copy = Database.open(f"sqlite:///{tmp_path}/copy.db")
    assert copy.read_now(log.verify) == log.Verification(chains=1, facts=1)
    copy.close()


def test_a_copy_of_a_bot_that_is_down_holds_everything(
    sqlite_database: Database, tmp_path: Path
) -> None:
    append(sqlite_database)
    sqlite_database.close()
    backup(sqlite_database, tmp_path / "copy.db")
    copy = Database.open(f"sqlite:///{tmp_path}/copy.db")
    assert copy.read_now(log.verify) == log.Verification(chains=1, facts=1)
    copy.close()


def test_a_file_that_is_there_is_not_written_over(
    sqlite_database: Database, tmp_path: Path
) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(StorageError, match="is there already. Name a new file."):
        backup(sqlite_database, target)
    assert target.read_text() == "precious"


def test_a_target_that_cannot_be_written_is_told(sqlite_database: Database, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="failed"):
        backup(sqlite_database, tmp_path / "nowhere" / "copy.db")


def test_postgres_is_left_to_its_own_tool(postgres_database: Database, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="pg_dump"):
        backup(postgres_database, tmp_path / "copy.db")
