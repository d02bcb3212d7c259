"""Where does a ladder end once somebody has answered?"""

from __future__ import annotations

from bot.core.facts.people import CallAnswered, PersonCalled
from bot.core.facts.roles import RoleAccepted
from bot.core.facts.tasks import DeadlineReminded
from runbooks.paging import Rung
from runbooks.span import Span
from tests.features.sla.clockwork import Clockwork, ladder
from tests.features.values import declared

ACCEPTED = RoleAccepted(role="ic", person="UIDRIS")
CALLED = PersonCalled(
    call=1, about="a call", person="UNOOR", via="direct message", target="person UNOOR"
)
PEOPLE = ladder(
    Rung(after=Span.read("PT5M"), people=("USAFETY",)),
    Rung(after=Span.read("PT10M"), people=("UEXEC",)),
)


def test_whom_a_ladder_calls_is_followed_by_its_next_step_and_no_ladder_of_their_own() -> None:
    room = Clockwork(declared(), ACCEPTED, CALLED, policy=PEOPLE)
    room.wait(120, only="call/1")
    assert [target for _, target in room.called()] == [
        "person UNOOR",
        "person USAFETY",
        "person UEXEC",
    ]
    owes = {one.name for one in room.shown().deadlines}
    assert "call/1" in owes
    assert not owes & {"call/2", "call/3"}


def test_once_somebody_of_the_ladder_answers_nobody_else_is_woken() -> None:
    room = Clockwork(declared(), ACCEPTED, CALLED, policy=PEOPLE)
    while len(room.called()) < 2:
        room.wait(1, only="call/1")
    room.record(CallAnswered(call=2, by="USAFETY"), "USAFETY")
    before = len(room.log)
    room.wait(120, only="call/1")
    assert len(room.log) == before
    assert not room.ring("call/1").facts


def test_an_answer_to_one_ladder_holds_up_no_other() -> None:
    room = Clockwork(declared(), ACCEPTED, CALLED, policy=PEOPLE)
    while len(room.called()) < 2:
        room.wait(1, only="call/1")
    room.record(CallAnswered(call=2, by="USAFETY"), "USAFETY")
    room.wait(60, only="update")
    climbed = [
        one.fact.rung
        for one in room.log
        if isinstance(one.fact, DeadlineReminded) and one.fact.name == "update"
    ]
    assert climbed[-1] == 2
