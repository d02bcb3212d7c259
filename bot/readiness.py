"""May requests be sent to this process, and if not, why?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy import Connection

from storage import schema
from storage.db import PATIENCE_SECONDS, Database, StorageError


class Readiness:
    """Looks at the database and at the line to Slack each time it is asked."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._line: Callable[[], Awaitable[bool]] | None = None
        self._is_stopping = False

    def hangs_on(self, is_connected: Callable[[], Awaitable[bool]]) -> None:
        """Requests come over this line; whoever is called by HTTP has none."""
        self._line = is_connected

    def stop(self) -> None:
        """From now on no new request should come here."""
        self._is_stopping = True

    async def reasons(self) -> list[str]:
        """Why no request should be sent here, as sentences; empty when it is ready."""
        found = ["It is stopping."] if self._is_stopping else []
        try:
            await self._database.write(_look, PATIENCE_SECONDS)
        except StorageError as error:
            found.append(error.sentence)
        if self._line and not await self._line():
            found.append("Socket Mode is not connected.")
        return found


def _look(conn: Connection) -> None:
    schema.check(conn)
    schema.probe(conn)
