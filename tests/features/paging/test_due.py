"""By when does somebody who was called answer?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.deadlines import SOUGHT, Alarm, Deadline
from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentResolved
from bot.core.facts.people import CallAnswered, PersonCalled, PersonInformed, RoleSought
from bot.core.facts.roles import RoleOffered
from bot.features.paging import due
from runbooks.span import Span
from tests.features.values import NOW, POLICY, as_shown, declared, told

REMEDY = "Call somebody else with `page`, or give the role to somebody who is here."
CALLED = PersonCalled(
    call=1,
    about="a call",
    person="UELENA",
    via="direct message",
    target="person UELENA",
    text=Words("Come"),
)
RUNG = PersonCalled(
    call=2, about="severity SEV1", role="technical", via="pagerduty", target="role technical"
)
SOUGHT_LEGAL = RoleSought(role="legal", about="severity SEV1")
RESOLVED = IncidentResolved(reason=Words("gone"))


def _owed(*facts: Fact) -> list[Deadline]:
    return due.deadlines(as_shown(declared(), *facts))


def _alarms(*facts: Fact) -> list[Alarm]:
    return due.alarms(as_shown(declared(), *facts))


def test_an_answer_is_owed_within_five_minutes_by_whoever_is_known_to_be_called() -> None:
    seen = told((0, "UMARA", declared()), (0, "UMARA", CALLED), (3, "UMARA", RUNG))
    assert due.deadlines(seen) == [
        Deadline(
            name="call/1",
            label="Answer to call 1",
            starts_at=NOW,
            due_at=NOW + timedelta(minutes=5),
            remedy=REMEDY,
            owner="UELENA",
            is_personal=True,
        ),
        Deadline(
            name="call/2",
            label="Answer of the Technical Lead",
            starts_at=NOW + timedelta(minutes=3),
            due_at=NOW + timedelta(minutes=8),
            remedy=REMEDY,
            owner=None,
            is_personal=True,
        ),
    ]


def test_the_policy_says_how_long_an_answer_may_take() -> None:
    paging = POLICY.paging.model_copy(update={"unanswered_after": Span.read("PT20M")})
    slow = replace(
        as_shown(declared(), CALLED), policy=POLICY.model_copy(update={"paging": paging})
    )
    assert [one.due_at for one in due.deadlines(slow)] == [NOW + timedelta(minutes=20)]


def test_an_answer_that_came_is_owed_no_longer_by_whomever_it_was_given() -> None:
    answers = (CallAnswered(call=1, by="UELENA"), CallAnswered(call=2))
    assert [one.name for one in _owed(CALLED, RUNG, answers[0])] == ["call/2"]
    assert _owed(CALLED, RUNG, *answers) == []


def test_no_answer_is_owed_once_it_is_resolved() -> None:
    assert _owed(CALLED, RUNG, RESOLVED) == []


@pytest.mark.parametrize(
    "differing",
    [
        {"via": "nobody"},
        {"via": "group", "person": None, "group": "S123"},
        {"role": "legal", "is_offer": True},
        {"climbed_for": "update"},
    ],
)
def test_a_call_nobody_can_answer_or_that_is_waited_for_elsewhere_is_not_owed(
    differing: dict[str, object],
) -> None:
    assert (
        _owed(RoleOffered(role="legal", person="UELENA"), CALLED.model_copy(update=differing)) == []
    )


def test_a_pager_that_rings_for_an_offered_role_owes_its_answer() -> None:
    rung = RUNG.model_copy(update={"person": "UJUN", "is_offer": True})
    (owed,) = _owed(RoleOffered(role="technical", person="UJUN"), rung)
    assert (owed.name, owed.owner) == ("call/2", "UJUN")


def test_who_stands_for_a_role_is_looked_up_at_once() -> None:
    assert _alarms(SOUGHT_LEGAL) == [Alarm(NOW, SOUGHT, "legal")]
    assert _alarms() == []


@pytest.mark.parametrize(
    "found",
    [
        PersonCalled(
            call=1, about="severity SEV1", role="legal", via="nobody", target="role legal"
        ),
        PersonInformed(role="legal", about="severity SEV1"),
        RESOLVED,
    ],
)
def test_what_was_found_or_is_over_is_not_looked_up_again(found: Fact) -> None:
    assert _alarms(SOUGHT_LEGAL, found) == []
