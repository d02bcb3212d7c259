"""What time is it?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Aware UTC time that can be moved forward, for tests, drills and the sandbox."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """The moment it is, in UTC, moved by what `move` was given so far."""
        return datetime.now(UTC) + self._ahead

    def move(self, by: timedelta) -> None:
        """Put the clock forward.

        Raises:
            ValueError: time does not run backwards.
        """
        if by < timedelta(0):
            raise ValueError("the clock moves forward only")
        self._ahead += by
