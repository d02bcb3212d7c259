"""How is harm held off, and what is left open when the work ends?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.core.blockkit import escape, shorten
from bot.core.facts import Recorded
from bot.core.facts.status import IncidentMerged, Mitigated
from bot.core.facts.tasks import TaskDone, TaskGiven, TaskReassigned
from bot.core.facts.updates import QuestionAnswered, QuestionAsked
from bot.core.incident import Incident

_CHARS = 120  # of a text in a list


@dataclass(frozen=True)
class Task:
    """Something somebody has to do."""

    text: str
    owner: str


@dataclass(frozen=True)
class Course:
    """The last mitigation, and by number the tasks not done and the questions not answered."""

    mitigation: Mitigated | None = None
    tasks: Mapping[int, Task] = field(default_factory=dict)
    questions: Mapping[int, str] = field(default_factory=dict)

    def left_open(self, incident: Incident) -> tuple[str, ...]:
        """What is still open, one item a line, with the people who have it; typed words escaped."""
        handoffs = [
            f"<@{offer.person}> has not taken over {role}"
            for role, offer in incident.offers.items()
            if offer.is_handoff
        ]
        tasks = [
            f"Task {number}, <@{task.owner}>: {escape(shorten(task.text, _CHARS))}"
            for number, task in self.tasks.items()
        ]
        questions = [
            f"Question {number}: {escape(shorten(text, _CHARS))}"
            for number, text in self.questions.items()
        ]
        return (*tasks, *questions, *handoffs)


def fold(course: Course, recorded: Recorded) -> Course:
    """The course after one more fact."""
    match recorded.fact:
        case Mitigated() as mitigation:
            return replace(course, mitigation=mitigation)
        case TaskGiven(number=number, text=text, owner=owner):
            return replace(course, tasks={**course.tasks, number: Task(text, owner)})
        case TaskReassigned(number=number, owner=owner) if number in course.tasks:
            moved = replace(course.tasks[number], owner=owner)
            return replace(course, tasks={**course.tasks, number: moved})
        case TaskDone(number=number):
            return _without(course, (number,))
        case IncidentMerged(tasks=numbers):
            return _without(course, numbers)
        case QuestionAsked(number=number, question=question):
            return replace(course, questions={**course.questions, number: question})
        case QuestionAnswered(number=number):
            open_ones = {n: one for n, one in course.questions.items() if n != number}
            return replace(course, questions=open_ones)
    return course


def _without(course: Course, numbers: tuple[int, ...]) -> Course:
    left = {number: one for number, one in course.tasks.items() if number not in numbers}
    return replace(course, tasks=left)
