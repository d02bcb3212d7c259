"""By when has a decision to be looked at again?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.facts import Fact, Recorded, Words
from bot.core.facts.decisions import (
    DecisionAmended,
    DecisionRecorded,
    DecisionReversed,
    DecisionUpheld,
)
from bot.features.decisions.state import Decisions, fold
from tests.features.values import NOW, declared, owed

REVIEW_AT = NOW + timedelta(hours=2)
RECORD = DecisionRecorded(
    number=1, text=Words("We roll back"), rank=1, decider="UIDRIS", review_at=REVIEW_AT
)


def reviews(*facts: Fact) -> list[str]:
    """The names of the reviews that are owed."""
    return [one.name for one in owed(declared(), *facts) if one.name.startswith("decision/")]


def test_a_review_is_owed_by_the_decider_and_does_not_climb() -> None:
    [one] = [one for one in owed(declared(), RECORD) if one.name == "decision/1/review"]
    assert (one.starts_at, one.due_at, one.owner) == (NOW, REVIEW_AT, "UIDRIS")
    assert one.climbs is False


@pytest.mark.parametrize(
    "met", [DecisionReversed(number=1, why=Words("worse")), DecisionUpheld(number=1)]
)
def test_reversing_and_upholding_meet_it(met: Fact) -> None:
    assert reviews(RECORD) == ["decision/1/review"]
    assert reviews(RECORD, met) == []


@pytest.mark.parametrize(("hours", "is_reviewed"), [(1, False), (2, True)])
def test_amending_meets_it_once_it_is_due(hours: int, *, is_reviewed: bool) -> None:
    amended = DecisionAmended(number=1, why=Words("safer"))
    at = NOW + timedelta(hours=hours)
    before = fold(Decisions(), Recorded(1, NOW, "UMARA", RECORD))
    after = fold(before, Recorded(2, at, "UMARA", amended))
    assert after.all[0].is_reviewed is is_reviewed


def test_a_new_time_is_owed_anew() -> None:
    again = DecisionAmended(number=1, review_at=REVIEW_AT + timedelta(hours=1))
    [one] = [
        one
        for one in owed(declared(), RECORD, DecisionUpheld(number=1), again)
        if one.name == "decision/1/review"
    ]
    assert one.due_at == REVIEW_AT + timedelta(hours=1)
