"""What does a near miss need to be recorded?"""

from __future__ import annotations

import pytest

from bot.core.facts import Words
from bot.core.facts.incidents import NearMissReported
from bot.core.incident import Incident
from bot.core.outcome import Outcome, Refused
from bot.features.nearmiss import rules
from tests.features.values import context


def test_a_near_miss_is_one_fact_and_owes_nobody_anything() -> None:
    outcome = rules.report(Incident(3), (" A key\u0007 leaked ", "The filter"), context())
    fact = NearMissReported(number=3, what=Words("A key leaked"), caught_by=Words("The filter"))
    assert outcome == Outcome((fact,))


def test_what_is_personal_is_masked_where_nobody_can_be_told() -> None:
    outcome = rules.report(Incident(3), ("a@x.example was named", "The filter"), context())
    fact = NearMissReported(
        number=3, what=Words("[e-mail address 1] was named"), caught_by=Words("The filter")
    )
    assert outcome == Outcome((fact,))


@pytest.mark.parametrize(
    ("request_", "sentence", "field"),
    [
        (("", "luck"), "Say in a sentence what nearly happened.", "what"),
        (("A key leaked", " "), "Say what caught it, or that it was luck.", "caught_by"),
    ],
)
def test_both_fields_need_words(request_: tuple[str, str], sentence: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.report(Incident(3), request_, context())
    assert str(refused.value) == sentence
    assert refused.value.field == field
