"""Who is called once it was looked up who stands for a role, and who may be called again?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.deadlines import SOUGHT, Alarm
from bot.core.facts import Fact, Words
from bot.core.facts.people import PersonCalled, PersonInformed, RoleSought
from bot.core.facts.roles import RoleAccepted, RoleDeclined, RoleOffered
from bot.core.messages import Call
from bot.core.outcome import Context, Outcome, Refused
from bot.features.paging import rules
from bot.features.paging.rules import Page
from runbooks.roles import ComesFrom
from tests.features.values import NOW, POLICY, context, declared, incident

ABOUT = "severity SEV1"
RINGS = Alarm(NOW, SOUGHT, "legal")
WANTED = RoleSought(role="legal", about=ABOUT)
SCHEDULED = POLICY.model_copy(
    update={
        "roles": POLICY.roles.model_copy(
            update={
                "roles": tuple(
                    role.model_copy(update={"comes_from": ComesFrom(schedule="PABC123")})
                    if role.id == "legal"
                    else role
                    for role in POLICY.roles.roles
                )
            }
        )
    }
)
OFFER = RoleOffered(role="legal", person="UELENA")
OFFERED = PersonCalled(
    call=1,
    about=ABOUT,
    role="legal",
    person="UELENA",
    via="direct message",
    target="role legal",
    is_offer=True,
)


def _found(*people: str, facts: tuple[Fact, ...] = (WANTED,)) -> Outcome:
    begun = (declared(), *facts)
    known = replace(context(*begun), found={"legal": people})
    return rules.found(incident(*begun), RINGS, known)


def _scheduled(*facts: Fact) -> Context:
    return replace(context(*facts), policy=SCHEDULED)


def test_the_first_who_stands_for_the_role_is_offered_it_called_and_let_in() -> None:
    outcome = _found("UELENA", "UKOFI")
    assert outcome.facts == (OFFER, OFFERED)
    assert [one.arguments for one in outcome.messages if isinstance(one, Call)] == [
        {"person": "UELENA"}
    ]


def test_nobody_found_is_recorded_and_not_looked_up_again() -> None:
    outcome = _found()
    assert outcome.facts == (
        PersonCalled(call=1, about=ABOUT, role="legal", via="nobody", target="role legal"),
    )
    assert outcome.messages == ()
    assert _found("UELENA", facts=(WANTED, *outcome.facts)) == Outcome()


def test_the_words_of_a_call_reach_whoever_is_found_and_offer_nothing() -> None:
    wanted = WANTED.model_copy(update={"text": Words("Ring <b>")})
    (fact,) = _found("UELENA", facts=(wanted,)).facts
    assert isinstance(fact, PersonCalled)
    assert (fact.text, fact.is_offer) == ("Ring <b>", False)


def test_whoever_took_the_role_meanwhile_is_called_in_place_of_who_was_found() -> None:
    taken = RoleAccepted(role="legal", person="USAM")
    (fact,) = _found("UELENA", facts=(WANTED, taken)).facts
    assert isinstance(fact, PersonCalled)
    assert (fact.person, fact.is_offer) == ("USAM", False)


def test_what_a_ladder_looked_up_stays_a_step_of_that_ladder() -> None:
    wanted = WANTED.model_copy(update={"climbed_for": "update"})
    climbed = [getattr(one, "climbed_for", None) for one in _found("UELENA", facts=(wanted,)).facts]
    assert climbed == [None, "update"]


@pytest.mark.parametrize("people", [("UELENA",), ()])
def test_whoever_is_only_to_be_informed_is_not_called(people: tuple[str, ...]) -> None:
    wanted = WANTED.model_copy(update={"is_informed": True})
    outcome = _found(*people, facts=(wanted,))
    person = next(iter(people), None)
    assert outcome == Outcome((PersonInformed(role="legal", about=ABOUT, person=person),))


def test_a_role_of_a_schedule_is_looked_up_with_the_words_before_anybody_is_called() -> None:
    begun = (declared(),)
    outcome = rules.page(
        incident(*begun), Page(None, "legal", " Ring <b>\u202e "), _scheduled(*begun)
    )
    assert outcome == Outcome(
        (RoleSought(role="legal", about="a call at 03:12:30 UTC", text=Words("Ring <b>")),)
    )


def test_the_words_of_a_call_reach_whoever_holds_the_role() -> None:
    facts = (declared(), RoleAccepted(role="legal", person="UELENA"))
    (fact,) = rules.page(incident(*facts), Page(None, "legal", "Ring <b>"), context(*facts)).facts
    assert isinstance(fact, PersonCalled)
    assert (fact.person, fact.text) == ("UELENA", "Ring <b>")


def test_a_role_that_was_declined_is_called_again_at_once_and_no_other_is() -> None:
    waiting = (declared(), OFFER, OFFERED)
    with pytest.raises(Refused) as refused:
        rules.page(incident(*waiting), Page(None, "legal", ""), _scheduled(*waiting))
    assert str(refused.value) == (
        "They were called just now and have not answered yet. Wait a little, or call somebody else."
    )
    accepted = (*waiting, RoleAccepted(role="legal", person="UELENA"))
    with pytest.raises(Refused, match=r"^They were called just now and have answered\. Wait "):
        rules.page(incident(*accepted), Page(None, "legal", ""), _scheduled(*accepted))
    declined = (*waiting, RoleDeclined(role="legal", person="UELENA"))
    outcome = rules.page(incident(*declined), Page(None, "legal", ""), _scheduled(*declined))
    assert [type(one) for one in outcome.facts] == [RoleSought]


def test_a_call_that_reached_nobody_does_not_keep_from_calling() -> None:
    missed = OFFERED.model_copy(update={"via": "nobody", "person": None, "is_offer": False})
    facts = (declared(), missed)
    assert rules.page(incident(*facts), Page(None, "legal", ""), _scheduled(*facts)).facts
