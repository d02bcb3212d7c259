"""By when is each task owed?"""

from __future__ import annotations

from bot.core.deadlines import Deadline
from bot.core.outcome import Shown
from bot.features.tasks.state import Tasks


def deadlines(shown: Shown) -> list[Deadline]:
    """Every open task that has a time; also after the incident is resolved, until it is over."""
    if shown.incident.is_over:
        return []
    return [
        Deadline(
            name=f"task/{one.number}",
            label=f"Task {one.number}",
            starts_at=one.given_at,
            due_at=one.due_at,
            remedy=f"Say `{shown.command} task done {one.number}`, or give it to somebody else.",
            owner=one.owner,
        )
        for one in shown.states.of(Tasks).open
        if one.due_at
    ]
