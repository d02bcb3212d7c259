"""Does a copy that cannot be made leave everything as it was?"""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from storage.backup import backup
from storage.db import Database, StorageError
from tests.storage.test_backup import append


def test_a_file_that_is_there_is_not_written_over(database: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(StorageError, match="is there already. Name a new file."):
        backup(database, target)
    assert target.read_text() == "precious"


def test_a_target_that_cannot_be_written_is_told(database: Database, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="failed: No such file or directory"):
        backup(database, tmp_path / "nowhere" / "copy.db")


def test_a_copy_that_fails_leaves_nothing_and_takes_nothing(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(sqlite_database)
    ours = tmp_path / "nightly[1].db.unfinished-mine"
    ours.touch()

    def fails(_path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("storage.disk.settled", fails)
    with pytest.raises(StorageError, match="No space left"):
        backup(sqlite_database, tmp_path / "nightly[1].db")
    assert [one for one in tmp_path.iterdir() if "nightly" in one.name] == [ours]
