"""Who is woken when something was written, here or in another process?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime


class Bells:
    """Those who deliver and those who ring; each is told after the commit."""

    def __init__(self) -> None:
        self._after_commit: list[Callable[[], None]] = []
        self._on_due: list[Callable[[datetime], None]] = []
        self._elsewhere: list[Callable[[datetime | None], None]] = []

    def after_commit(self, wake: Callable[[], None]) -> None:
        """Call `wake` after each commit that may owe something to Slack."""
        self._after_commit.append(wake)

    def on_due(self, arm: Callable[[datetime], None]) -> None:
        """Call `arm` with the moment at which an incident that was written has to be looked at."""
        self._on_due.append(arm)

    def elsewhere(self, tell: Callable[[datetime | None], None]) -> None:
        """Call `tell` with the same, or None, after what was written here, for other processes."""
        self._elsewhere.append(tell)

    def written(self, due_at: datetime | None) -> None:
        """This process wrote something; `due_at` is when to look at it again, if at all."""
        self.heard(due_at)
        for tell in self._elsewhere:
            tell(due_at)

    def heard(self, due_at: datetime | None) -> None:
        """This or another process wrote something."""
        for wake in self._after_commit:
            wake()
        if due_at is not None:
            for arm in self._on_due:
                arm(due_at)
