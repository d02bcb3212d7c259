"""Who comes and goes, how is the incident called, and when does its room close?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import ids
from bot.core.deadlines import Alarm
from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed, IncidentReopened, IncidentResolved
from bot.core.facts.people import FollowStarted, PersonAdded, PersonCame, PersonLeft
from bot.core.facts.roles import RoleAccepted, RoleOffered
from bot.core.facts.status import (
    IdleAsked,
    MadePrivate,
    RoomArchived,
    SideRoomOpened,
    TitleChanged,
)
from bot.core.messages import PEOPLE, Call
from bot.core.outcome import Ask, Context, Outcome, Person, Refused, Rule
from bot.features.rooms import blocks, rules
from bot.features.rooms.rules import Moved, SideRoom
from tests.features.values import NOW, TITLE, context, declared, incident

OPEN: tuple[Fact, ...] = (declared(), PersonCame(person="UJUN"))
CLOSED: tuple[Fact, ...] = (*OPEN, IncidentClosed(reason=Words("done")))
LED: tuple[Fact, ...] = (*OPEN, RoleAccepted(role="ic", person="UIDRIS"))
OVER = "INC-12 is over. Reopen it to go on."


def _refusal(rule: Rule, request: object, *facts: Fact, knowing: Context | None = None) -> Refused:
    with pytest.raises(Refused) as refused:
        rule(incident(*facts), request, knowing or context(*facts))
    return refused.value


@pytest.mark.parametrize(
    ("moved", "facts"),
    [
        (Moved("UNOOR", "room/12", True), (PersonCame(person="UNOOR"),)),
        (
            Moved("UNOOR", "room/12", True, "UJUN"),
            (PersonCame(person="UNOOR", invited_by="UJUN"),),
        ),
        (Moved("UJUN", "room/12", False), (PersonLeft(person="UJUN"),)),
        (Moved("UJUN", "room/12", True), ()),
        (Moved("UNOOR", "room/12", False), ()),
        (Moved("UNOOR", "side/12/legal", True), ()),
        (Moved("UJUN", "side/12/legal", False), ()),
    ],
)
def test_who_comes_and_who_leaves_is_recorded_once(moved: Moved, facts: tuple[Fact, ...]) -> None:
    assert rules.note_member(incident(*OPEN), moved, context(*OPEN)) == Outcome(facts)


def test_who_walks_into_the_public_room_of_what_went_private_is_let_into_nothing() -> None:
    private = (*OPEN, MadePrivate())
    old = Moved("UNOOR", "room/12", True)
    assert rules.note_member(incident(*private), old, context(*private)) == Outcome()
    new = Moved("UNOOR", "room/12/private", True)
    assert rules.note_member(incident(*private), new, context(*private)).facts == (
        PersonCame(person="UNOOR"),
    )


def test_people_are_let_in_by_name_and_who_is_there_is_only_invited_again() -> None:
    outcome = rules.add(incident(*OPEN), ("UNOOR", "UJUN"), context(*OPEN))
    assert outcome.facts == (PersonAdded(person="UNOOR"),)
    assert outcome.messages == tuple(
        Call(
            f"room/12 invite {person} 2026-11-21T03:12:30.123456+00:00",
            "invite",
            {"person": person},
            needs="room/12",
            urgency=PEOPLE,
        )
        for person in ("UNOOR", "UJUN")
    )


def test_a_guest_may_be_let_in_and_in_private_it_is_the_private_room() -> None:
    private = (*OPEN, MadePrivate())
    guest = context(*private, person=Person("UKOFI", is_guest=True))
    outcome = rules.add(incident(*private), ("UKOFI",), guest)
    assert outcome.facts == (PersonAdded(person="UKOFI"),)
    assert [one.needs for one in outcome.messages if isinstance(one, Call)] == ["room/12/private"]


def test_nobody_and_who_is_in_already_are_not_let_in() -> None:
    assert str(_refusal(rules.add, (), *OPEN)) == "Say whom: `/incident add @someone`."
    assert str(_refusal(rules.add, ("UJUN",), *OPEN)) == "They are in the room already."
    assert str(_refusal(rules.add, ("UNOOR",), *CLOSED)) == OVER


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        (Person("UX", is_known=False), "Slack knows no such person. Name somebody else."),
        (Person("UX", is_bot=True), "An app cannot be let in; name a person."),
        (Person("UX", has_left=True), "<@UX> has left the workspace. Name somebody else."),
    ],
)
def test_only_a_person_who_is_there_is_let_in_anywhere(person: Person, sentence: str) -> None:
    knowing = context(*OPEN, person=person)
    assert str(_refusal(rules.add, ("UNOOR", "UX"), *OPEN, knowing=knowing)) == sentence
    side = SideRoom("legal", ("UNOOR", "UX"))
    assert str(_refusal(rules.open_side_room, side, *OPEN, knowing=knowing)) == sentence


def test_a_new_title_stands_on_one_line() -> None:
    outcome = rules.retitle(incident(*OPEN), " Adult\u202e\n doses  ", context(*OPEN))
    assert outcome == Outcome((TitleChanged(title=Words("Adult doses")),))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (" \u202e\n", "Say the new title: `/incident title Chatbot gives unsafe dosage advice`."),
        ("x" * 151, "The title has 151 characters; keep it to 150."),
        ("x" * 10_000, "The title has 10,000 characters; keep it to 150."),
        (f" {TITLE} ", "That is its title already."),
    ],
)
def test_what_is_no_new_title_is_told_why(words: str, sentence: str) -> None:
    assert str(_refusal(rules.retitle, words, *OPEN)) == sentence


def test_a_title_may_be_as_long_as_a_headline_and_stays_once_it_is_over() -> None:
    assert rules.retitle(incident(*OPEN), "x" * 150, context(*OPEN)).facts
    assert str(_refusal(rules.retitle, "Adult doses", *CLOSED)) == OVER


def test_in_private_go_on_those_who_work_on_it_and_nobody_follows() -> None:
    facts = (
        *LED,
        RoleAccepted(role="legal", person="UELENA"),
        RoleOffered(role="comms", person="USAM"),
        PersonCame(person="UNOOR"),
        FollowStarted(person="UNOOR"),
    )
    knowing = context(*facts, actor="UELENA")
    outcome = rules.make_private(incident(*facts), " a patient\u202e is named ", knowing)
    assert outcome.facts == (MadePrivate(reason=Words("a patient is named")),)
    calls = [one for one in outcome.messages if isinstance(one, Call)]
    invited = [(one.arguments["person"], one.needs) for one in calls if one.effect == "invite"]
    assert invited == [(who, "room/12/private") for who in ("UELENA", "UIDRIS", "USAM")]


def test_a_reason_for_going_private_is_wanted_and_not_needed() -> None:
    outcome = rules.make_private(incident(*OPEN), "  ", context(*OPEN))
    assert outcome.facts == (MadePrivate(),)


def test_it_goes_private_once_by_those_who_may_and_while_it_goes_on() -> None:
    refused = _refusal(rules.make_private, "", *LED, knowing=context(*LED, actor="UJUN"))
    assert str(refused) == (
        "To make the incident private is up to the Incident Commander: ask <@UIDRIS>. "
        "Nothing was changed."
    )
    assert refused.ask == Ask(12, "UIDRIS", "make the incident private")
    private = declared(is_private=True)
    assert str(_refusal(rules.make_private, "", private)) == "INC-12 is private already."
    assert str(_refusal(rules.make_private, "", *CLOSED)) == OVER
    assert str(_refusal(rules.make_private, "x" * 3001, *OPEN)) == (
        "That is 3,001 characters; keep it to 3,000."
    )


def test_a_side_room_is_for_whoever_opens_it_and_those_they_name() -> None:
    request = SideRoom(" Legal\u202e  Hold ", ("UELENA", "UMARA", "UELENA"))
    outcome = rules.open_side_room(incident(*OPEN), request, context(*OPEN))
    room, people = "side/12/legal-hold", ("UMARA", "UELENA")
    assert outcome.facts == (SideRoomOpened(room=room, people=people),)
    assert outcome.messages == blocks.side_room(incident(*OPEN), room, people)
    assert incident(*OPEN, *outcome.facts).people == {"UMARA", "UJUN"}


@pytest.mark.parametrize("name", ["", "\u202e", "--", "recht_hilfe", "jurídico", "x" * 21, "a/b"])
def test_a_side_room_has_a_short_plain_name(name: str) -> None:
    assert str(_refusal(rules.open_side_room, SideRoom(name, ()), *OPEN)) == (
        "Give the side room a short name of letters: `/incident sideroom legal @someone`."
    )


def test_a_side_room_is_opened_once_by_those_who_may_and_while_it_goes_on() -> None:
    legal = SideRoom("legal", ())
    opened = (*OPEN, SideRoomOpened(room="side/12/legal", people=("UMARA",)))
    assert str(_refusal(rules.open_side_room, legal, *opened)) == (
        "There is a side room legal already."
    )
    assert rules.open_side_room(incident(*opened), SideRoom("hr", ()), context(*opened)).facts
    refused = _refusal(rules.open_side_room, legal, *LED, knowing=context(*LED, actor="UJUN"))
    assert str(refused) == (
        "To open a side room is up to the Incident Commander: ask <@UIDRIS>. Nothing was changed."
    )
    assert refused.ask == Ask(12, "UIDRIS", "open a side room")
    assert str(_refusal(rules.open_side_room, legal, *CLOSED)) == OVER


def test_the_bell_asks_about_a_quiet_room_and_closes_an_old_one() -> None:
    by_itself = replace(context(*LED), actor=ids.BOT)
    asked = rules.ask_idle(incident(*LED), Alarm(NOW, "idle"), by_itself)
    assert asked == Outcome((IdleAsked(),), (blocks.idle(incident(*LED)),))
    closed = rules.archive(incident(*CLOSED), Alarm(NOW, "archive"), by_itself)
    assert closed == Outcome((RoomArchived(),), (blocks.archived(incident(*CLOSED)),))


def test_whoever_commanded_closes_the_room_before_its_time() -> None:
    soon = context(*CLOSED, later=timedelta(minutes=5))
    outcome = rules.archive_now(incident(*CLOSED), None, soon)
    assert outcome == Outcome((RoomArchived(),), (blocks.archived(incident(*CLOSED)),))
    private = (*OPEN, MadePrivate(), IncidentClosed(reason=Words("done")))
    outcome = rules.archive_now(incident(*private), None, context(*private))
    assert outcome.messages == (blocks.archived(incident(*private)),)


def test_a_room_that_was_reopened_is_closed_again() -> None:
    closed = IncidentClosed(reason=Words("done again"))
    again = (*CLOSED, RoomArchived(), IncidentReopened(), closed)
    [first], [second] = (
        rules.archive_now(incident(*facts), None, context(*facts)).messages
        for facts in (CLOSED, again)
    )
    assert isinstance(first, Call)
    assert isinstance(second, Call)
    assert first.name != second.name


def test_a_room_is_not_closed_before_the_end_nor_twice_nor_by_anybody() -> None:
    assert str(_refusal(rules.archive_now, None, *OPEN)) == "INC-12 is not over. Close it first."
    resolved = (*OPEN, IncidentResolved(reason=Words("gone")))
    assert str(_refusal(rules.archive_now, None, *resolved)) == (
        "INC-12 is not over. Close it first."
    )
    gone = (*CLOSED, RoomArchived())
    assert str(_refusal(rules.archive_now, None, *gone)) == "Its room is archived already."
    refused = _refusal(rules.archive_now, None, *CLOSED, knowing=context(*CLOSED, actor="UJUN"))
    assert str(refused) == (
        "To archive the room is up to the Incident Commander: ask <@UMARA>. Nothing was changed."
    )
    assert refused.ask == Ask(12, "UMARA", "archive the room")
