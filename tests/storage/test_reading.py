"""Does reading leave a SQLite file as it is, and does it do where nothing can be written?"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from storage import log
from storage.backup import backup
from storage.db import Absent, Database, Unwritable
from tests.disks import small_disk
from tests.storage.test_db import keys, remember

HOW = ["a copy", "a bot that stopped", "a bot that was killed"]


def test_reading_where_no_file_is_makes_none_and_no_folder(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/var/warroom.db")
    with pytest.raises(Absent) as caught:
        keys(database)
    assert caught.value.sentence == f"There is no database at {tmp_path}/var/warroom.db."
    with pytest.raises(Absent), database.snapshot():
        pass
    database.close()
    assert list(tmp_path.iterdir()) == []


def left_behind(database: Database, how: str, folder: Path) -> Path:
    """A file with one row, in a folder with what stands beside it where nobody has it open."""
    assert database.path
    database.write_now(remember("view/1"))
    copy = folder / "of [today].db"
    if how == "a copy":
        backup(database, copy)
        return copy
    if how == "a bot that stopped":
        database.close()
    for end in ("", "-wal", "-shm"):  # a bot that was killed leaves them
        if (beside := Path(f"{database.path}{end}")).exists():
            shutil.copy(beside, f"{copy}{end}")
    return copy


@pytest.mark.parametrize("how", HOW)
def test_reading_leaves_every_byte_as_it_was(
    how: str, sqlite_database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    copy = left_behind(sqlite_database, how, folder)
    before = contents(folder)
    with contextlib.closing(Database.open(f"sqlite:///{copy}")) as reading:
        assert keys(reading) == ["view/1"]
        with reading.snapshot() as conn:
            assert log.verify(conn).broken is None
        backup(reading, tmp_path / "another.db")
    assert contents(folder) == before


@pytest.mark.parametrize("how", HOW)
def test_a_file_on_a_disk_that_takes_no_writes_is_read_and_not_written(
    how: str, sqlite_database: Database, tmp_path: Path
) -> None:
    with small_disk(megabytes=8) as disk:
        copy = left_behind(sqlite_database, how, disk.folder)
        with disk.read_only():
            database = Database.open(f"sqlite:///{copy}")
            assert keys(database) == ["view/1"]
            backup(database, tmp_path / "another.db")
            with pytest.raises(Unwritable) as caught:
                database.write_now(remember("view/2"))
            database.close()
    assert caught.value.sentence == (
        "The log cannot be written: its file, or the folder or disk it is on, is read-only."
    )


def test_what_was_written_last_is_not_passed_over_where_it_cannot_be_read(
    sqlite_database: Database,
) -> None:
    with small_disk(megabytes=8) as disk:
        copy = left_behind(sqlite_database, "a bot that was killed", disk.folder)
        Path(f"{copy}-shm").unlink()
        with disk.read_only():
            database = Database.open(f"sqlite:///{copy}")
            with pytest.raises(Unwritable, match="Copy both files into one"):
                keys(database)
            database.close()


def test_a_write_that_was_cut_off_is_not_read_as_if_it_were_done(
    sqlite_database: Database, tmp_path: Path
) -> None:
    copy = left_behind(sqlite_database, "a copy", tmp_path)
    with small_disk(megabytes=8) as disk:
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as writing:
            writing.execute("PRAGMA cache_size=1")  # so that some of it is in the file already
            writing.execute("BEGIN")
            writing.execute("CREATE TABLE more (part)")
            for _ in range(99):
                writing.execute("INSERT INTO more VALUES (zeroblob(9999))")
            for end in ("", "-journal"):
                shutil.copy(f"{copy}{end}", disk.folder / f"copy.db{end}")
        with disk.read_only():
            database = Database.open(f"sqlite:///{disk.folder}/copy.db")
            with pytest.raises(Unwritable, match="cannot be read: a write was cut off"):
                keys(database)
            database.close()


def contents(folder: Path) -> dict[str, bytes]:
    """What each file holds; which reader looks where is noted in -shm, and no part of the log."""
    files = [one for one in folder.iterdir() if not one.name.endswith("-shm")]
    return {one.name: one.read_bytes() for one in files}
