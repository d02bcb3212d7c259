"""What did the app call, and what was it sent?"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from bot.sandbox.model import Call, Delivery, Json

KEPT = 10_000


@dataclass(frozen=True)
class Wanted:
    """Which entries to list; an empty word means all.

    `kind` is "call", or a delivery's: "slash_commands", "interactive", "events_api"; "delivery" is
    all three. `name` is a method, a command, or a type of interaction or event. `after` is the
    number of an entry; of what is left the last `limit` are listed.
    """

    kind: str = ""
    name: str = ""
    is_failed: bool | None = None
    after: int = 0
    limit: int = 200

    def takes(self, entry: Call | Delivery) -> bool:
        """This entry is one of them."""
        kinds = ("call",) if isinstance(entry, Call) else ("delivery", entry.kind)
        return (
            entry.number > self.after
            and (not self.kind or self.kind in kinds)
            and (not self.name or self.name == entry.name)
            and self.is_failed in (None, not entry.ok)
        )


class Journal:
    """The last 10,000 calls and the last 10,000 deliveries, oldest first, numbered together."""

    def __init__(self, now: Callable[[], datetime], tell: Callable[[str], None]) -> None:
        """`tell` hears "journal" after each entry; `now` dates it."""
        self.calls: deque[Call] = deque(maxlen=KEPT)
        self.deliveries: deque[Delivery] = deque(maxlen=KEPT)
        self._now = now
        self._tell = tell
        self._last = 0

    def called(self, call: Call) -> None:
        """Write down a call that was answered, or never will be."""
        self._last += 1
        self.calls.append(replace(call, number=self._last, at=self._now()))
        self._tell("journal")

    def delivered(self, delivery: Delivery) -> None:
        """Write down a request to the app once it acked, or did not."""
        self._last += 1
        self.deliveries.append(replace(delivery, number=self._last, at=self._now()))
        self._tell("journal")

    def entries(self, wanted: Wanted | None = None) -> list[Call | Delivery]:
        """What was written down, oldest first."""
        asked = wanted or Wanted(limit=2 * KEPT)
        return list(self._newest(asked))[::-1]

    def listing(self, wanted: Wanted | None = None) -> list[Json]:
        """The same as JSON: times in ISO 8601 and how long each took, in milliseconds."""
        return [_listed(entry) for entry in self.entries(wanted)]

    def clear(self) -> None:
        """Begin an empty one; numbers go on."""
        self.calls.clear()
        self.deliveries.clear()
        self._tell("journal")

    def _newest(self, wanted: Wanted) -> Iterator[Call | Delivery]:
        ways: tuple[Iterator[Call | Delivery], ...] = (
            reversed(self.calls),
            reversed(self.deliveries),
        )
        both = heapq.merge(
            *ways,
            key=attrgetter("number"),
            reverse=True,
        )
        left = wanted.limit
        for entry in both:
            if left <= 0 or entry.number <= wanted.after:
                return
            if wanted.takes(entry):
                left -= 1
                yield entry


def _listed(entry: Call | Delivery) -> Json:
    shape: Json = {
        "number": entry.number,
        "at": entry.at.isoformat() if entry.at else None,
        "name": entry.name,
        "ok": entry.ok,
        "error": entry.error,
        "fault": entry.fault,
        "took_ms": round((entry.ended_at - entry.started_at) * 1000, 3),
    }
    if isinstance(entry, Call):
        return {**shape, "kind": "call", "status": entry.status, "args": entry.args}
    return {**shape, "kind": entry.kind, "retry": entry.retry, "payload": entry.payload}
