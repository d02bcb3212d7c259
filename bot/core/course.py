"""What was owed in the course of an incident, and what came of it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.core.deadlines import Deadline
from bot.core.facts import Recorded
from bot.core.facts.tasks import DeadlineSnoozed, DeadlineWaived
from bot.core.incident import OVER, Status

End = Literal["met", "missed", "waived", "let go", "open", "overdue"]


@dataclass(frozen=True)
class Owed:
    """Something that was owed; `ended_at` None and "open" or "overdue": it still is.

    "let go" is what was still owed in time when the incident was over. `first_due_at` differs from
    `due_at` where it was put off, or reckoned anew.
    """

    name: str
    label: str
    starts_at: datetime
    first_due_at: datetime
    due_at: datetime
    by: str
    end: End = "open"
    ended_at: datetime | None = None


class Course:
    """Follows what is owed from fact to fact."""

    def __init__(self) -> None:
        """Begin with nothing owed."""
        self._open: dict[str, Owed] = {}
        self._ended: list[Owed] = []

    def step(
        self, one: Recorded, status: Status, owed: Sequence[Deadline], owners: Sequence[str]
    ) -> None:
        """Take in what is owed after a fact, and by whom each of it."""
        now = {due.name: (due, by) for due, by in zip(owed, owners, strict=True)}
        for name, before in [*self._open.items()]:
            if name not in now or not _is_same(before, now[name][0], one):
                del self._open[name]
                self._ended.append(_ended(before, one, status))
        for name, (due, by) in now.items():
            known = self._open.get(name)
            first = known.first_due_at if known else due.due_at
            self._open[name] = Owed(name, due.label, due.starts_at, first, due.due_at, by)

    def until(self, at: datetime) -> tuple[Owed, ...]:
        """Everything that was owed until then, by the time it was first due."""
        still = [
            replace(one, end="overdue" if one.due_at < at else "open")
            for one in self._open.values()
        ]
        return tuple(sorted([*self._ended, *still], key=lambda one: (one.first_due_at, one.name)))


def _is_same(before: Owed, now: Deadline, one: Recorded) -> bool:
    """Whether this is still the same thing, put off or reckoned anew, and not the next of it."""
    if now.due_at == before.due_at or now.starts_at == before.starts_at:
        return True
    return isinstance(one.fact, DeadlineSnoozed) and one.fact.name == before.name


def _ended(before: Owed, one: Recorded, status: Status) -> Owed:
    is_late = one.at > before.due_at
    end: End = "missed" if is_late else "met"
    if isinstance(one.fact, DeadlineWaived) and one.fact.name == before.name:
        end = "waived"
    elif status in OVER and not is_late:
        end = "let go"
    return replace(before, end=end, ended_at=one.at)
