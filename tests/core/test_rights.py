"""Who may do what, and what does everybody else read?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core import ids, rights
from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed, IncidentResolved
from bot.core.facts.people import PersonCame
from bot.core.facts.roles import RoleAccepted, RoleDropped
from bot.core.facts.status import IncidentCancelled, IncidentMerged
from bot.core.outcome import Ask, Person, Refused
from tests.features.values import POLICY, context, declared, incident

IC = RoleAccepted(role="ic", person="UIDRIS")


def test_who_declared_has_the_rights_of_the_command_until_somebody_accepts_it() -> None:
    assert rights.may(incident(declared()), "UMARA", "resolve", POLICY)
    taken = incident(declared(), IC)
    assert not rights.may(taken, "UMARA", "resolve", POLICY)
    assert rights.may(taken, "UIDRIS", "resolve", POLICY)
    back = incident(declared(), IC, RoleDropped(role="ic", person="UIDRIS"))
    assert rights.may(back, "UMARA", "resolve", POLICY)


def test_a_right_without_roles_is_everybodys_in_the_room() -> None:
    came = PersonCame(person="UANYBODY")
    assert rights.may(incident(declared(), IC, came), "UANYBODY", "reopen", POLICY)
    assert not rights.may(incident(declared(), IC), "UANYBODY", "reopen", POLICY)


def test_who_is_not_in_the_room_reads_how_to_come_in() -> None:
    facts = (declared(), IC)
    outside = replace(context(*facts), actor="UANYBODY")
    with pytest.raises(Refused) as refused:
        rights.require(incident(*facts), outside, "reopen")
    assert str(refused.value) == (
        "You are not in the room of INC-12, so nothing was changed. Join it first: the button "
        "stands where it was announced."
    )
    with pytest.raises(Refused, match="You are not in the room of INC-12"):
        rights.require_inside(incident(*facts), outside)
    rights.require_inside(incident(*facts), replace(outside, actor=ids.BOT))


def test_what_happens_by_itself_needs_no_right() -> None:
    assert rights.may(incident(declared(), IC), ids.BOT, "resolve", POLICY)


def test_any_of_several_roles_has_the_right() -> None:
    facts = (declared(), IC, RoleAccepted(role="safety", person="UJUN"))
    assert rights.may(incident(*facts), "UJUN", "cancel", POLICY)
    assert not rights.may(incident(*facts), "UJUN", "resolve", POLICY)


def test_who_has_it_passes_in_silence() -> None:
    rights.require(incident(declared()), context(declared()), "resolve")


def test_everybody_else_reads_whom_to_ask_and_can_ask_them() -> None:
    facts = (declared(), IC)
    with pytest.raises(Refused) as refused:
        rights.require(incident(*facts), context(*facts), "resolve")
    assert str(refused.value) == (
        "To resolve the incident is up to the Incident Commander: ask <@UIDRIS>. "
        "Nothing was changed."
    )
    assert refused.value.ask == Ask(12, "UIDRIS", "resolve the incident")


def test_the_first_of_the_roles_that_is_filled_is_asked_and_else_whoever_commands() -> None:
    nobody = (declared(),)
    with pytest.raises(Refused, match="say something outside is up to the Incident Comm") as first:
        rights.require(incident(*nobody), context(*nobody, actor="UKOFI"), "outside_statement")
    assert first.value.ask == Ask(12, "UMARA", "say something outside")
    filled = (declared(), RoleAccepted(role="comms", person="UJUN"))
    with pytest.raises(Refused, match="is up to the Communications Lead: ask <@UJUN>") as second:
        rights.require(incident(*filled), context(*filled, actor="UKOFI"), "outside_statement")
    assert second.value.ask == Ask(12, "UJUN", "say something outside")


def test_a_right_that_is_in_no_register_is_a_bug_and_not_an_answer() -> None:
    with pytest.raises(KeyError):
        rights.may(incident(declared()), "UMARA", "fly", POLICY)


@pytest.mark.parametrize(
    "end",
    [
        IncidentClosed(reason=Words("x")),
        IncidentCancelled(reason=Words("x"), detector_fix=Words("y")),
        IncidentMerged(into=9),
    ],
)
def test_what_is_over_is_changed_only_after_it_is_reopened(end: Fact) -> None:
    with pytest.raises(Refused, match=r"^INC-12 is over\. Reopen it to go on\.$"):
        rights.require_going(incident(declared(), end))


def test_what_is_resolved_still_goes_on() -> None:
    rights.require_going(incident(declared(), IncidentResolved(reason=Words("gone"))))
    rights.require_going(incident(declared()))


def test_a_guest_in_the_room_has_of_everybodys_rights_those_the_policy_names() -> None:
    facts = (declared(), IC, PersonCame(person="UKOFI"))
    guest = context(*facts, actor="UKOFI", person=Person("UKOFI", is_guest=True))
    with pytest.raises(Refused) as refused:
        rights.require(incident(*facts), guest, "title")
    assert str(refused.value) == (
        "You are a guest here. To change the title is up to those who work here: ask <@UIDRIS>. "
        "Nothing was changed."
    )
    assert refused.value.ask == Ask(12, "UIDRIS", "change the title")
    generous = POLICY.rights.model_copy(update={"guests_may": ("title",)})
    policy = POLICY.model_copy(update={"rights": generous})
    rights.require(incident(*facts), replace(guest, policy=policy), "title")
    rights.require(incident(*facts), replace(guest, people={}), "title")


def test_a_guest_does_what_a_right_names_their_role_for() -> None:
    facts = (declared(), IC, RoleAccepted(role="safety", person="UKOFI", is_external=True))
    guest = context(*facts, actor="UKOFI", person=Person("UKOFI", is_guest=True))
    rights.require(incident(*facts), guest, "mitigated")


def test_of_what_is_over_whoever_is_outside_reads_whom_to_ask_and_cannot_join() -> None:
    open_facts = (declared(), IC)
    with pytest.raises(Refused) as refused:
        rights.require(incident(*open_facts), context(*open_facts, actor="USAM"), "reopen")
    assert refused.value.join == 12
    facts = (*open_facts, IncidentClosed(reason=Words("x")))
    with pytest.raises(Refused) as refused:
        rights.require(incident(*facts), context(*facts, actor="USAM"), "reopen")
    assert str(refused.value) == (
        "You are not in the room of INC-12, so nothing was changed. It is over: ask <@UIDRIS>, who "
        "commanded it."
    )
    assert refused.value.join is None
