"""Who is called, by which way, and what is told to other systems?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from bot.core import calling, ids, pagers
from bot.core.facts import Fact, Words
from bot.core.facts.people import PersonCalled
from bot.core.facts.roles import RoleAccepted, RoleOffered
from bot.core.facts.status import MadePrivate
from bot.core.messages import PEOPLE, Call, Send
from bot.core.outcome import Context, Outcome
from runbooks.model import Policy, Route
from runbooks.paging import Rota
from runbooks.roles import ComesFrom
from runbooks.span import Span
from tests.features.values import NOW, POLICY, TITLE, context, declared, incident

PAGER = Route(role="technical", adapter="pagerduty", routing_key_env="PD_KEY")
HOOK = Route(role="legal", adapter="webhook", url_env="LEGAL_URL", secret_env="LEGAL_SECRET")
ROTA = Rota(
    id="primary",
    people=("UIDRIS", "UJUN"),
    starts=date(2026, 11, 20),
    at=time(9),
    every=Span.read("P1D"),
)
ABOUT = "severity SEV1"


def policy(*routes: Route, **sources: ComesFrom) -> Policy:
    """The policy, with these routes and the people of these roles from there."""
    roles = tuple(
        one.model_copy(update={"comes_from": sources.get(one.id)}) for one in POLICY.roles.roles
    )
    return POLICY.model_copy(
        update={
            "paging": POLICY.paging.model_copy(update={"routes": routes, "rotas": (ROTA,)}),
            "roles": POLICY.roles.model_copy(update={"roles": roles}),
        }
    )


def by(chosen: Policy, *facts: Fact) -> Context:
    """The context under another policy."""
    return replace(context(*facts), policy=chosen)


def calls(outcome: Outcome) -> list[PersonCalled]:
    """The calls among the facts."""
    return [one for one in outcome.facts if isinstance(one, PersonCalled)]


def sends(outcome: Outcome) -> list[Send]:
    """What other systems are told."""
    return [one for one in outcome.messages if isinstance(one, Send)]


def call(*roles: str, of: Policy, facts: tuple[Fact, ...] = (), **differing: Any) -> Outcome:  # noqa: ANN401
    """Call these roles in an incident."""
    begun = (declared(**differing), *facts)
    return calling.call_roles(incident(*begun), roles, ABOUT, by(of, *begun))


def test_who_is_known_by_name_is_offered_the_role_called_and_let_in() -> None:
    outcome = call("legal", of=policy(legal=ComesFrom(person="UELENA")))
    offer, called = outcome.facts
    assert offer == RoleOffered(role="legal", person="UELENA")
    assert called == PersonCalled(
        call=1,
        about=ABOUT,
        role="legal",
        person="UELENA",
        via="direct message",
        target="role legal",
        is_offer=True,
    )
    assert outcome.messages == (
        Call(
            f"room/12 invite UELENA {NOW.isoformat()}",
            "invite",
            {"person": "UELENA"},
            needs="room/12",
            urgency=PEOPLE,
        ),
    )


def test_who_holds_the_role_is_called_and_offered_nothing() -> None:
    held = (RoleAccepted(role="legal", person="USAM"),)
    outcome = call("legal", of=policy(legal=ComesFrom(person="UELENA")), facts=held)
    assert [(one.person, one.is_offer) for one in calls(outcome)] == [("USAM", False)]
    assert len(outcome.facts) == 1
    assert outcome.messages == ()


def test_who_was_offered_the_role_is_called_rather_than_the_next_one() -> None:
    offered = (RoleOffered(role="legal", person="USAM"),)
    outcome = call("legal", of=policy(legal=ComesFrom(person="UELENA")), facts=offered)
    assert [(one.person, one.is_offer) for one in calls(outcome)] == [("USAM", False)]


def test_nobody_is_called_twice_for_the_same() -> None:
    known = policy(legal=ComesFrom(person="UELENA"))
    once = call("legal", "legal", of=known)
    assert len(calls(once)) == 1
    again = calling.call_roles(
        incident(declared(), *once.facts), ["legal"], ABOUT, by(known, declared(), *once.facts)
    )
    assert again == Outcome()
    for_more = calling.call_roles(
        incident(declared(), *once.facts), ["legal"], "severity SEV0", by(known, declared())
    )
    assert [one.call for one in calls(for_more)] == [2]


def test_a_person_behind_two_roles_is_let_in_once_and_the_calls_are_counted_on() -> None:
    both = policy(legal=ComesFrom(person="UELENA"), privacy=ComesFrom(person="UELENA"))
    outcome = call("legal", "privacy", of=both)
    assert [one.call for one in calls(outcome)] == [1, 2]
    assert len(outcome.messages) == 1


def test_a_role_nobody_can_be_found_for_is_recorded_as_such() -> None:
    outcome = call("legal", of=policy())
    assert outcome.facts == (
        PersonCalled(call=1, about=ABOUT, role="legal", via="nobody", target="role legal"),
    )
    assert outcome.messages == ()


def test_the_rota_says_whose_turn_it_is_and_before_it_starts_nobodys() -> None:
    turns = policy(Route(role="technical", adapter="rota"), technical=ComesFrom(rota="primary"))
    assert calling.found_for("technical", turns, NOW) == "UIDRIS"
    assert calling.found_for("technical", turns, NOW + timedelta(days=1)) == "UJUN"
    assert calling.found_for("technical", turns, NOW - timedelta(days=2)) is None
    assert calling.found_for("legal", turns, NOW) is None
    first = calls(call("technical", of=turns))
    assert [(one.person, one.via) for one in first] == [("UIDRIS", "direct message")]


def test_a_rota_that_names_nobody_yet_calls_nobody_and_does_not_say_it_did() -> None:
    turns = policy(Route(role="technical", adapter="rota"), technical=ComesFrom(rota="primary"))
    early = replace(by(turns, declared()), now=NOW - timedelta(days=2))
    outcome = calling.call_roles(incident(declared()), ["technical"], ABOUT, early)
    assert [(one.person, one.via) for one in calls(outcome)] == [(None, "nobody")]


def test_pagerduty_is_told_with_a_key_by_which_its_answer_is_known() -> None:
    outcome = call("technical", of=policy(PAGER))
    assert [(one.via, one.person) for one in calls(outcome)] == [("pagerduty", None)]
    assert sends(outcome) == [
        Send(
            "incident/12 call 1",
            {
                "via": "pagerduty",
                "routing_key_env": "PD_KEY",
                "action": "trigger",
                "dedup_key": "INC-12/call/1",
                "summary": f"INC-12: Technical Lead is needed (severity SEV1). {TITLE}",
                "severity": "error",
                "source": "warroom",
            },
        )
    ]


def test_the_pager_learns_how_bad_it_is_in_its_own_words() -> None:
    words = [
        sends(call("technical", of=policy(PAGER), rank=rank))[0].body["severity"]
        for rank in range(4)
    ]
    assert words == ["critical", "error", "warning", "info"]


def test_a_webhook_gets_the_names_of_its_secrets_and_never_the_secrets() -> None:
    outcome = call("legal", of=policy(HOOK, legal=ComesFrom(person="UELENA")))
    assert sends(outcome)[0].body == {
        "via": "webhook",
        "url_env": "LEGAL_URL",
        "secret_env": "LEGAL_SECRET",
        "event": "person.called",
        "payload": {
            "incident": "INC-12",
            "call": "INC-12/call/1",
            "role": "legal",
            "person": "UELENA",
            "about": ABOUT,
            "summary": f"INC-12: Legal is needed (severity SEV1). {TITLE}",
        },
    }
    assert RoleOffered(role="legal", person="UELENA") in outcome.facts


def test_a_title_that_stays_in_the_room_is_told_to_no_other_system() -> None:
    routes = policy(PAGER, HOOK)
    moved: list[dict[str, Any]] = [{"is_private": True}, {"is_person_at_risk": True}]
    outcomes = [call("technical", "legal", of=routes, **one) for one in moved]
    outcomes.append(call("technical", "legal", of=routes, facts=(MadePrivate(),)))
    for outcome in outcomes:
        assert len(sends(outcome)) == 2
        assert "dosage" not in repr(sends(outcome))
        assert "the title is kept in the room" in repr(sends(outcome)[0].body)


def test_a_test_calls_nobody_and_records_who_it_would_have_been() -> None:
    routes = policy(PAGER, legal=ComesFrom(person="UELENA"))
    outcome = call("technical", "legal", of=routes, is_test=True)
    assert [(one.role, one.person, one.via) for one in calls(outcome)] == [
        ("technical", None, "nobody"),
        ("legal", "UELENA", "nobody"),
    ]
    assert len(outcome.facts) == 2
    assert outcome.messages == ()
    begun = (declared(is_test=True),)
    person = calling.call_person(incident(*begun), "UELENA", ABOUT, context(*begun), "Help")
    group = calling.call_group(incident(*begun), "S1", ABOUT, context(*begun))
    assert [one.via for one in (*calls(person), *calls(group))] == ["nobody", "nobody"]
    assert (person.messages, group.messages) == ((), ())


def test_a_person_is_called_once_for_something_and_with_words_each_time() -> None:
    first = calling.call_person(incident(declared()), "UELENA", ABOUT, context(declared()))
    assert calls(first)[0].target == "person UELENA"
    assert len(first.messages) == 1
    known = incident(declared(), *first.facts)
    assert calling.call_person(known, "UELENA", ABOUT, context(declared())) == Outcome()
    worded = calling.call_person(known, "UELENA", ABOUT, context(declared()), "Now <b>")
    assert calls(worded)[0].text == Words("Now <b>")
    assert calls(worded)[0].call == 2
    assert worded.messages == ()


def test_a_group_is_called_once_for_something() -> None:
    first = calling.call_group(incident(declared()), "S123", ABOUT, context(declared()))
    assert [(one.group, one.via) for one in calls(first)] == [("S123", "group")]
    known = incident(declared(), *first.facts)
    assert calling.call_group(known, "S123", ABOUT, context(declared())) == Outcome()


def test_whoever_is_called_into_a_moved_incident_is_let_into_its_new_room() -> None:
    begun = (declared(), MadePrivate())
    outcome = calling.call_person(incident(*begun), "UELENA", ABOUT, context(*begun))
    assert [one.needs for one in outcome.messages if isinstance(one, Call)] == ["room/12/private"]


def test_the_outcome_can_be_looked_ahead_of() -> None:
    ahead = calling.advanced(
        incident(declared()),
        Outcome((RoleAccepted(role="comms", person="UJUN"),)),
        context(declared()),
    )
    assert (ahead.holder("comms"), ahead.last_seq) == ("UJUN", 2)


def test_the_key_of_a_call_is_read_back_and_no_other_word_is_one() -> None:
    assert pagers.parse_call_key(pagers.call_key(12, 3)) == (12, 3)
    for word in ("", "INC-12", "INC-12/call/x", " INC-12/call/3", "INC-12/call/3/4", ids.BOT):
        assert pagers.parse_call_key(word) is None
