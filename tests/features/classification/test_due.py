"""By when does somebody say what kind of failure it is?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentReopened, IncidentResolved
from bot.core.facts.severity import Classified, SeverityChanged
from bot.features.classification import due
from tests.features.values import NOW, as_shown, declared


def test_the_bucket_is_owed_ten_minutes_after_the_declare_whatever_the_severity_becomes() -> None:
    changed = SeverityChanged(severity="SEV0", rank=0, reason=Words("x"))
    for facts in ((declared(),), (declared(), changed), (declared(severity=None),)):
        [owed] = due.deadlines(as_shown(*facts))
        assert (owed.name, owed.due_at) == ("classify", NOW + timedelta(minutes=10))
        assert owed.rule == "within 10 min"
        assert owed.remedy == "Press Classify on the summary and name the bucket."


@pytest.mark.parametrize("met", [Classified(bucket="data"), IncidentResolved(reason=Words("x"))])
def test_the_bucket_or_the_end_meets_it(met: Fact) -> None:
    assert due.deadlines(as_shown(declared(), met)) == []


def test_anything_but_the_bucket_does_not_meet_it() -> None:
    for fact in (Classified(failure_mode="drift"), Classified(contributors=("data",))):
        assert len(due.deadlines(as_shown(declared(), fact))) == 1
    reopened = (declared(), IncidentResolved(reason=Words("x")), IncidentReopened())
    assert len(due.deadlines(as_shown(*reopened))) == 1
