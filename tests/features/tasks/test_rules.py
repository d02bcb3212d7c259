"""Who may give, do and pass on a task?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed
from bot.core.facts.roles import RoleAccepted
from bot.core.facts.tasks import TaskDone, TaskGiven, TaskReassigned
from bot.core.messages import Call
from bot.core.outcome import Person, Refused
from bot.features.tasks import rules
from bot.features.tasks.rules import Give, Reassign
from bot.features.tasks.state import Tasks
from tests.features.values import NOW, context, declared, incident, states

LATER = NOW + timedelta(minutes=40)
GIVEN = TaskGiven(number=1, text=Words("Rotate keys"), owner="UJUN", due_at=LATER)
IC = RoleAccepted(role="ic", person="UIDRIS")
OPEN: tuple[Fact, ...] = (declared(), IC, GIVEN)
CLOSED = IncidentClosed(reason=Words("done"))


def test_a_task_has_words_an_owner_and_a_time() -> None:
    request = Give(" Rotate\u202e keys ", "UJUN", LATER)
    outcome = rules.give(incident(declared()), request, context(declared()))
    assert outcome.facts == (GIVEN,)
    (call,) = outcome.messages
    assert isinstance(call, Call)
    assert (call.effect, call.arguments, call.needs) == ("invite", {"person": "UJUN"}, "room/12")


def test_whoever_is_in_the_room_is_not_let_in_again_and_tasks_are_counted_on() -> None:
    request = Give("Ask the lab", "UIDRIS", permalink="https://x.test/p1")
    outcome = rules.give(incident(*OPEN), request, context(*OPEN))
    assert outcome.facts == (
        TaskGiven(
            number=2, text=Words("Ask the lab"), owner="UIDRIS", permalink="https://x.test/p1"
        ),
    )
    assert outcome.messages == ()


@pytest.mark.parametrize(
    ("request_", "sentence", "field"),
    [
        (Give("x", None), "Say who does it: `/incident task @someone words by 04:30`.", "owner"),
        (
            Give(" \u202e", "UJUN"),
            "Say what is to be done: `/incident task @someone words by 04:30`.",
            "text",
        ),
        (Give("x" * 10_000, "UJUN"), "That is 10,000 characters; keep a task to 1,000.", "text"),
        (Give("x", "UJUN", NOW), "That time is over. Give a later one.", "due_at"),
    ],
)
def test_what_is_no_task_is_told_what_lacks(request_: Give, sentence: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.give(incident(declared()), request_, context(declared()))
    assert (str(refused.value), refused.value.field) == (sentence, field)


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        (Person("UX", is_known=False), "Slack knows no such person. Name somebody else."),
        (Person("UX", is_bot=True), "An app cannot do it; name a person."),
        (Person("UX", has_left=True), "<@UX> has left the workspace. Name somebody else."),
    ],
)
def test_a_task_goes_to_a_person_who_is_there(person: Person, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.give(incident(*OPEN), Give("x", "UX"), context(*OPEN, person=person))
    assert (str(refused.value), refused.value.field) == (sentence, "owner")
    with pytest.raises(Refused) as refused:
        rules.reassign(incident(*OPEN), Reassign(1, "UX"), context(*OPEN, person=person))
    assert str(refused.value) == sentence


def test_a_guest_may_do_a_task() -> None:
    guest = context(*OPEN, person=Person("UKOFI", is_guest=True))
    assert rules.give(incident(*OPEN), Give("x", "UKOFI"), guest).facts


def test_nothing_is_given_or_passed_on_once_it_is_over() -> None:
    over = (*OPEN, CLOSED)
    with pytest.raises(Refused, match=r"^INC-12 is over\. Reopen it to go on\.$"):
        rules.give(incident(*over), Give("x", "UJUN"), context(*over))
    with pytest.raises(Refused, match=r"^INC-12 is over\. Reopen it to go on\.$"):
        rules.reassign(incident(*over), Reassign(1, "UMARA"), context(*over))


@pytest.mark.parametrize("actor", ["UJUN", "UMARA", "UIDRIS"])
def test_whoever_does_it_gave_it_or_commands_says_that_it_is_done(actor: str) -> None:
    outcome = rules.finish(incident(*OPEN), 1, context(*OPEN, actor=actor))
    assert outcome.facts == (TaskDone(number=1),)


def test_nobody_else_says_that_it_is_done_or_passes_it_on() -> None:
    kofi = context(*OPEN, actor="UKOFI")
    with pytest.raises(Refused) as refused:
        rules.finish(incident(*OPEN), 1, kofi)
    assert str(refused.value) == "Task 1 is <@UJUN>'s; they say when it is done."
    with pytest.raises(Refused) as refused:
        rules.reassign(incident(*OPEN), Reassign(1, "UKOFI"), kofi)
    assert str(refused.value) == "Task 1 is <@UJUN>'s; ask them, or whoever commands."


def test_what_was_left_open_is_done_even_after_the_end() -> None:
    over = (*OPEN, CLOSED)
    assert rules.finish(incident(*over), 1, context(*over, actor="UJUN")).facts


def test_a_task_there_is_not_and_one_that_is_done_are_not_done_again() -> None:
    with pytest.raises(Refused) as refused:
        rules.finish(incident(*OPEN), 7, context(*OPEN))
    assert str(refused.value) == "There is no task 7 in INC-12. `/incident tasks` lists them."
    done = (*OPEN, TaskDone(number=1))
    with pytest.raises(Refused, match=r"^Task 1 is done already\.$"):
        rules.finish(incident(*done), 1, context(*done))
    with pytest.raises(Refused, match=r"^Task 1 is done already\.$"):
        rules.reassign(incident(*done), Reassign(1, "UMARA"), context(*done))


def test_somebody_else_does_it_and_by_another_time() -> None:
    later = LATER + timedelta(hours=1)
    outcome = rules.reassign(incident(*OPEN), Reassign(1, "UMARA", later), context(*OPEN))
    assert outcome.facts == (TaskReassigned(number=1, owner="UMARA", due_at=later),)
    assert outcome.messages == ()
    same = rules.reassign(incident(*OPEN), Reassign(1, "UJUN", later), context(*OPEN))
    assert same.facts == (TaskReassigned(number=1, owner="UJUN", due_at=later),)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (Reassign(1, None), "Say who does it: `/incident task reassign 1 @someone`."),
        (Reassign(1, "UJUN"), "<@UJUN> does it already."),
        (Reassign(1, "UMARA", NOW), "That time is over. Give a later one."),
    ],
)
def test_what_cannot_be_passed_on_is_told_why(request_: Reassign, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.reassign(incident(*OPEN), request_, context(*OPEN))
    assert str(refused.value) == sentence


def test_a_task_remembers_who_had_it_and_keeps_its_time() -> None:
    passed = states(*OPEN, TaskReassigned(number=1, owner="UMARA")).of(Tasks)
    (task,) = passed.all
    assert (task.owner, task.before, task.due_at) == ("UMARA", ("UJUN",), LATER)
    done = states(*OPEN, TaskDone(number=1)).of(Tasks)
    assert (done.open, [one.done_at for one in done.all]) == ((), [NOW])
