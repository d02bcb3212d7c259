"""What is put right in a room, and what is left as people want it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core import ids
from bot.core.deadlines import Alarm
from bot.core.facts import ERASED, Fact, Words
from bot.core.facts.incidents import DeliveryFailed, IncidentClosed
from bot.core.facts.people import PersonCame, PersonLeft
from bot.core.facts.roles import RoleAccepted
from bot.core.facts.rooms import (
    Part,
    ReturnAsked,
    RoomDrifted,
    RoomLost,
    RoomRecovered,
    RoomRenamed,
    RoomRepaired,
)
from bot.core.facts.status import MadePrivate
from bot.core.messages import Call, Keep
from bot.core.outcome import Outcome
from bot.core.sight import Sight
from bot.features.drift import rules
from bot.features.drift.rules import Looked
from tests.features.values import NOW, context, declared, incident

OPEN: tuple[Fact, ...] = (declared(),)
NAME = "inc-12-chatbot-gives-unsafe-dosage-advice"
FINE = Sight(
    is_inside=True,
    name=NAME,
    has_summary=True,
    is_pinned=True,
    has_our_topic=True,
    bookmark_id="Bk1",
    members=frozenset({"UMARA", "UBOT"}),
)
ARCHIVED = Sight(is_inside=True, is_archived=True)
OUTSIDE = Sight(is_inside=False)


def mended(facts: tuple[Fact, ...], sight: Sight = FINE, hours: float = 0, **seen: Any) -> Outcome:
    """What comes of looking at the room after these facts, so many hours later."""
    before = incident(*facts)
    looked = Looked(replace(sight, **seen), before.last_seq, "UBOT")
    return rules.mend(before, looked, context(*facts, later=timedelta(hours=hours)))


def test_a_room_as_it_should_be_is_left_alone() -> None:
    assert mended(OPEN) == Outcome()


def test_what_slack_does_not_show_is_not_judged() -> None:
    assert mended(OPEN, Sight(is_inside=True)) == Outcome()


def test_what_was_seen_before_something_else_was_recorded_counts_no_more() -> None:
    after = (*OPEN, PersonCame(person="UJUN"))
    stale = Looked(replace(FINE, is_pinned=False), incident(*OPEN).last_seq, "UBOT")
    assert rules.mend(incident(*after), stale, context(*after)) == Outcome()


@pytest.mark.parametrize("sight", [ARCHIVED, OUTSIDE, replace(FINE, has_summary=False)])
def test_the_room_of_what_is_over_is_nobodys_business(sight: Sight) -> None:
    assert mended((*OPEN, IncidentClosed(reason=Words("done"))), sight) == Outcome()


def test_a_deleted_summary_is_owed_in_a_new_slot_with_its_pin_and_its_bookmark() -> None:
    outcome = mended(OPEN, has_summary=False, is_pinned=None)
    assert outcome.facts == (RoomRepaired(part="summary"),)
    assert outcome.messages == (
        Call("summary/12/2 pin", "pin", needs="summary/12/2"),
        Call(
            "summary/12/2 bookmark",
            "rebookmark",
            {"title": "Summary", "bookmark_id": "Bk1"},
            needs="summary/12/2",
        ),
    )
    assert incident(*OPEN, *outcome.facts).summary == "summary/12/2"


def test_of_a_deleted_summary_what_people_do_not_want_is_not_put_back() -> None:
    unwanted = (*OPEN, RoomDrifted(part="pin"), RoomDrifted(part="bookmark"))
    assert mended(unwanted, has_summary=False).messages == ()


def test_summaries_are_posted_anew_once_an_hour() -> None:
    once = (*OPEN, RoomRepaired(part="summary"))
    again = RoomDrifted(part="summary")
    assert mended(once, has_summary=False, hours=0.9) == Outcome((again,))
    assert mended((*once, again), has_summary=False, hours=0.9) == Outcome()
    later = mended((*once, again), has_summary=False, hours=1)
    assert later.facts == (RoomRepaired(part="summary"),)
    assert later.messages[0] == Call("summary/12/3 pin", "pin", needs="summary/12/3")


def test_a_pin_is_put_back_unless_it_is_taken_off_again_within_the_hour() -> None:
    first = mended(OPEN, is_pinned=False)
    pin = Call("summary/12 pin 2", "pin", needs="summary/12")
    assert first == Outcome((RoomRepaired(part="pin"),), (pin,))
    once = (*OPEN, *first.facts)
    assert mended(once, is_pinned=False, hours=1).facts == (RoomRepaired(part="pin"),)
    second = mended(once, is_pinned=False, hours=0.9)
    assert second == Outcome((RoomDrifted(part="pin"),))
    assert mended((*once, *second.facts), is_pinned=False, hours=9) == Outcome()


@pytest.mark.parametrize(
    ("part", "seen"), [("pin", {"is_pinned": False}), ("bookmark", {"bookmark_id": ""})]
)
def test_what_slack_refuses_for_good_is_not_tried_again(part: Part, seen: dict[str, Any]) -> None:
    failed = DeliveryFailed(what=f"the {part} of the summary", error="too_many_pins")
    at_once, after_a_try = (*OPEN, failed), (*OPEN, RoomRepaired(part=part), failed)
    for refused in (at_once, after_a_try):
        assert mended(refused, hours=2, **seen) == Outcome()
    other = DeliveryFailed(what="the topic", error="too_long")
    assert mended((*OPEN, other), **seen).facts == (RoomRepaired(part=part),)


@pytest.mark.parametrize(
    ("part", "seen", "owed"),
    [
        ("topic", {"has_our_topic": False}, ()),
        (
            "bookmark",
            {"bookmark_id": ""},
            (Call("summary/12 bookmark 2", "bookmark", {"title": "Summary"}, needs="summary/12"),),
        ),
    ],
)
def test_topic_and_bookmark_are_put_back_once(
    part: Part, seen: dict[str, Any], owed: tuple[Call, ...]
) -> None:
    first = mended(OPEN, **seen)
    assert first == Outcome((RoomRepaired(part=part),), owed)
    once = (*OPEN, *first.facts)
    second = mended(once, hours=48, **seen)
    assert second == Outcome((RoomDrifted(part=part),))
    assert mended((*once, *second.facts), hours=72, **seen) == Outcome()


@pytest.mark.parametrize("name", [NAME, f"{NAME}-2", "inc-12-incident", "inc-12-incident-9"])
def test_names_the_bot_gives_are_not_taken_for_a_persons(name: str) -> None:
    assert mended(OPEN, name=name) == Outcome()


def test_a_persons_name_is_recorded_once() -> None:
    renamed = RoomRenamed(name=Words("doses"))
    assert mended(OPEN, name="doses") == Outcome((renamed,))
    assert mended((*OPEN, renamed), name="doses") == Outcome()
    assert mended((*OPEN, renamed), name="more-doses").facts == (
        RoomRenamed(name=Words("more-doses")),
    )


def test_a_name_that_was_erased_is_not_recorded_again_and_the_neutral_one_is_once() -> None:
    erased = (*OPEN, RoomRenamed(name=ERASED))
    assert mended(erased, name="inc-12-ruth-a-insulin") == Outcome()
    neutral = RoomRenamed(name=Words("inc-12-incident"))
    assert mended(erased, name="inc-12-incident") == Outcome((neutral,))
    assert mended((*erased, neutral), name="inc-12-incident") == Outcome()
    renamed = RoomRenamed(name=Words("doses"))
    assert mended((*erased, neutral), name="doses") == Outcome((renamed,))


def test_after_its_title_was_erased_a_room_has_its_neutral_name() -> None:
    assert mended((declared(title=ERASED),), name="inc-12-incident") == Outcome()


def test_the_private_room_it_goes_on_in_is_a_new_one() -> None:
    moved = (*OPEN, RoomDrifted(part="pin"), RoomRepaired(part="summary"), MadePrivate())
    assert mended(moved, name="inc-12-incident-private") == Outcome()
    assert mended(moved, name="inc-12-incident-private", is_pinned=False) == Outcome(
        (RoomRepaired(part="pin"),),
        (Call("summary/12/private pin 5", "pin", needs="summary/12/private"),),
    )


def test_an_archived_room_is_recorded_and_whoever_commands_is_told() -> None:
    outcome = mended((*OPEN, RoleAccepted(role="ic", person="UIDRIS")), ARCHIVED)
    assert outcome.facts == (RoomLost(why="archived"),)
    assert [one.to for one in outcome.messages if isinstance(one, Keep)] == ["person/UIDRIS"]


def test_of_a_room_the_bot_is_not_in_those_are_told_who_command_and_declared() -> None:
    outcome = mended((*OPEN, RoleAccepted(role="ic", person="UIDRIS")), OUTSIDE)
    assert outcome.facts == (RoomLost(why="bot"),)
    told = [one.to for one in outcome.messages if isinstance(one, Keep)]
    assert told == ["person/UIDRIS", "person/UMARA"]
    assert len(mended(OPEN, OUTSIDE).messages) == 1


@pytest.mark.parametrize(
    ("lost", "sight", "facts"),
    [
        ("archived", ARCHIVED, ()),
        ("bot", OUTSIDE, ()),
        ("archived", FINE, (RoomRecovered(why="archived"),)),
        ("bot", FINE, (RoomRecovered(why="bot"),)),
        ("archived", OUTSIDE, (RoomRecovered(why="archived"), RoomLost(why="bot"))),
        ("bot", ARCHIVED, (RoomRecovered(why="bot"), RoomLost(why="archived"))),
    ],
)
def test_a_lost_room_is_told_once_and_its_recovery_recorded(
    lost: Any, sight: Sight, facts: tuple[Fact, ...]
) -> None:
    people = (PersonLeft(person="UJUN"),)  # of a room that is lost nothing else is judged
    assert mended((*OPEN, RoomLost(why=lost), *people), sight).facts == facts


def test_the_topic_is_shown_once_more_after_a_room_was_lost() -> None:
    recovered = (*OPEN, RoomLost(why="archived"), RoomRecovered(why="archived"))
    assert incident(*recovered).put_back == {"topic": 1}


def test_who_came_and_who_left_without_a_word_of_slacks_is_recorded() -> None:
    before = (*OPEN, PersonCame(person="UJUN"))
    assert mended(before, members=frozenset({"UMARA", "UNOOR", "UBOT"})) == Outcome(
        (PersonLeft(person="UJUN"), PersonCame(person="UNOOR"))
    )


def test_whoever_left_with_a_role_is_asked() -> None:
    gone = (*OPEN, RoleAccepted(role="scribe", person="UJUN"), PersonLeft(person="UJUN"))
    alarm = Alarm(NOW, "return", "UJUN")
    outcome = rules.ask_return(incident(*gone), alarm, context(*gone, actor=ids.BOT))
    assert outcome.facts == (ReturnAsked(person="UJUN"),)
    assert [one.to for one in outcome.messages if isinstance(one, Keep)] == ["person/UJUN"]
