"""Who commands what a guest declared?"""

from __future__ import annotations

import pytest

from bot.core import lacking, rights, telling
from bot.core.facts.incidents import IncidentDeclared
from bot.core.facts.people import PersonAdded, PersonCalled, RoleSought
from bot.core.facts.roles import RoleAccepted, RoleOffered
from bot.core.incident import Incident
from bot.core.messages import Keep
from bot.core.outcome import Context, Outcome, Person, Refused
from bot.features.incidents import blocks, rules
from bot.features.incidents.rules import Declare
from bot.features.roles import due
from bot.features.roles import rules as roles
from runbooks.model import Policy
from tests.features.values import POLICY, TITLE, as_shown, context, declared, incident

GUEST = Person("UKOFI", is_guest=True)
UNCOMMANDED = declared(is_uncommanded=True)


def _policy(**comes_from: str) -> Policy:
    """The policy, with the Incident Commander coming from somewhere else or from nowhere."""
    whole = POLICY.model_dump(mode="json")
    for role in whole["roles"]["roles"]:
        if role["id"] == "ic":
            role["comes_from"] = comes_from or None
    roles_of = type(POLICY.roles).model_validate(whole["roles"])
    return POLICY.model_copy(update={"roles": roles_of})


def _declared(policy: Policy, *, is_test: bool = False) -> Outcome:
    request = Declare(
        title=TITLE,
        severity="SEV3",
        is_person_at_risk=False,
        is_private=False,
        is_test=is_test,
        route="command",
        view_id="",
    )
    usual = context(actor=GUEST.id, person=GUEST)
    asked = Context(usual.now, GUEST.id, policy, usual.states, usual.people)
    return rules.declare(Incident(12), request, asked)


def test_whoever_is_on_call_for_the_command_acts_and_the_guest_is_in_the_room() -> None:
    outcome = _declared(_policy(person="UMARA"))
    first = outcome.facts[0]
    assert isinstance(first, IncidentDeclared)
    assert (first.declarer, first.is_uncommanded) == ("UMARA", False)
    assert PersonAdded(person="UKOFI") in outcome.facts
    called = [one for one in outcome.facts if isinstance(one, PersonCalled) and one.role == "ic"]
    assert [one.person for one in called] == ["UMARA"]


def test_where_the_policy_knows_nobody_nobody_acts_and_whoever_stands_for_it_is_sought() -> None:
    outcome = _declared(_policy(schedule="PIC"))
    first = outcome.facts[0]
    assert isinstance(first, IncidentDeclared)
    assert (first.declarer, first.is_uncommanded) == (None, True)
    sought = [one for one in outcome.facts if isinstance(one, RoleSought) and one.role == "ic"]
    assert len(sought) == 1


def test_a_test_of_a_guest_calls_nobody() -> None:
    outcome = _declared(_policy(person="UMARA"), is_test=True)
    first = outcome.facts[0]
    assert isinstance(first, IncidentDeclared)
    assert first.is_uncommanded
    calls = [one for one in outcome.facts if isinstance(one, PersonCalled)]
    assert {one.via for one in calls} == {"nobody"}
    assert not [one for one in outcome.facts if isinstance(one, RoleOffered)]


def test_that_nobody_commands_is_the_first_gap_and_stands_on_the_summary() -> None:
    page = as_shown(UNCOMMANDED)
    assert lacking.gaps(page)[0] == "*Incident Commander: nobody yet*"
    [part] = blocks.summary_parts(page)
    assert part.content.text.endswith("Incident Commander: nobody yet.")
    assert telling.holder(page, "ic") == "nobody yet"
    assert due.alarms(page) == []


def test_who_declared_it_decides_nothing_and_everybody_reads_how_to_take_the_command() -> None:
    facts = (UNCOMMANDED,)
    with pytest.raises(Refused) as refused:
        rights.require(incident(*facts), context(*facts), "resolve")
    assert str(refused.value) == (
        "To resolve the incident is up to the Incident Commander, and nobody is yet. Somebody has "
        "to take the command: `/incident take ic`. Nothing was changed."
    )
    assert incident(*facts).roles_of("UMARA") == ()


def test_whoever_takes_it_commands_and_lays_it_down_only_by_handing_it_over() -> None:
    facts = (UNCOMMANDED, PersonAdded(person="UIDRIS"))
    taken = roles.take(incident(*facts), "ic", context(*facts, actor="UIDRIS"))
    assert taken.facts == (RoleAccepted(role="ic", person="UIDRIS"),)
    after = (*facts, *taken.facts)
    assert incident(*after).ic == "UIDRIS"
    assert rights.may(incident(*after), "UIDRIS", "resolve", POLICY)
    with pytest.raises(Refused, match="Somebody has to command"):
        roles.drop(incident(*after), "ic", context(*after, actor="UIDRIS"))


def test_the_announcement_names_who_declared_it_and_not_who_commands() -> None:
    page = as_shown(declared(declarer="UIDRIS"))
    kept = [one for one in blocks.slots(page) if isinstance(one, Keep)]
    texts = [one.content.text for one in kept if one.to == "announce"]
    assert "<@UMARA> declared it" in texts[0]
