"""Can this process reach Slack, and when does it try again where it cannot?"""

from __future__ import annotations

from datetime import datetime, timedelta

_GIVE_UP_AFTER = 5  # attempts in a row of which nothing came back
_PAUSE_AT_MOST = timedelta(seconds=20)


class Reach:
    """Whether Slack can be reached from here, by what came of the last attempts.

    Where nothing comes through, one attempt at a time finds out when it does again: what was never
    sent needs no looking for, and Slack is not met by everything at once when it is back. Others
    may reach it all the while, so that nobody but this process goes by it.
    """

    def __init__(self, first_pause: timedelta) -> None:
        """Start with good hope; the pauses between two trials double from the first."""
        self._first_pause = first_pause
        self._missed = 0
        self._pause = timedelta(0)
        self.try_at: datetime | None = None  # None while Slack is there

    def answered(self) -> None:
        """Slack did something, or refused it."""
        self._missed, self._pause, self.try_at = 0, timedelta(0), None

    def missed(self, now: datetime) -> None:
        """Nothing is known of an attempt, or it did not get there."""
        self._missed += 1
        if self._missed >= _GIVE_UP_AFTER and (self.try_at is None or now >= self.try_at):
            self._pause = min(_PAUSE_AT_MOST, max(self._first_pause, self._pause * 2))
            self.try_at = now + self._pause
