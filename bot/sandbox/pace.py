"""May the app call this method now, or how long does it have to wait?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.chosen import Chosen
from bot.sandbox.rules import rates
from bot.sandbox.rules.base import Rule

POST_MESSAGE = "chat.postMessage"
_MINUTE = 60.0
_ROUNDED = 1e-6  # what floating point may lose between two seconds that are meant to be one


@dataclass
class _Bucket:
    """What is left to spend; it fills by `a_second` up to `size`, or all every `whole` seconds."""

    size: float
    a_second: float
    left: float
    at: float
    whole: float = 0.0

    def fill(self, now: float) -> None:
        passed = now - self.at
        if passed < self.whole:
            return
        self.left = self.size if self.whole else min(self.size, self.left + passed * self.a_second)
        self.at = now

    def wait(self, now: float) -> float:
        if self.left >= 1 - _ROUNDED:
            return 0.0
        return self.at + self.whole - now if self.whole else (1 - self.left) / self.a_second


class Pace:
    """The rates of one app in one workspace; `seconds` is a clock that never runs backwards."""

    def __init__(self, seconds: Callable[[], float], chosen: Chosen | None = None) -> None:
        """Start with every rate unspent; `chosen` holds the bursts, which Slack keeps secret."""
        self._seconds = seconds
        self._chosen = chosen or Chosen()
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def wait(self, method: str, channel_id: str) -> int:
        """Count a call; 0 when it may go ahead, else whole seconds until it may be tried again.

        `channel_id` counts for chat.postMessage alone. A call that has to wait uses nothing up.
        """
        now = self._seconds()
        buckets = [self._bucket(key, *rate, now) for key, rate in self._rates(method, channel_id)]
        longest = max((bucket.wait(now) for bucket in buckets), default=0.0)
        if longest > 0:
            return math.ceil(longest)
        for bucket in buckets:
            bucket.left -= 1
        return 0

    def _rates(
        self, method: str, channel_id: str
    ) -> list[tuple[tuple[str, str], tuple[float, float]]]:
        """Keys of the buckets, each with its size and what flows in a second."""
        if method in rates.UNLIMITED:
            return []
        if method != POST_MESSAGE:
            a_minute = tier(method).limit
            return [((method, ""), (a_minute, a_minute / _MINUTE))]
        a_second = rates.POST.limit
        size = self._chosen.posts_at_once or a_second * _MINUTE
        found = [((method, channel_id), (size, float(a_second)))]
        if self._chosen.posts_a_minute:
            found.append(
                ((method, ""), (self._chosen.posts_a_minute, self._chosen.posts_a_minute / _MINUTE))
            )
        return found

    def _bucket(self, key: tuple[str, str], size: float, a_second: float, now: float) -> _Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            is_whole = key[0] != POST_MESSAGE and not self._chosen.steady_rate
            whole = _MINUTE if is_whole else 0.0
            bucket = self._buckets[key] = _Bucket(size, a_second, size, now, whole)
        bucket.fill(now)
        return bucket


def passing(*clocks: Callable[[], float]) -> Callable[[], float]:
    """Seconds since now, by whichever of the clocks went further since it was looked at last.

    A workspace's clock may stand still while the wall's goes on, or be put forward by an hour.
    """
    seen = [clock() for clock in clocks]
    passed = 0.0

    def look() -> float:
        nonlocal passed
        shown = [clock() for clock in clocks]
        passed += max(0.0, *(after - before for after, before in zip(shown, seen, strict=True)))
        seen[:] = shown
        return passed

    return look


def tier(method: str) -> Rule:
    """The tier of a method; 2 where it is not known, as Slack's own SDK does."""
    return rates.TIERS.get(method, rates.TIER2)
