"""What may be filled in, and what changes by it?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.facts import Words
from bot.core.facts.incidents import DetailsFilled, IncidentClosed, IncidentResolved
from bot.core.outcome import Outcome, Refused
from bot.features.details import rules
from tests.features.values import NOW, context, declared, incident

EARLIER = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


def _fill_in(request: DetailsFilled, *before: DetailsFilled) -> Outcome:
    facts = (declared(), *before)
    return rules.fill_in(incident(*facts), request, context(*facts))


def test_only_what_differs_is_recorded() -> None:
    known = DetailsFilled(family="safety", surface=Words("web chat"))
    request = DetailsFilled(family="safety", surface="web chat", seen=" It said \u0007 1,000 mg ")
    assert _fill_in(request, known).facts == (DetailsFilled(seen=Words("It said  1,000 mg")),)


def test_a_form_sent_unchanged_records_nothing() -> None:
    assert _fill_in(DetailsFilled()).facts == ()
    # Slack's picker knows whole seconds, the log keeps microseconds.
    shown = DetailsFilled(harm="unknown", aware_at=NOW.replace(microsecond=0), has_example=False)
    assert _fill_in(shown).facts == ()


def test_harm_that_stopped_without_a_time_stopped_now() -> None:
    assert _fill_in(DetailsFilled(harm="stopped")).facts == (
        DetailsFilled(harm="stopped", harm_stopped_at=NOW),
    )


def test_harm_that_stopped_keeps_the_time_it_was_given() -> None:
    assert _fill_in(DetailsFilled(harm="stopped", harm_stopped_at=EARLIER)).facts == (
        DetailsFilled(harm="stopped", harm_stopped_at=EARLIER),
    )


def test_harm_that_goes_on_again_loses_the_time_it_stopped() -> None:
    before = DetailsFilled(harm="stopped", harm_stopped_at=EARLIER)
    again = DetailsFilled(harm="ongoing", harm_stopped_at=EARLIER)
    outcome = _fill_in(again, before)
    assert outcome.facts == (DetailsFilled(harm="ongoing"),)
    assert incident(declared(), before, *outcome.facts).harm_stopped_at is None


def test_a_time_it_stopped_is_not_lost_because_the_choice_above_was_forgotten() -> None:
    with pytest.raises(Refused, match="Choose Stopped") as refused:
        _fill_in(DetailsFilled(harm="unknown", harm_stopped_at=EARLIER))
    assert refused.value.field == "harm_stopped_at"


@pytest.mark.parametrize("name", ["harm_stopped_at", "first_output_at", "aware_at"])
def test_a_time_in_the_future_is_refused_at_its_field(name: str) -> None:
    request = DetailsFilled(harm="stopped", **{name: NOW + timedelta(minutes=1)})
    with pytest.raises(Refused, match="lies in the future") as refused:
        _fill_in(request)
    assert refused.value.field == name


def test_a_tick_can_be_taken_back() -> None:
    ticked = DetailsFilled(has_example=True)
    assert _fill_in(DetailsFilled(has_example=False), ticked).facts == (
        DetailsFilled(has_example=False),
    )


def test_a_closed_incident_keeps_its_record() -> None:
    facts = (
        declared(),
        IncidentResolved(reason=Words("gone")),
        IncidentClosed(reason=Words("done")),
    )
    with pytest.raises(Refused, match="INC-12 is over. Reopen it to change its record."):
        rules.fill_in(incident(*facts), DetailsFilled(harm="ongoing"), context(*facts))


def test_harm_that_stopped_can_be_given_another_time() -> None:
    before = DetailsFilled(harm="stopped", harm_stopped_at=NOW)
    request = DetailsFilled(harm="stopped", harm_stopped_at=EARLIER)
    assert _fill_in(request, before).facts == (DetailsFilled(harm_stopped_at=EARLIER),)
