"""Where does a SQLite file come to be, and how does one bot keep it to itself?"""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from storage.faults import AlreadyOwned, Unwritable


def make_folder(path: Path) -> None:
    """The folder in which the file is to be.

    Raises:
        Unwritable: it cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unwritable(f"The folder {path.parent} cannot be made ({error.strerror}).") from error


def lock(path: Path) -> FileLock:
    """A lock beside the file, held until it is released; its folder is made.

    Raises:
        AlreadyOwned: a bot works on it already.
        Unwritable: the lock, or its folder, cannot be made.
    """
    make_folder(path)
    held = FileLock(f"{path}.lock", thread_local=False)
    try:
        held.acquire(timeout=0)
    except Timeout as error:
        raise AlreadyOwned(
            f"Another bot is running on {path}. Stop it, or set DATABASE_URL to another "
            "file; several bots at once take Postgres."
        ) from error
    except OSError as error:
        raise Unwritable(f"{held.lock_file} cannot be made ({error.strerror}).") from error
    return held
