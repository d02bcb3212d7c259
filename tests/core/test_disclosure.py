"""Who sees which evidence, and who opens the original?"""

from __future__ import annotations

import pytest

from bot.core import disclosure
from bot.core.evidence import Evidence, Item
from bot.core.facts import Fact, Words
from bot.core.facts.evidence import CustodyTransferred, EvidenceSealed
from bot.core.facts.people import PersonCame, PersonLeft
from bot.core.facts.roles import RoleAccepted
from bot.core.incident import Incident
from bot.core.outcome import Person
from runbooks.model import Policy
from tests.features.evidence.values import preserved
from tests.features.values import POLICY, declared, incident, states

INSIDE: tuple[Fact, ...] = (
    declared(),
    PersonCame(person="UJUN"),
    PersonCame(person="UKOFI"),
    PersonCame(person="UELENA"),
    PersonCame(person="UIDRIS"),
    PersonCame(person="UNOOR"),
    PersonLeft(person="UNOOR"),
    RoleAccepted(role="legal", person="UELENA"),
    RoleAccepted(role="safety", person="UIDRIS"),
)
KOFI = Person("UKOFI", is_guest=True)
EVERYBODY = ("UMARA", "UJUN", "UELENA", "UIDRIS", "UKOFI", "UNOOR", "USAM")


def seen_by(*facts: Fact) -> set[str]:
    return {one for one in EVERYBODY if disclosure.sees(*_asks(one, *facts))}


def opened_by(*facts: Fact) -> set[str]:
    return {one for one in EVERYBODY if disclosure.opens(*_asks(one, *facts))}


def _asks(person: str, *facts: Fact) -> tuple[Incident, Item, Person, Policy]:
    told = (*INSIDE, *facts)
    one = states(*told).of(Evidence).find(1)
    assert one
    asking = KOFI if person == "UKOFI" else Person(person)
    return incident(*told), one, asking, POLICY


@pytest.mark.parametrize(
    ("label", "people"),
    [
        ("red", {"UMARA", "UELENA", "UIDRIS"}),
        ("amber_strict", {"UMARA", "UJUN", "UELENA", "UIDRIS"}),
        ("amber", {"UMARA", "UJUN", "UELENA", "UIDRIS", "UKOFI"}),
        ("green", {"UMARA", "UJUN", "UELENA", "UIDRIS", "UKOFI"}),
        ("clear", {"UMARA", "UJUN", "UELENA", "UIDRIS", "UKOFI"}),
    ],
)
def test_a_label_says_whose_list_it_stands_on_and_nobody_outside_has_one(
    label: str, people: set[str]
) -> None:
    assert seen_by(preserved(label=label)) == people


def test_a_label_the_policy_lost_is_as_narrow_as_any() -> None:
    assert seen_by(preserved(label="purple")) == seen_by(preserved(label="red"))


def test_the_original_is_for_the_named_roles_and_its_custodian() -> None:
    assert opened_by(preserved()) == {"UMARA", "UELENA", "UIDRIS"}
    handed = CustodyTransferred(number=1, to="UJUN", reason=Words("shift ends"))
    assert opened_by(preserved(), handed) == {"UJUN", "UELENA", "UIDRIS"}


def test_what_is_sealed_is_for_the_few_not_even_for_its_custodian() -> None:
    sealed = EvidenceSealed(number=1, reason=Words("for the regulator"))
    assert opened_by(preserved(), sealed) == {"UELENA"}


def test_a_custodian_who_left_the_room_sees_nothing_any_more() -> None:
    assert "UNOOR" not in seen_by(preserved(custodian="UNOOR"))
    assert "UNOOR" not in opened_by(preserved(custodian="UNOOR"))
