"""What is claimed already, and waits for what this worker is about to bring into being?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.courier.attempts import Settled
from bot.slack import pacing
from storage import outbox
from storage.db import Database, StorageError
from storage.outbox import Claimed, Done, Later

STOPPED, NOT_THERE = "the process stopped", "what it needs is not there yet"
OVERTAKEN = "there is something newer to show"
May = Callable[[], Awaitable[bool]]


class Planned:
    """Things by what each of them needs; nobody has begun them."""

    def __init__(self, database: Database, worker: str) -> None:
        self._database = database
        self._worker = worker
        self._by_need: dict[str, list[Claimed]] = {}

    def ids(self) -> set[int]:
        """Which they are."""
        return {row.id for rows in self._by_need.values() for row in rows}

    def add(self, rows: Iterable[Claimed]) -> list[Claimed]:
        """Keep those that wait for another of them; the others may begin."""
        ready = []
        for row in rows:
            if row.needs is None or row.needs_value is not None:
                ready.append(row)
            else:
                self._by_need.setdefault(row.needs, []).append(row)
        return ready

    def drop(self, ids: Collection[int]) -> list[Claimed]:
        """Another worker has these now; what waited for them, and cannot begin here any more."""
        gone = [row for rows in self._by_need.values() for row in rows if row.id in ids]
        for need, rows in self._by_need.items():
            self._by_need[need] = [row for row in rows if row.id not in ids]
        return [one for row in gone for one in self._not_given(row.gives)]

    def after(
        self, row: Claimed, outcome: Settled
    ) -> tuple[list[tuple[Claimed, May | None]], list[Claimed]]:
        """What may begin after this, if what is awaited before says so; and what cannot now."""
        if not isinstance(outcome, Done):
            return [], self._not_given(row.gives)
        value = dict(outcome.value or {})
        ready = [replace(one, needs_value=value) for one in self._of(row.gives)]
        keeps = [one for one in ready if one.kind == "keep"]
        if not keeps:
            return [(one, None) for one in ready], []
        current = asyncio.ensure_future(self._current(keeps))
        return [(one, partial(_is_newest, one, current)) for one in ready], []

    async def _current(self, keeps: Sequence[Claimed]) -> dict[int, int]:
        """The versions they have now: since they were claimed, words may have become private."""
        ids = [row.id for row in keeps]
        try:
            return await self._database.read(lambda c: outbox.current(c, self._worker, ids))
        except StorageError:
            return {}

    def _not_given(self, name: str | None) -> list[Claimed]:
        """What cannot begin now, nor what needs that in its turn."""
        rows = self._of(name)
        return rows + [one for row in rows for one in self._not_given(row.gives)]

    def all(self) -> list[Claimed]:
        """Everything; none of it is planned any more."""
        rows = [row for some in self._by_need.values() for row in some]
        self._by_need.clear()
        return rows

    def _of(self, name: str | None) -> list[Claimed]:
        return self._by_need.pop(name, []) if name else []


def not_begun(row: Claimed, now: datetime, because: str) -> Later:
    """It waits for its turn, as if nobody had taken it."""
    return Later(row.id, row.attempts, now, because, row.is_uncertain)


async def _is_newest(row: Claimed, current: Awaitable[dict[int, int]]) -> bool:
    """Whether what was claimed is what is to be shown; only a slot has something newer put in."""
    return row.kind != "keep" or (await current).get(row.id) == row.version


def tolls_along(
    tolls: Callable[[Claimed], Sequence[outbox.Toll]], row: Claimed
) -> list[outbox.Toll] | None:
    """What it takes of the pace to furnish a room; None for what does anything else.

    The channel that a message goes to takes nothing: it has no name yet, nor any other message.
    """
    if not pacing.furnishes(row):
        return None
    return [one for one in tolls(row) if one.bucket.partition(" ")[2] != row.needs]
