"""What does an error of the database mean to a person, and is it worth another try?"""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, OperationalError

BUSY = "The log is busy and did not take it within 2 s."
SILENT = "The log did not answer within 2 s."
MOVED = "The log cannot be written: its file was moved away, or another stands in its place."
PROTECTED = "The log cannot be written: its file, or the folder or disk it is on, is read-only."
ABSENT = "There is no database at {}."
CUT_OFF = (
    "The log cannot be read where it is: what was written last is in {0}-wal, and to read that "
    "takes a folder that can be written. Copy both files into one."
)
CLOSED = "The log is closed, because this process is ending."
_SQLITE_CAUSES = {
    "SQLITE_READONLY_ROLLBACK": "a write was cut off, and where it lies nothing can undo it",
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
# Before there is a connection libpq gives no code, only the server's words.
_POSTGRES_WORDS = {
    "too many clients": "the server has no connection free",
    "too many connections": "the server has no connection free",
    "remaining connection slots": "the server has no connection free",
    "starting up": "the server is stopping or starting",
    "shutting down": "the server is stopping or starting",
    "recovery mode": "the server is stopping or starting",
    "authentication failed": "the server does not know this user or password",
    "session is read-only": "the server takes no writes",
}
# Serialization, deadlock, and a key that another transaction put in meanwhile: the second of two
# sees the first next time.
_POSTGRES_TRANSIENT = {"40001", "40P01", "23505"}
# What stays connected to a server that became a replica is refused every write from then on.
_POSTGRES_DEMOTED = "25006"


class StorageError(Exception):
    """The database did not do it; nothing was changed."""

    @property
    def sentence(self) -> str:
        """What to tell a person."""
        return str(self)


class Unwritable(StorageError):
    """The database cannot be written or reached."""


class Absent(StorageError):
    """There is no such SQLite file; the first who writes makes it."""


class LogBusy(StorageError):
    """The database stayed locked for 2 s, or others were before it for as long."""


class Unanswered(StorageError):
    """Nothing came back for 2 s, or from the commit: it may be on disk, or come to be."""


class AlreadyOwned(StorageError):
    """Another bot works on the same file."""


class SchemaOutdated(StorageError):
    """The database has another schema than this version needs."""


class SchemaInUse(StorageError):
    """Somebody still works with what a migration would take away."""


def is_transient(error: DBAPIError) -> bool:
    """Whether the same work may well succeed at once."""
    is_known = _sqlstate(error) in _POSTGRES_TRANSIENT
    return error.connection_invalidated or is_known or is_demoted(error)


def is_demoted(error: DBAPIError) -> bool:
    """Whether the server takes no writes, so that only another connection can help."""
    return _sqlstate(error) == _POSTGRES_DEMOTED


def is_busy(error: DBAPIError) -> bool:
    """Whether somebody else holds the SQLite file, or what is asked for on Postgres."""
    name = _sqlite_name(error)
    return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or _sqlstate(error) == "55P03"


def meaning(error: DBAPIError, verb: str) -> StorageError | None:
    """What to tell a person when the log could not be `verb` (written, read).

    None for a fault of ours, such as a broken constraint, which has to stay what it is.
    """
    if is_busy(error):
        return LogBusy(BUSY)
    cause = _cause(error, _sqlite_name(error))
    return Unwritable(f"The log cannot be {verb}: {cause}.") if cause else None


def _cause(error: DBAPIError, name: str) -> str | None:
    if name:
        return _first(_SQLITE_CAUSES, name)
    if state := _sqlstate(error):
        return _first(_POSTGRES_CAUSES, state)
    if isinstance(error, OperationalError):  # psycopg gives no code when it cannot connect
        said = str(error.orig)
        words = (cause for sign, cause in _POSTGRES_WORDS.items() if sign in said)
        return next(words, "the database does not answer")
    return None


def _first(causes: dict[str, str], code: str) -> str | None:
    return next((cause for sign, cause in causes.items() if code.startswith(sign)), None)


def _sqlite_name(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlite_errorname", ""))


def _sqlstate(error: DBAPIError) -> str | None:
    state = getattr(error.orig, "sqlstate", None)
    return str(state) if state else None
