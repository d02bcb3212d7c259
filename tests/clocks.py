"""Which clock do the tests move?"""

from __future__ import annotations

from datetime import UTC, datetime

from bot.clock import Clock


class StillClock(Clock):
    """A clock that stands between two moves, so that a story ends at the same minute each time.

    It begins at `at`, or where None is given at the wall's moment.
    """

    def __init__(self, at: datetime | None = None) -> None:
        super().__init__()
        self._began = at or datetime.now(UTC)  # noqa: TID251

    def now(self) -> datetime:
        """Where it was put last."""
        return self._began + self._ahead

    def wall(self, moment: datetime) -> datetime:
        """When the wall's clock would show it if time ran from now on."""
        return datetime.now(UTC) + (moment - self.now())  # noqa: TID251
