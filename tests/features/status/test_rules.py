"""When may an incident end, and when may it begin again?"""

from __future__ import annotations

import pytest

from bot.core.facts import Fact, Words
from bot.core.facts.incidents import (
    DetailsFilled,
    IncidentClosed,
    IncidentReopened,
    IncidentResolved,
)
from bot.core.outcome import Refused
from bot.features.status import rules
from tests.features.values import context, declared, incident

OPEN: tuple[Fact, ...] = (declared(),)
RESOLVED = (*OPEN, IncidentResolved(reason=Words("gone")))
CLOSED = (*RESOLVED, IncidentClosed(reason=Words("done")))
REOPENED = (*CLOSED, IncidentReopened())


@pytest.mark.parametrize("before", [OPEN, REOPENED])
def test_what_is_open_is_resolved_with_a_reason(before: tuple[Fact, ...]) -> None:
    outcome = rules.resolve(incident(*before), " Rolled\u0007 back ", context())
    assert outcome.facts == (IncidentResolved(reason=Words("Rolled back")),)


@pytest.mark.parametrize(("before", "status"), [(RESOLVED, "resolved"), (CLOSED, "closed")])
def test_what_is_over_is_not_resolved_again(before: tuple[Fact, ...], status: str) -> None:
    with pytest.raises(Refused, match=f"^INC-12 is already {status}.$"):
        rules.resolve(incident(*before), "gone", context())


def test_ongoing_harm_cannot_be_resolved() -> None:
    ongoing = incident(*OPEN, DetailsFilled(harm="ongoing"))
    with pytest.raises(Refused, match="Say under Fill in when it stopped, then resolve."):
        rules.resolve(ongoing, "gone", context())
    stopped = incident(*OPEN, DetailsFilled(harm="ongoing"), DetailsFilled(harm="stopped"))
    assert len(rules.resolve(stopped, "gone", context()).facts) == 1


def test_resolving_and_closing_take_a_reason() -> None:
    with pytest.raises(Refused, match="Say how it ended and how you know") as refused:
        rules.resolve(incident(*OPEN), " \u202e", context())
    assert refused.value.field == "reason"
    with pytest.raises(Refused, match="Say why nothing is left to do."):
        rules.close(incident(*RESOLVED), "", context())


def test_a_reason_of_more_than_3000_characters_is_refused() -> None:
    assert len(rules.resolve(incident(*OPEN), "x" * 3000, context()).facts) == 1
    with pytest.raises(Refused, match="That is 3,001 characters; keep it to 3,000"):
        rules.resolve(incident(*OPEN), "x" * 3001, context())


def test_only_what_is_resolved_is_closed() -> None:
    assert rules.close(incident(*RESOLVED), "done", context()).facts == (
        IncidentClosed(reason=Words("done")),
    )
    with pytest.raises(Refused, match="INC-12 is not resolved yet. Resolve it first"):
        rules.close(incident(*OPEN), "done", context())
    with pytest.raises(Refused, match="INC-12 is already closed."):
        rules.close(incident(*CLOSED), "done", context())


@pytest.mark.parametrize("before", [RESOLVED, CLOSED])
def test_what_is_over_begins_again_with_a_reason_or_without(before: tuple[Fact, ...]) -> None:
    assert rules.reopen(incident(*before), "", context()).facts == (IncidentReopened(),)
    assert rules.reopen(incident(*before), "it is back", context()).facts == (
        IncidentReopened(reason=Words("it is back")),
    )


@pytest.mark.parametrize("before", [OPEN, REOPENED])
def test_what_is_open_does_not_begin_again(before: tuple[Fact, ...]) -> None:
    with pytest.raises(Refused, match="INC-12 is open already."):
        rules.reopen(incident(*before), "", context())
