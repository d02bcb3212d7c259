"""Whom may one ask, and how often?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.facts import Fact
from bot.core.facts.roles import HolderAsked, RoleAccepted
from bot.core.messages import Post
from bot.core.outcome import Refused
from bot.features.rights import rules
from bot.features.rights.rules import Favour
from bot.features.rights.state import Favours
from tests.features.values import NOW, context, declared, incident, states, told

RESOLVE = "resolve the incident"
REQUEST = Favour("UIDRIS", RESOLVE)
ASKED = HolderAsked(holder="UIDRIS", what=RESOLVE)
OPEN: tuple[Fact, ...] = (declared(), RoleAccepted(role="ic", person="UIDRIS"))


def test_whoever_has_the_right_is_asked_once_and_it_is_recorded() -> None:
    outcome = rules.ask_holder(incident(*OPEN), REQUEST, context(*OPEN, actor="UKOFI"))
    assert outcome.facts == (ASKED,)
    (post,) = outcome.messages
    assert isinstance(post, Post)
    assert (post.name, post.to) == ("incident/12 favour 3", "person/UIDRIS")


@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=9, seconds=59)])
def test_the_same_is_not_asked_again_within_ten_minutes(later: timedelta) -> None:
    facts = (*OPEN, ASKED)
    with pytest.raises(Refused) as refused:
        rules.ask_holder(incident(*facts), REQUEST, context(*facts, later=later))
    assert str(refused.value) == "You asked <@UIDRIS> already, a moment ago."
    assert (refused.value.field, refused.value.ask) == (None, None)


def test_after_ten_minutes_they_are_asked_again_in_a_message_of_its_own() -> None:
    facts = (*OPEN, ASKED)
    later = context(*facts, later=timedelta(minutes=10))
    outcome = rules.ask_holder(incident(*facts), REQUEST, later)
    assert outcome.facts == (ASKED,)
    assert [getattr(one, "name", None) for one in outcome.messages] == ["incident/12 favour 4"]


@pytest.mark.parametrize(
    ("actor", "request_"),
    [
        ("UKOFI", REQUEST),
        ("UMARA", Favour("UELENA", RESOLVE)),
        ("UMARA", Favour("UIDRIS", "close the incident")),
    ],
)
def test_another_person_another_holder_and_another_thing_are_asked_at_once(
    actor: str, request_: Favour
) -> None:
    facts = (*OPEN, ASKED)
    outcome = rules.ask_holder(incident(*facts), request_, context(*facts, actor=actor))
    assert outcome.facts == (HolderAsked(holder=request_.holder, what=request_.what),)


def test_who_asked_twice_is_known_by_the_last_time() -> None:
    asked = told((0, "UMARA", declared()), (1, "UKOFI", ASKED), (14, "UKOFI", ASKED))
    favours = asked.states.of(Favours)
    assert favours.asked_at("UKOFI", "UIDRIS", RESOLVE) == NOW + timedelta(minutes=14)
    assert favours.asked_at("UJUN", "UIDRIS", RESOLVE) is None


def test_what_is_no_favour_counts_as_none() -> None:
    assert states(*OPEN).of(Favours) == Favours()
