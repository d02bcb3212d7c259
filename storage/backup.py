"""How is the database copied while a bot works on it?"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from storage.db import Database, StorageError


def backup(database: Database, target: Path) -> None:
    """Copy a SQLite database into a new file, whole as of one moment.

    Raises:
        StorageError: the file is there already or cannot be written, or it is Postgres, which has
            a tool of its own.
    """
    if database.path is None:
        raise StorageError("Postgres is copied with its own pg_dump; see its manual.")
    if target.exists():
        raise StorageError(f"{target} is there already. Name a new file.")
    if not database.path.exists():
        raise StorageError(f"{database.path} is not there.")
    try:
        with (
            contextlib.closing(sqlite3.connect(database.path)) as source,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise StorageError(f"The copy to {target} failed: {error}.") from error
