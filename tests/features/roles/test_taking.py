"""Who gets a role that somebody holds, and what is kept of it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import ids
from bot.core.deadlines import Alarm
from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed, IncidentReopened
from bot.core.facts.people import PersonAdded, PersonLeft
from bot.core.facts.roles import RoleAccepted, RoleOffered, TakeoverAsked, TakeoverRefused
from bot.core.messages import Call, Message, Post
from bot.core.outcome import Person, Refused
from bot.features.roles import rules
from bot.features.roles.rules import Assign
from bot.features.takeover import rules as takeover
from tests.features.values import NOW, as_shown, context, declared, incident

BY_IDRIS: tuple[Fact, ...] = (
    declared(),
    PersonAdded(person="UJUN"),
    RoleAccepted(role="ic", person="UIDRIS"),
)
ASKED = TakeoverAsked(
    role="ic",
    holder="UIDRIS",
    applies_at=NOW + timedelta(minutes=5),
    reason=Words("Idris debugs"),
)
GONE = PersonLeft(person="UIDRIS")
RING = Alarm(NOW, "takeover", "ic")


def _told(messages: tuple[Message, ...]) -> list[str]:
    return [one.to for one in messages if isinstance(one, Post)]


def test_who_accepts_a_role_after_they_left_is_let_in_again() -> None:
    offered = (*BY_IDRIS, RoleOffered(role="scribe", person="UJUN"))
    seq = incident(*offered).last_seq
    for facts, invited in ((offered, []), ((*offered, PersonLeft(person="UJUN")), ["UJUN"])):
        answer = rules.Answer("scribe", seq)
        outcome = rules.accept(incident(*facts), answer, context(*facts, actor="UJUN"))
        assert outcome.facts == (RoleAccepted(role="scribe", person="UJUN"),)
        calls = [one for one in outcome.messages if isinstance(one, Call)]
        assert [one.arguments["person"] for one in calls if one.effect == "invite"] == invited


def test_why_the_command_was_taken_at_once_is_on_record() -> None:
    outcome = rules.take(incident(*BY_IDRIS), "ic because he debugs", context(*BY_IDRIS))
    taken = RoleAccepted(role="ic", person="UMARA", reason=Words("he debugs"))
    assert outcome.facts == (taken,)
    assert _told(outcome.messages) == ["person/UIDRIS"]


def test_the_declarer_without_a_reason_asks_like_everybody_else() -> None:
    outcome = rules.take(incident(*BY_IDRIS), "ic", context(*BY_IDRIS))
    assert [type(fact) for fact in outcome.facts] == [TakeoverAsked]


def test_a_sponsor_who_has_left_the_room_leaves_it_to_the_declarer() -> None:
    facts = (*BY_IDRIS, RoleAccepted(role="sponsor", person="USAM"))
    asked = rules.take(incident(*facts), "ic because he debugs", context(*facts))
    assert [type(fact) for fact in asked.facts] == [TakeoverAsked]
    facts = (*facts, PersonLeft(person="USAM"))
    taken = rules.take(incident(*facts), "ic because he debugs", context(*facts))
    assert [type(fact) for fact in taken.facts] == [RoleAccepted]


def test_whoever_has_left_the_workspace_is_neither_asked_nor_written_to() -> None:
    left = Person("UIDRIS", has_left=True)
    outcome = rules.take(incident(*BY_IDRIS), "ic", context(*BY_IDRIS, actor="UJUN", person=left))
    assert outcome.facts == (RoleAccepted(role="ic", person="UJUN"),)
    assert _told(outcome.messages) == []


def test_a_role_whose_holder_has_left_can_be_given_to_somebody_else() -> None:
    request = Assign("ic", "UELENA")
    with pytest.raises(Refused, match="ask them to hand it over"):
        rules.assign(incident(*BY_IDRIS), request, context(*BY_IDRIS, actor="UJUN"))
    facts = (*BY_IDRIS, GONE)
    outcome = rules.assign(incident(*facts), request, context(*facts, actor="UJUN"))
    assert outcome.facts == (RoleOffered(role="ic", person="UELENA"),)


def test_unanswered_it_goes_over_and_says_why() -> None:
    facts = (*BY_IDRIS, ASKED)
    outcome = takeover.apply(incident(*facts), RING, context(*facts, actor=ids.BOT))
    taken = RoleAccepted(role="ic", person="UMARA", reason=Words("Idris debugs"))
    assert outcome.facts == (taken,)


def test_whoever_asked_and_left_meanwhile_gets_nothing() -> None:
    facts = (*BY_IDRIS, ASKED, PersonLeft(person="UMARA"))
    outcome = takeover.apply(incident(*facts), RING, context(*facts, actor=ids.BOT))
    assert outcome.facts == (TakeoverRefused(role="ic", person="UMARA"),)
    assert outcome.messages == ()
    assert not incident(*facts, *outcome.facts).takeovers


def test_a_question_nobody_answered_before_the_end_is_not_answered_by_a_reopening() -> None:
    closed = (*BY_IDRIS, ASKED, IncidentClosed(reason=Words("done")))
    reopened = (*closed, IncidentReopened())
    assert incident(*reopened).takeovers == {}
    assert incident(*reopened).ic == "UIDRIS"
    answering = replace(context(*reopened), actor="UIDRIS")
    with pytest.raises(Refused, match="It is settled"):
        takeover.agree(incident(*reopened), "ic", answering)
    assert as_shown(*reopened).incident.holders["ic"].person == "UIDRIS"
