"""How many events did the app get in the last hour, and may it get more?"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.rules.events import limit

_HOUR = 3600.0
_MINUTE = 60.0
_SHARE = limit("events.disabled.share") / 100


@dataclass(eq=False)
class Sent:
    """One delivery of an event, by the seconds it was sent at."""

    at: float
    is_lost: bool = False
    is_old: bool = False


class Tally:
    """The deliveries of events within 60 min; `seconds` is a clock that never runs backwards."""

    def __init__(
        self,
        seconds: Callable[[], float],
        *,
        most: int = limit("events.hourly"),
        least: int = limit("events.disabled.least"),
    ) -> None:
        """More than `most` are too many; below `least` no share of failures is too large."""
        self._seconds = seconds
        self._most = most
        self._least = least
        self._sent: deque[Sent] = deque()
        self._failed = 0
        self._told_at: float | None = None
        self.is_disabled = False

    def has_room(self) -> bool:
        """One more may be sent."""
        self._forget()
        return len(self._sent) < self._most

    def sent(self) -> Sent:
        """Write down one that is on its way."""
        self._forget()
        one = Sent(self._seconds())
        self._sent.append(one)
        return one

    def lost(self, one: Sent) -> None:
        """It was not acked; too many of these end all events until `enable`."""
        if one.is_old:
            return
        one.is_lost = True
        self._failed += 1
        if len(self._sent) >= self._least and self._failed > _SHARE * len(self._sent):
            self.is_disabled = True

    def is_to_be_told(self) -> bool:
        """The app has not heard within the last minute that it gets too many."""
        now = self._seconds()
        if self._told_at is not None and now - self._told_at < _MINUTE:
            return False
        self._told_at = now
        return True

    def enable(self) -> None:
        """Send events again, as somebody does on the app's own page at Slack."""
        self.is_disabled = False
        for one in self._sent:
            one.is_old = True
        self._sent.clear()
        self._failed = 0

    def _forget(self) -> None:
        oldest = self._seconds() - _HOUR
        while self._sent and self._sent[0].at <= oldest:
            one = self._sent.popleft()
            one.is_old = True
            self._failed -= one.is_lost
