"""When are two incidents one?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.facts import Fact, Words
from bot.core.facts.incidents import (
    IncidentClosed,
    IncidentDeclared,
    IncidentReopened,
    IncidentResolved,
)
from bot.core.facts.people import FollowStarted, PersonAdded, PersonCame, PersonLeft
from bot.core.facts.roles import RoleAccepted
from bot.core.facts.status import DuplicateTaken, IncidentMerged
from bot.core.facts.tasks import TaskDone, TaskGiven, TaskReassigned
from bot.core.fold import fold
from bot.core.incident import Incident
from bot.core.messages import PEOPLE, Call
from bot.core.outcome import Ask, Context, Outcome, Refused
from bot.features.merging import rules
from bot.features.merging.rules import Merge
from tests.features.values import NOW, context, declared, incident, recorded, states

HERE: tuple[Fact, ...] = (
    declared(),
    PersonCame(person="UJUN"),
    PersonAdded(person="UIDRIS"),
    PersonCame(person="UNOOR"),
)
SAME = Merge("Both are the <same> prompt", "C12", "C9")
ELENA_COMMANDS = RoleAccepted(role="ic", person="UELENA")
CLOSED = IncidentClosed(reason=Words("done"))


def _nine(*facts: Fact, **differing: object) -> Incident:
    folded = Incident(9)
    for one in recorded(declared(number=9, **differing), *facts):
        folded = fold(folded, one)
    return folded


def _context(
    other: Incident | None,
    actor: str = "UMARA",
    here: Sequence[Fact] = (),
    there: Sequence[Fact] = (),
) -> Context:
    usual = context(*(here or HERE), actor=actor)
    return replace(usual, other=other, other_states=states(*there))


def _refusal(other: Incident | None, request: Merge = SAME, *facts: Fact) -> Refused:
    with pytest.raises(Refused) as refused:
        rules.merge(incident(*(facts or HERE)), request, _context(other))
    return refused.value


def test_each_gets_a_link_to_the_other_and_the_people_are_let_in_there() -> None:
    other = _nine(PersonCame(person="UNOOR"))
    outcome = rules.merge(incident(*HERE), SAME, _context(other))
    reason = Words("Both are the <same> prompt")
    assert outcome.facts == (IncidentMerged(into=9, channel="C9", reason=reason),)
    assert outcome.messages == ()
    assert outcome.other == Outcome(
        (
            DuplicateTaken(number=12, channel="C12"),
            PersonAdded(person="UIDRIS"),
            PersonAdded(person="UJUN"),
        ),
        tuple(
            Call(
                f"room/9 invite {person} 2026-11-21T03:12:30.123456+00:00",
                "invite",
                {"person": person},
                needs="room/9",
                urgency=PEOPLE,
            )
            for person in ("UIDRIS", "UJUN")
        ),
    )


def test_a_reason_is_wanted_and_not_needed_and_a_room_may_not_be_open_yet() -> None:
    merged = rules.merge(incident(declared()), Merge(" \u202e ", None, None), _context(_nine()))
    assert merged == Outcome((IncidentMerged(into=9),), other=Outcome((DuplicateTaken(number=12),)))
    said = rules.merge(
        incident(declared()), Merge(" Same\u202e prompt ", "C12", "C9"), _context(_nine())
    )
    assert said.facts == (IncidentMerged(into=9, channel="C9", reason=Words("Same prompt")),)


def test_what_it_became_says_where_it_went_and_when() -> None:
    outcome = rules.merge(incident(*HERE), SAME, _context(_nine()))
    after = incident(*HERE, *outcome.facts)
    assert (after.status, after.merged_into, after.ended_at) == ("merged", 9, NOW)
    assert (after.is_over, after.ended_because) == (True, "Both are the <same> prompt")


@pytest.mark.parametrize("other", [None, Incident(9)])
def test_the_other_one_must_be_there(other: Incident | None) -> None:
    assert str(_refusal(other)) == "Say which incident it is the same as: `/incident merge INC-9`."


def test_nothing_is_merged_into_itself() -> None:
    assert str(_refusal(incident(*HERE))) == (
        "An incident cannot be merged into itself. Name the other one."
    )


def test_one_that_is_over_is_merged_neither_way() -> None:
    assert str(_refusal(_nine(), SAME, *HERE, CLOSED)) == ("INC-12 is over. Reopen it to go on.")
    assert str(_refusal(_nine(CLOSED))) == (
        "INC-9 is over. Reopen it, or merge the other way round."
    )
    assert str(_refusal(_nine(IncidentMerged(into=12)))) == (
        "INC-9 is over. Reopen it, or merge the other way round."
    )


def test_one_that_is_resolved_still_takes_a_duplicate_and_is_one() -> None:
    resolved = IncidentResolved(reason=Words("gone"))
    assert rules.merge(incident(*HERE), SAME, _context(_nine(resolved))).facts
    assert rules.merge(incident(*HERE, resolved), SAME, _context(_nine())).facts


def test_only_whoever_commands_the_duplicate_merges_it() -> None:
    facts = (*HERE, RoleAccepted(role="ic", person="UJUN"))
    with pytest.raises(Refused) as refused:
        rules.merge(incident(*facts), SAME, _context(_nine(), actor="UNOOR"))
    assert str(refused.value) == (
        "To merge duplicates is up to the Incident Commander: ask <@UJUN>. Nothing was changed."
    )
    assert refused.value.ask == Ask(12, "UJUN", "merge duplicates")
    assert rules.merge(incident(*facts), SAME, _context(_nine(), actor="UJUN")).facts


@pytest.mark.parametrize(
    ("here", "there", "sentence"),
    [
        (
            declared(is_private=True),
            {},
            "A private and a public incident cannot be merged; one would show the other.",
        ),
        (
            declared(),
            {"is_private": True},
            "A private and a public incident cannot be merged; one would show the other.",
        ),
        (declared(is_test=True), {}, "A test and an incident cannot be merged."),
        (declared(), {"is_test": True}, "A test and an incident cannot be merged."),
    ],
)
def test_only_like_is_merged_with_like(
    here: IncidentDeclared, there: dict[str, object], sentence: str
) -> None:
    assert str(_refusal(_nine(**there), SAME, here)) == sentence


def test_two_private_ones_and_two_tests_are_merged() -> None:
    for alike in ({"is_private": True}, {"is_test": True}):
        outcome = rules.merge(incident(declared(**alike)), SAME, _context(_nine(**alike)))
        assert outcome.other
        assert outcome.other.facts == (DuplicateTaken(number=12, channel="C12"),)


def test_a_reason_can_be_too_long() -> None:
    longest = Merge("x" * 3000, None, None)
    assert rules.merge(incident(*HERE), longest, _context(_nine())).facts
    assert str(_refusal(_nine(), Merge("x" * 3001, None, None))) == (
        "That is 3,001 characters; keep it to 3,000."
    )


def test_open_tasks_go_along_behind_those_the_other_has() -> None:
    due_at = NOW + timedelta(hours=1)
    here = (
        *HERE,
        TaskGiven(number=1, text=Words("Rotate keys"), owner="UJUN", due_at=NOW),
        TaskGiven(number=2, text=Words("Ask the lab"), owner="UELENA"),
        TaskGiven(number=3, text=Words("Call ward 7"), owner="UNOOR"),
        TaskDone(number=3),
        TaskReassigned(number=1, owner="UIDRIS", due_at=due_at),
    )
    there = (TaskGiven(number=1, text=Words("Their own"), owner="UMARA"), TaskDone(number=1))
    outcome = rules.merge(incident(*here), SAME, _context(_nine(), here=here, there=there))
    [merged] = outcome.facts
    assert isinstance(merged, IncidentMerged)
    assert merged.tasks == (1, 2)
    assert outcome.other
    added = [one.person for one in outcome.other.facts if isinstance(one, PersonAdded)]
    assert "UELENA" in added
    assert outcome.other.facts[-2:] == (
        TaskGiven(number=2, text=Words("Rotate keys"), owner="UIDRIS", due_at=due_at, origin=12),
        TaskGiven(number=3, text=Words("Ask the lab"), owner="UELENA", origin=12),
    )


@pytest.mark.parametrize(
    ("is_private", "there", "owner", "newcomers"),
    [
        (False, (), "UJUN", ["UJUN"]),
        (True, (), "UMARA", []),
        (True, (ELENA_COMMANDS,), "UELENA", []),
        (True, (ELENA_COMMANDS, PersonLeft(person="UELENA")), "UMARA", []),
        (True, (PersonCame(person="UJUN"),), "UJUN", []),
    ],
)
def test_who_left_a_private_room_is_let_into_no_other_and_their_tasks_are_taken_on(
    is_private: bool, there: tuple[Fact, ...], owner: str, newcomers: list[str]
) -> None:
    here = (
        declared(is_private=is_private),
        PersonCame(person="UJUN"),
        TaskGiven(number=1, text=Words("Rotate keys"), owner="UJUN"),
        PersonLeft(person="UJUN"),
    )
    other = _nine(*there, is_private=is_private)
    outcome = rules.merge(incident(*here), SAME, _context(other, here=here)).other
    assert outcome
    assert [one.owner for one in outcome.facts if isinstance(one, TaskGiven)] == [owner]
    assert [one.person for one in outcome.facts if isinstance(one, PersonAdded)] == newcomers
    invited = [one.arguments["person"] for one in outcome.messages if isinstance(one, Call)]
    assert invited == newcomers


def test_who_followed_one_follows_the_other() -> None:
    fay, noor = FollowStarted(person="UFAY"), FollowStarted(person="UNOOR")
    here = (declared(), fay, noor)
    outcome = rules.merge(incident(*here), SAME, _context(_nine(noor), here=here)).other
    assert outcome
    assert [one for one in outcome.facts if isinstance(one, FollowStarted)] == [fay]


def test_what_went_along_once_does_not_go_along_again() -> None:
    task = TaskGiven(number=1, text=Words("Rotate keys"), owner="UJUN")
    here = (*HERE, task, IncidentMerged(into=8, tasks=(1,)), IncidentReopened())
    [merged] = rules.merge(incident(*here), SAME, _context(_nine(), here=here)).facts
    assert isinstance(merged, IncidentMerged)
    assert merged.tasks == ()
