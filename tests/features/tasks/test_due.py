"""By when is each task owed?"""

from __future__ import annotations

from datetime import timedelta

from bot.core.deadlines import Deadline
from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed, IncidentResolved
from bot.core.facts.tasks import TaskDone, TaskGiven, TaskReassigned
from bot.features.tasks import due
from tests.features.values import NOW, as_shown, declared

LATER = NOW + timedelta(minutes=40)
GIVEN = TaskGiven(number=1, text=Words("Rotate keys"), owner="UJUN", due_at=LATER)
UNTIMED = TaskGiven(number=2, text=Words("Ask the lab"), owner="UMARA")


def _owed(*facts: Fact) -> list[Deadline]:
    return due.deadlines(as_shown(declared(), *facts))


def test_a_task_with_a_time_is_owed_by_whoever_does_it() -> None:
    assert _owed(GIVEN, UNTIMED) == [
        Deadline(
            name="task/1",
            label="Task 1",
            starts_at=NOW,
            due_at=LATER,
            remedy="Say `/incident task done 1`, or give it to somebody else.",
            owner="UJUN",
        )
    ]


def test_a_task_passed_on_is_owed_by_the_next_and_by_their_time() -> None:
    later = LATER + timedelta(hours=1)
    (owed,) = _owed(GIVEN, TaskReassigned(number=1, owner="UMARA", due_at=later))
    assert (owed.owner, owed.due_at, owed.starts_at) == ("UMARA", later, NOW)


def test_a_task_that_is_done_is_owed_no_longer() -> None:
    assert _owed(GIVEN, TaskDone(number=1)) == []


def test_a_task_is_owed_after_the_incident_is_resolved_and_not_once_it_is_over() -> None:
    resolved = IncidentResolved(reason=Words("gone"))
    assert len(_owed(GIVEN, resolved)) == 1
    assert _owed(GIVEN, resolved, IncidentClosed(reason=Words("done"))) == []
