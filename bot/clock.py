"""What time is it?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Aware UTC time that can be moved forward, for tests, drills and the sandbox."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)
        self._on_move: list[Callable[[], None]] = []

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
        for tell in self._on_move:
            tell()

    def on_move(self, tell: Callable[[], None]) -> None:
        """Call `tell` whenever the clock is put forward."""
        self._on_move.append(tell)

    def wall(self, moment: datetime) -> datetime:
        """When the wall's clock shows what this one calls `moment`."""
        return moment - self._ahead
