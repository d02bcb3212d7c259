"""Who may declare what, who may join, and what follows?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.facts import Fact, Words
from bot.core.facts.incidents import (
    DeliveryFailed,
    IncidentClosed,
    IncidentDeclared,
    IncidentResolved,
    JoinAsked,
)
from bot.core.facts.people import PersonCalled
from bot.core.facts.roles import RoleOffered
from bot.core.incident import Incident
from bot.core.messages import Call, Post
from bot.core.outcome import Outcome, Person, Refused
from bot.features.incidents import rules
from tests.features.values import NOW, TITLE, context, declared, incident


def _declare(title: str = TITLE, **differing: Any) -> Outcome:  # noqa: ANN401
    usual: dict[str, Any] = {
        "severity": "SEV1",
        "is_person_at_risk": False,
        "is_private": False,
        "is_test": False,
        "route": "command",
        "view_id": "V1",
    }
    request = rules.Declare(title, **{**usual, **differing})
    return rules.declare(Incident(12), request, context())


def _declared(outcome: Outcome) -> Fact:
    """The declaration itself; behind it stands who is called."""
    return outcome.facts[0]


def _room_name(outcome: Outcome) -> object:
    first = outcome.messages[0]
    assert isinstance(first, Call)
    return first.arguments["name"]


def test_a_declare_records_the_incident_and_owes_room_people_and_pin() -> None:
    outcome = _declare()
    assert _declared(outcome) == declared()
    assert [message.name for message in outcome.messages if isinstance(message, Call)] == [
        "room/12 create",
        "room/12 invite UMARA",
        "room/12 way in",
        "summary/12 pin",
        "summary/12 bookmark",
    ]


def test_not_sure_is_recorded_as_such_with_the_rank_the_policy_gives_it() -> None:
    assert _declared(_declare(severity=None)) == declared(severity=None, rank=1)


@pytest.mark.parametrize(
    ("severity", "about", "roles"),
    [
        ("SEV0", "severity SEV0", "ic technical model safety product comms legal privacy sponsor"),
        ("SEV1", "severity SEV1", "ic technical model safety product comms legal"),
        (None, "severity SEV1", "ic technical model safety product comms legal"),
        ("SEV2", "severity SEV2", "ic technical model"),
        ("SEV3", "severity SEV3", "product"),
    ],
)  # fmt: skip
def test_a_declare_calls_whom_its_severity_names(
    severity: str | None, about: str, roles: str
) -> None:
    calls = [one for one in _declare(severity=severity).facts if isinstance(one, PersonCalled)]
    assert [call.role for call in calls] == roles.split()
    assert {call.about for call in calls} == {about}


def test_a_test_calls_nobody_and_records_whom_it_would_have_called() -> None:
    outcome = _declare(is_test=True)
    calls = [one for one in outcome.facts if isinstance(one, PersonCalled)]
    assert {call.via for call in calls} == {"nobody"}
    assert not any(isinstance(one, RoleOffered) for one in outcome.facts)


def test_a_severity_is_found_in_lower_case_too() -> None:
    assert _declared(_declare(severity="sev0")) == declared(severity="SEV0", rank=0)


def test_an_unknown_severity_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Refused, match="no severity P1. Use SEV0, SEV1, SEV2, SEV3.") as refused:
        _declare(severity="P1")
    assert refused.value.field == "severity"


@pytest.mark.parametrize("title", ["", "  \n ", "\u202e\u0007"])
def test_a_title_without_a_visible_character_is_refused(title: str) -> None:
    with pytest.raises(Refused, match="Give it a title") as refused:
        _declare(title)
    assert refused.value.field == "title"


def test_a_title_may_have_150_characters_and_not_one_more() -> None:
    assert _declared(_declare("x" * 150)) == declared(title=Words("x" * 150))
    with pytest.raises(Refused, match="The title has 151 characters; keep it to 150."):
        _declare("x" * 151)


def test_a_bot_may_not_declare_and_a_guest_may() -> None:
    request = rules.Declare(TITLE, None, False, False, False, "command", "V1")
    bot = context(person=Person("UMARA", is_bot=True))
    with pytest.raises(Refused, match="it needs a person in command"):
        rules.declare(Incident(12), request, bot)
    guest = context(person=Person("UMARA", is_guest=True))
    assert isinstance(_declared(rules.declare(Incident(12), request, guest)), IncidentDeclared)


@pytest.mark.parametrize(
    ("switches", "name"),
    [
        ({}, "inc-12-chatbot-gives-unsafe-dosage-advice"),
        ({"is_private": True}, "inc-12-incident"),
        ({"is_person_at_risk": True}, "inc-12-incident"),
        ({"is_test": True}, "inc-12-test-chatbot-gives-unsafe-dosage-advice"),
        ({"is_test": True, "is_private": True}, "inc-12-test-incident"),
    ],
)
def test_the_room_is_named_as_openly_as_it_may_be(switches: dict[str, Any], name: str) -> None:
    assert _room_name(_declare(**switches)) == name


def test_a_private_incident_gets_a_private_room() -> None:
    first = _declare(is_private=True).messages[0]
    assert isinstance(first, Call)
    assert first.arguments["is_private"] is True


def test_from_a_message_we_became_aware_when_it_was_sent() -> None:
    sent_at = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
    outcome = _declare(
        route="message", source_text="It told \u0007her", source_permalink="https://x/p1",
        reported_at=sent_at,
    )  # fmt: skip
    assert _declared(outcome) == declared(
        route="message",
        source_text=Words("It told her"),
        source_permalink="https://x/p1",
        aware_at=sent_at,
        aware_basis="reported in a message",
    )


def test_joining_records_it_once_and_invites_each_time() -> None:
    first = rules.join(incident(declared()), None, context(actor="UIDRIS"))
    assert first.facts == (JoinAsked(person="UIDRIS"),)
    again = rules.join(
        incident(declared(), JoinAsked(person="UIDRIS")), None, context(actor="UIDRIS")
    )
    assert again.facts == ()
    assert [message.name for message in again.messages if isinstance(message, Call)] == [
        f"room/12 invite UIDRIS {NOW.isoformat()}"
    ]


def test_a_private_incident_does_not_exist_for_whoever_wants_to_join() -> None:
    with pytest.raises(Refused, match="^There is no INC-12.$"):
        rules.join(incident(declared(is_private=True)), None, context(actor="UIDRIS"))


def test_a_resolved_incident_can_be_joined_and_a_closed_one_cannot() -> None:
    facts: tuple[IncidentDeclared | IncidentResolved | IncidentClosed, ...]
    facts = (declared(), IncidentResolved(reason=Words("gone")))
    assert len(rules.join(incident(*facts), None, context(actor="UIDRIS")).facts) == 1
    facts += (IncidentClosed(reason=Words("done")),)
    with pytest.raises(Refused, match="INC-12 is over; its room is there to read, not to join."):
        rules.join(incident(*facts), None, context(actor="UIDRIS"))


def test_a_loss_is_recorded_and_told_to_whoever_commands() -> None:
    lost = rules.Lost("the announcement", "is_archived")
    outcome = rules.note_loss(incident(declared()), lost, context(actor="warroom"))
    assert outcome.facts == (DeliveryFailed(what="the announcement", error="is_archived"),)
    [told] = outcome.messages
    assert isinstance(told, Post)
    assert told.to == "person/UMARA"
