"""What do the facts of an incident add up to?"""

from __future__ import annotations

from bot.core.facts import Words
from bot.core.facts.incidents import (
    IncidentClosed,
    IncidentReopened,
    IncidentResolved,
    JoinAsked,
)
from tests.features.values import NOW, TITLE, declared, incident


def test_before_the_first_fact_it_is_new() -> None:
    assert incident().status == "new"


def test_the_declarer_commands_until_someone_accepts() -> None:
    folded = incident(declared())
    assert (folded.declarer, folded.ic) == ("UMARA", "UMARA")
    assert folded.people == {"UMARA"}
    assert (folded.declared_at, folded.last_seq) == (NOW, 1)


def test_status_and_reason_follow_the_newest_fact() -> None:
    ends = (
        IncidentResolved(reason=Words("gone")),
        IncidentClosed(reason=Words("done")),
        IncidentReopened(),
    )
    told = [
        (folded.status, folded.ended_because, folded.is_open)
        for folded in (incident(declared(), *ends[:count]) for count in range(4))
    ]
    assert told == [
        ("investigating", None, True),
        ("resolved", "gone", False),
        ("closed", "done", False),
        ("investigating", None, True),
    ]


def test_who_asked_to_join_is_among_the_people() -> None:
    assert incident(declared(), JoinAsked(person="UIDRIS")).people == {"UMARA", "UIDRIS"}


def test_the_title_is_public_unless_it_must_stay_inside() -> None:
    assert incident(declared()).public_title == TITLE
    assert incident(declared(is_private=True)).public_title is None
    assert incident(declared(is_person_at_risk=True)).public_title is None
    assert incident(declared(is_test=True)).reference == "TEST INC-12"


def test_a_fact_as_the_log_keeps_it_can_be_read_again() -> None:
    for fact in (declared(severity=None), declared(), IncidentReopened()):
        assert type(fact).model_validate(fact.model_dump(mode="json", exclude_none=True)) == fact
