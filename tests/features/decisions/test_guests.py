"""Which decisions may a guest amend?"""

from __future__ import annotations

import pytest

from bot.core.facts import Fact, Words
from bot.core.facts.decisions import DecisionDetails, DecisionRecorded
from bot.core.facts.people import PersonCame
from bot.core.facts.roles import RoleAccepted
from bot.core.outcome import Person, Refused
from bot.features.decisions import rules
from bot.features.decisions.rules import Amend, Reverse
from tests.features.values import context, declared, incident

GUEST = Person("UKOFI", is_guest=True)
AMEND = Amend(1, "Roll back to v41", DecisionDetails())
FACTS: tuple[Fact, ...] = (declared(), PersonCame(person="UKOFI"))
HERS = DecisionRecorded(number=1, text=Words("Roll back"), rank=1)
HIS = DecisionRecorded(number=1, text=Words("Roll back"), rank=1, decider="UKOFI")


def test_a_guest_changes_no_decision_of_others() -> None:
    facts = (*FACTS, HERS)
    asks = context(*facts, actor="UKOFI", person=GUEST)
    with pytest.raises(Refused, match="To amend or reverse a decision is up to those who work"):
        rules.amend(incident(*facts), AMEND, asks)
    with pytest.raises(Refused, match="To amend or reverse a decision is up to those who work"):
        rules.reverse(incident(*facts), Reverse(1, "wrong"), asks)


@pytest.mark.parametrize(
    "facts",
    [(*FACTS, HIS), (*FACTS, HERS, RoleAccepted(role="scribe", person="UKOFI", is_external=True))],
)
def test_a_guest_amends_what_they_decided_and_as_scribe_what_is_in_the_log(
    facts: tuple[Fact, ...],
) -> None:
    asks = context(*facts, actor="UKOFI", person=GUEST)
    [amended] = rules.amend(incident(*facts), AMEND, asks).facts
    assert type(amended).__name__ == "DecisionAmended"


def test_everybody_else_in_the_room_amends_every_decision() -> None:
    facts = (*FACTS, PersonCame(person="UJUN"), HERS)
    asks = context(*facts, actor="UJUN", person=Person("UJUN"))
    assert rules.reverse(incident(*facts), Reverse(1, "wrong"), asks).facts
