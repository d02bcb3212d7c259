"""How are facts of several subjects, and what follows from them, written in one go?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from storage import log, lookup, outbox


class Pen:
    """What one transaction takes down, to be written together: each kind of row in one statement.

    Before `write` nothing of it is there, not for the transaction itself either.
    """

    def __init__(self, conn: Connection, now: datetime) -> None:
        self.conn = conn
        self._now = now
        self._facts: list[log.Row] = []
        self._subjects: list[lookup.Saved] = []
        self._again: list[outbox.Item] = []

    def append(
        self, chain: str, drafts: Sequence[log.Draft], last: tuple[int, str] | None
    ) -> list[log.Fact]:
        """Facts at the end of a chain, as by `log.append`; of one chain once before `write`."""
        rows = log.place(self.conn, chain, drafts, last)
        self._facts += rows
        return [log.written(row) for row in rows]

    def save(self, subject: lookup.Saved) -> None:
        """A subject's row, as by `lookup.save`."""
        self._subjects.append(subject)

    def again(self, item: outbox.Item) -> None:
        """A keep that is owed once more, as by `outbox.again`."""
        self._again.append(item)

    def write(self) -> None:
        """Write down all that was taken down since the last time."""
        if self._facts:
            log.write(self.conn, self._facts)
        if self._subjects:
            lookup.save(self.conn, *self._subjects)
        if self._again:
            outbox.again(self.conn, self._again, self._now)
        self._facts, self._subjects, self._again = [], [], []
