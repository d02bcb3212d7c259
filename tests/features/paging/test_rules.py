"""Who may call whom, and what does an answer change?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed
from bot.core.facts.people import CallAnswered, PersonCalled
from bot.core.facts.roles import RoleAccepted, RoleOffered
from bot.core.messages import Call, Send
from bot.core.outcome import Context, Person, Refused
from bot.features.paging import rules
from bot.features.paging.rules import Answer, Page
from runbooks.model import Route
from tests.features.values import POLICY, context, declared, incident

OPEN: tuple[Fact, ...] = (declared(),)
CALLED = PersonCalled(
    call=1,
    about="a call",
    person="UELENA",
    via="direct message",
    target="person UELENA",
    text=Words("Come"),
)
RUNG = PersonCalled(call=1, about="severity SEV1", role="technical", via="pagerduty",
                    target="role technical")  # fmt: skip
PAGER = Route(role="technical", adapter="pagerduty", routing_key_env="PD_KEY")
PAGED = POLICY.model_copy(update={"paging": POLICY.paging.model_copy(update={"routes": (PAGER,)})})


def _paged(known: Context) -> Context:
    return replace(known, policy=PAGED)


def test_a_person_is_called_with_the_words_that_were_typed() -> None:
    outcome = rules.page(incident(*OPEN), Page("UELENA", None, " Come\u202e "), context(*OPEN))
    assert outcome.facts == (CALLED,)
    (call,) = outcome.messages
    assert isinstance(call, Call)
    assert (call.effect, call.arguments) == ("invite", {"person": "UELENA"})


def test_without_words_they_read_that_they_are_needed() -> None:
    (fact,) = rules.page(incident(*OPEN), Page("UELENA", None, ""), context(*OPEN)).facts
    assert isinstance(fact, PersonCalled)
    assert fact.text == "You are needed in the room."


def test_a_role_is_called_by_any_of_its_names() -> None:
    facts = (*OPEN, RoleAccepted(role="legal", person="UELENA"))
    (fact,) = rules.page(incident(*facts), Page(None, "COUNSEL", ""), context(*facts)).facts
    assert isinstance(fact, PersonCalled)
    assert (fact.role, fact.person, fact.via) == ("legal", "UELENA", "direct message")
    assert fact.about == "a call at 03:12:30 UTC"


def test_a_role_with_a_pager_is_called_though_nobody_is_known_by_name() -> None:
    outcome = rules.page(incident(*OPEN), Page(None, "technical", ""), _paged(context(*OPEN)))
    assert [one.body["action"] for one in outcome.messages if isinstance(one, Send)] == ["trigger"]


def test_a_role_is_called_again_later_as_a_call_of_its_own() -> None:
    facts = (*OPEN, RoleAccepted(role="legal", person="UELENA"))
    first = rules.page(incident(*facts), Page(None, "legal", ""), context(*facts)).facts
    later = context(*facts, *first, later=timedelta(minutes=5))
    (again,) = rules.page(incident(*facts, *first), Page(None, "legal", ""), later).facts
    assert isinstance(again, PersonCalled)
    assert again.call == 2


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (
            Page(None, None, ""),
            "Say whom: `/incident page @someone`, or a role such as `/incident page legal`.",
        ),
        (Page("UELENA", None, "x" * 10_000), "That is 10,000 characters; keep a call to 1,000."),
        (Page("UMARA", None, ""), "You are here already. Call somebody else."),
        (
            Page(None, "legal", ""),
            "The policy names nobody for Legal. Name a person: `/incident page @someone`.",
        ),
        (
            Page(None, "astrologer", ""),
            "There is no role astrologer. Use one of: IC, Scribe, Tech lead, Comms, Legal, DPO, "
            "Safety, Model, Product, Sponsor, Security, Risk.",
        ),
    ],
)
def test_a_call_that_reaches_nobody_is_refused(request_: Page, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.page(incident(*OPEN), request_, context(*OPEN))
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        (Person("UX", is_known=False), "Slack knows no such person. Name somebody else."),
        (Person("UX", is_bot=True), "An app cannot be called; name a person."),
        (Person("UX", has_left=True), "<@UX> has left the workspace. Name somebody else."),
    ],
)
def test_only_people_who_are_there_are_called(person: Person, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.page(incident(*OPEN), Page("UX", None, ""), context(*OPEN, person=person))
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("minutes", "answered", "sentence"),
    [
        (0, False, "They were called just now and have not answered yet."),
        (4, False, "They were called 4 min ago and have not answered yet."),
        (4, True, "They were called 4 min ago and have answered."),
    ],
)
def test_nobody_is_called_again_within_five_minutes(
    minutes: int, answered: bool, sentence: str
) -> None:
    facts = (*OPEN, CALLED, *((CallAnswered(call=1, by="UELENA"),) if answered else ()))
    soon = context(*facts, later=timedelta(minutes=minutes))
    with pytest.raises(Refused) as refused:
        rules.page(incident(*facts), Page("UELENA", None, ""), soon)
    assert str(refused.value) == f"{sentence} Wait a little, or call somebody else."
    later = context(*facts, later=timedelta(minutes=5))
    assert rules.page(incident(*facts), Page("UELENA", None, ""), later).facts


def test_nobody_is_called_once_it_is_over() -> None:
    over = (*OPEN, IncidentClosed(reason=Words("done")))
    with pytest.raises(Refused, match=r"^INC-12 is over\. Reopen it to go on\.$"):
        rules.page(incident(*over), Page("UELENA", None, ""), context(*over))


def test_a_test_records_who_it_would_have_called_and_calls_nobody() -> None:
    test = (declared(is_test=True),)
    for request in (Page("UELENA", None, ""), Page(None, "technical", "")):
        outcome = rules.page(incident(*test), request, _paged(context(*test)))
        assert [getattr(one, "via", None) for one in outcome.facts] == ["nobody"]
        assert outcome.messages == ()


def test_whoever_was_called_answers() -> None:
    facts = (*OPEN, CALLED)
    outcome = rules.answer(incident(*facts), Answer(1, None), context(*facts, actor="UELENA"))
    assert outcome.facts == (CallAnswered(call=1, by="UELENA"),)
    assert outcome.messages == ()


@pytest.mark.parametrize(
    ("call", "actor", "answered", "sentence"),
    [
        (7, "UELENA", False, "There is no such call."),
        (1, "UKOFI", False, "This call is for <@UELENA>."),
        (1, "UELENA", True, "This call is answered already."),
    ],
)
def test_an_answer_that_is_none_is_refused(
    call: int, actor: str, answered: bool, sentence: str
) -> None:
    facts = (*OPEN, CALLED, *((CallAnswered(call=1, by="UELENA"),) if answered else ()))
    with pytest.raises(Refused) as refused:
        rules.answer(incident(*facts), Answer(call, None), context(*facts, actor=actor))
    assert str(refused.value) == sentence


def test_a_pager_that_does_not_say_who_answered_is_not_put_words_in_its_mouth() -> None:
    facts = (*OPEN, RUNG)
    silent = rules.answer(incident(*facts), Answer(1, None), context(*facts, actor="warroom"))
    assert silent.facts == (CallAnswered(call=1, by=None),)
    said = rules.answer(
        incident(*facts), Answer(1, "UJUN", is_resolved=True), context(*facts, actor="warroom")
    )
    assert said.facts == (CallAnswered(call=1, by="UJUN", is_resolved=True),)


def test_an_answer_given_here_tells_the_pager_to_stop_and_its_own_answer_does_not() -> None:
    facts = (*OPEN, RUNG)
    here = rules.answer(incident(*facts), Answer(1, None), _paged(context(*facts, actor="UJUN")))
    assert here.messages == (
        Send(
            "incident/12 call 1 acknowledge",
            {
                "via": "pagerduty",
                "routing_key_env": "PD_KEY",
                "action": "acknowledge",
                "dedup_key": "INC-12/call/1",
            },
        ),
    )
    there = rules.answer(
        incident(*facts), Answer(1, "UJUN"), _paged(context(*facts, actor="warroom"))
    )
    assert there.messages == ()


def test_a_role_known_by_name_is_offered_in_the_same_breath() -> None:
    facts = (*OPEN, RoleOffered(role="legal", person="UELENA"))
    (fact,) = rules.page(incident(*facts), Page(None, "legal", ""), context(*facts)).facts
    assert isinstance(fact, PersonCalled)
    assert not fact.is_offer  # it is offered already
