"""Does reading leave a SQLite file as it is?"""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest

from storage import log
from storage.backup import backup
from storage.db import Absent, Database
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


def contents(folder: Path) -> dict[str, bytes]:
    """What each file holds; which reader looks where is noted in -shm, and no part of the log."""
    files = [one for one in folder.iterdir() if not one.name.endswith("-shm")]
    return {one.name: one.read_bytes() for one in files}
