"""May requests be sent to this process, and if not, why?"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from sqlalchemy import Connection

from storage import schema
from storage.db import PATIENCE_SECONDS, Database, StorageError, Unwritable

_STILL_SECONDS = 60.0  # parts at work come round every few seconds


class Pulse:
    """When a part of this process came round last."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Begin as one that has just come round; `monotonic` gives seconds."""
        self._monotonic = monotonic
        self._ended = False
        self.beat()

    def beat(self) -> None:
        """It came round."""
        self._beat_at = self._monotonic()

    def end(self) -> None:
        """It will not come round again."""
        self._ended = True

    @property
    def is_there(self) -> bool:
        """Whether it is at work: it has not ended, and came round within the last minute."""
        return not self._ended and self._monotonic() - self._beat_at < _STILL_SECONDS


class Readiness:
    """Looks at the database, the parts at work and the line to Slack each time it is asked."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._line: Callable[[], Awaitable[bool]] | None = None
        self._parts: dict[str, Pulse] = {}
        self._is_stopping = False
        self._was_refused = False
        self._listen()

    def rests_on(self, part: str, pulse: Pulse) -> None:
        """Without this part the process does half its work at best."""
        self._parts[part] = pulse

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
            await self._look()
        except StorageError as error:
            found.append(error.sentence)
        found += [
            f"Restart this process: its {part} has come to a stop."
            for part, pulse in self._parts.items()
            if not pulse.is_there
        ]
        if self._line and not await self._line():
            found.append("Socket Mode is not connected.")
        return found

    async def _look(self) -> None:
        """Where something was refused since the last look, only what is really written counts."""
        was_refused = self._was_refused
        await self._database.write(_look, PATIENCE_SECONDS)
        if was_refused:
            await self._database.write(schema.take_room, PATIENCE_SECONDS)
            await self._database.write(schema.give_back_room, PATIENCE_SECONDS)
            self._was_refused = False

    def _listen(self) -> None:
        """Hear what becomes of writes, beside whoever hears it already."""
        hears = self._database.on_write

        def heard(seconds: float, error: BaseException | None) -> None:
            hears(seconds, error)
            self._was_refused |= isinstance(error, Unwritable)

        self._database.on_write = heard


def _look(conn: Connection) -> None:
    schema.check(conn)
    schema.probe(conn)
