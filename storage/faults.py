"""What does an error of the database mean to a person, and is it worth another try?"""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, OperationalError

BUSY = "The log is busy and did not take it within 5 s."
_SQLITE_CAUSES = {
    "SQLITE_READONLY": "the file is read-only, or was moved away",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_CANTOPEN": "the file cannot be opened",
    "SQLITE_IOERR": "the disk reports an error",
    "SQLITE_NOTADB": "the file is not a database",
    "SQLITE_CORRUPT": "the file is damaged",
    "SQLITE_PERM": "the file may not be used",
    "SQLITE_AUTH": "the file may not be used",
}
# Classes and codes of https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES_CAUSES = {
    "08": "the connection to the server broke",
    "25006": "the server takes no writes",
    "28": "the server does not know this user or password",
    "3D000": "the server has no such database",
    "42501": "the user lacks the right to",
    "53100": "the server's disk is full",
    "53300": "the server has no connection free",
    "57": "the server is stopping or starting",
    "58": "the server's disk reports an error",
}
# Serialization, deadlock, and a key that another transaction put in meanwhile: the second of two
# sees the first next time.
_POSTGRES_TRANSIENT = {"40001", "40P01", "23505"}


class StorageError(Exception):
    """The database did not do it; nothing was changed."""

    @property
    def sentence(self) -> str:
        """What to tell a person."""
        return str(self)


class Unwritable(StorageError):
    """The database cannot be written or reached."""


class LogBusy(StorageError):
    """The database stayed locked for 5 s."""


class AlreadyOwned(StorageError):
    """Another bot works on the same file."""


class SchemaOutdated(StorageError):
    """The database has another schema than this version needs."""


def is_transient(error: DBAPIError) -> bool:
    """Whether the same work may well succeed at once."""
    return error.connection_invalidated or _sqlstate(error) in _POSTGRES_TRANSIENT


def meaning(error: DBAPIError, verb: str) -> StorageError | None:
    """What to tell a person when the log could not be `verb` (written, read).

    None for a fault of ours, such as a broken constraint, which has to stay what it is.
    """
    name = getattr(error.orig, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or _sqlstate(error) == "55P03":
        return LogBusy(BUSY)
    cause = _cause(error, name)
    return Unwritable(f"The log cannot be {verb}: {cause}.") if cause else None


def _cause(error: DBAPIError, name: str) -> str | None:
    if name:
        return _first(_SQLITE_CAUSES, name)
    if state := _sqlstate(error):
        return _first(_POSTGRES_CAUSES, state)
    if isinstance(error, OperationalError):  # psycopg gives no code when it cannot connect
        return "the database does not answer"
    return None


def _first(causes: dict[str, str], code: str) -> str | None:
    return next((cause for sign, cause in causes.items() if code.startswith(sign)), None)


def _sqlstate(error: DBAPIError) -> str | None:
    state = getattr(error.orig, "sqlstate", None)
    return str(state) if state else None
