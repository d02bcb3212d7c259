"""How is the database copied while a bot works on it?"""

from __future__ import annotations

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
    try:
        source = sqlite3.connect(f"file:{database.path}?mode=ro", uri=True)
        copy = sqlite3.connect(target)
    except sqlite3.Error as error:
        raise StorageError(f"{target} cannot be written ({error}).") from error
    try:
        source.backup(copy)
    except sqlite3.Error as error:
        raise StorageError(f"The copy failed ({error}).") from error
    finally:
        copy.close()
        source.close()
