"""Can Slack be reached, and when is it tried again where it cannot?"""

from __future__ import annotations

from datetime import datetime, timedelta

SLACK = "slack"  # the bucket that is shut while it cannot be reached
_GIVE_UP_AFTER = 5  # attempts in a row of which nothing came back
_PAUSE_AT_MOST = timedelta(seconds=20)


class Reach:
    """Whether Slack can be reached at all, by what came of the last attempts.

    Where nothing comes through, one attempt at a time finds out when it does again: what was never
    sent needs no looking for, and Slack is not met by everything at once when it is back.
    """

    def __init__(self, first_pause: timedelta) -> None:
        """Start with good hope; the pauses between two trials double from the first."""
        self._first_pause = first_pause
        self._missed = 0
        self._pause = timedelta(0)
        self._try_at: datetime | None = None
        self.is_regained = False

    def answered(self) -> None:
        """Slack did something, or refused it."""
        self.is_regained = self.is_regained or self._try_at is not None
        self._missed, self._pause, self._try_at = 0, timedelta(0), None

    def missed(self, now: datetime) -> datetime | None:
        """Nothing is known of an attempt, or it did not get there; until when nothing may go."""
        self._missed += 1
        if self._missed >= _GIVE_UP_AFTER and (self._try_at is None or now >= self._try_at):
            self._pause = min(_PAUSE_AT_MOST, max(self._first_pause, self._pause * 2))
            self._try_at = now + self._pause
        return self._try_at

    def trial_every(self) -> timedelta | None:
        """How long after one attempt the next may be made; None while Slack is there."""
        return self._pause if self._try_at else None
