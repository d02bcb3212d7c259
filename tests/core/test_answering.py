"""Which answers does a step take, and how are its questions shown?"""

from __future__ import annotations

import pytest

from bot.core.outcome import Refused
from bot.core.runs import answering, questions
from bot.core.runs.model import Answer
from runbooks.fields import Rank, Text
from tests.features.values import POLICY


def test_each_severity_is_offered_by_its_own_label() -> None:
    field = Rank(type="severity", id="severity", label="Severity")
    assert list(questions.offered(field, POLICY).values()) == ["SEV0", "SEV1", "SEV2", "SEV3"]


@pytest.mark.parametrize("typed", ["", "   ", "\u202e", "\u200b\u2060", "\x00"])
def test_an_answer_without_a_letter_or_digit_is_none(typed: str) -> None:
    field = Text(type="text", id="what", label="What?", may_be_unknown=False)
    with pytest.raises(Refused, match="Answer this"):
        answering.check(field, Answer(text=typed))
