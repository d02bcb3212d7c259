"""Is it Slack that fails, or one thing on which it fails each time?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from storage.outbox import Claimed

Heard: TypeAlias = Sequence[tuple[str, bool]]
"""The methods that an attempt called, and whether Slack answered."""

_TIMES = 8
_FOR_LONG = timedelta(minutes=15)
_KEPT = 1000  # an outage may leave thousands in doubt; the eldest are in doubt anew after that


@dataclass
class _Doubt:
    """One thing of which nobody knows again and again whether it happened.

    `times` counts those between which Slack took more of others by the method than it failed on.
    `balance` is what Slack answered by the method less what it did not, when this was tried last.
    """

    version: int
    method: str
    since: datetime
    attempts: int
    why: str
    times: int = 0
    ends: int = 0
    balance: int = 0

    def is_about(self, row: Claimed) -> bool:
        """Whether it is still this content, and was not owed anew since."""
        return row.version == self.version and row.attempts > self.attempts


class Doubts:
    """Which things stand in the way of all that comes after them, by what this process heard.

    While Slack is away, or one method of it, it takes no others either, and nothing is held against
    a thing. That it takes some now and then is not enough: it has to fail on this one each time.
    """

    def __init__(self) -> None:
        self._balance: Counter[str] = Counter()
        self._of: dict[int, _Doubt] = {}

    def against(self, row: Claimed, now: datetime) -> str | None:
        """Why it is not tried any more; None where it is."""
        doubt = self._of.get(row.id)
        if not (doubt and doubt.is_about(row)):
            return None
        took = now - doubt.since
        if doubt.times < _TIMES or took < _FOR_LONG:
            return None
        minutes = took // timedelta(minutes=1)
        return f"{doubt.why}, {doubt.ends} times in {minutes} min; it may be there all the same"

    def ended(self, row: Claimed, heard: Heard) -> None:
        """It is known what came of it."""
        self._of.pop(row.id, None)
        self._reckon(heard)

    def put_off(self, row: Claimed, heard: Heard, unknown: str | None, now: datetime) -> None:
        """It is tried again; `unknown` is why nobody knows what came of it, None: nothing did."""
        failed = [method for method, is_answered in heard if not is_answered]
        if unknown and failed:
            self._doubt(row, failed[-1], unknown, now)
        self._reckon(heard)
        if doubt := self._of.get(row.id):
            doubt.balance += _balance(heard)[doubt.method]  # its own calls say nothing of others

    def _doubt(self, row: Claimed, method: str, why: str, now: datetime) -> None:
        doubt = self._of.pop(row.id, None)
        if not (doubt and doubt.is_about(row) and doubt.method == method):
            doubt = _Doubt(row.version, method, now, row.attempts, why)
        elif self._balance[method] > doubt.balance:
            doubt.times += 1
        doubt.attempts, doubt.why, doubt.ends = row.attempts, why, doubt.ends + 1
        doubt.balance = self._balance[method]
        self._of[row.id] = doubt
        if len(self._of) > _KEPT:
            del self._of[next(iter(self._of))]

    def _reckon(self, heard: Heard) -> None:
        self._balance.update(_balance(heard))


def _balance(heard: Heard) -> Counter[str]:
    found: Counter[str] = Counter()
    for method, is_answered in heard:
        found[method] += 1 if is_answered else -1
    return found
