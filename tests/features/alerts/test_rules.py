"""When does an alert belong to an incident that is open?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.alerts import Alert
from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed, IncidentResolved
from bot.core.facts.people import AlertTaken
from bot.core.facts.status import IncidentCancelled
from bot.core.outcome import Outcome, Refused
from bot.features.alerts import rules
from bot.features.alerts.state import Alerts, Seen
from tests.features.values import NOW, context, declared, incident, states, told

LINK = "https://grafana.test/d/1"
ALERT = Alert("alert two", "Refusals dropped", "grafana", "critical", "f1", LINK)
FIRST = AlertTaken(
    alert="alert one",
    source="grafana",
    title=Words("Refusals dropped"),
    fingerprint="f1",
    severity_word="critical",
    link=LINK,
    is_first=True,
)
AGAIN = FIRST.model_copy(update={"alert": "alert two", "is_first": False})
OPEN: tuple[Fact, ...] = (declared(), FIRST)


def test_the_same_trouble_told_of_again_is_recorded_and_nobody_is_written_to() -> None:
    outcome = rules.fold_in(incident(*OPEN), ALERT, context(*OPEN))
    assert outcome == Outcome((AGAIN,))


def test_the_same_delivery_changes_nothing() -> None:
    twice = replace(ALERT, key="alert one")
    assert rules.fold_in(incident(*OPEN), twice, context(*OPEN)) == Outcome()
    over = (*OPEN, IncidentClosed(reason=Words("done")))
    assert rules.fold_in(incident(*over), twice, context(*over)) == Outcome()


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        (IncidentResolved(reason=Words("gone")), "INC-12 is resolved."),
        (IncidentClosed(reason=Words("done")), "INC-12 is closed."),
        (
            IncidentCancelled(reason=Words("no harm"), detector_fix=Words("x")),
            "INC-12 is cancelled.",
        ),
    ],
)
def test_what_has_ended_takes_no_alert_any_more(end: Fact, sentence: str) -> None:
    facts = (*OPEN, end)
    with pytest.raises(Refused) as refused:
        rules.fold_in(incident(*facts), ALERT, context(*facts))
    assert str(refused.value) == sentence


def test_one_trouble_is_counted_as_its_newest_alert_tells_it() -> None:
    renamed = AGAIN.model_copy(update={"title": Words("Refusals gone"), "link": None})
    proposed = FIRST.model_copy(update={"was_proposed": True})
    seen = told((0, "UMARA", declared()), (0, "UMARA", proposed), (7, "warroom", renamed))
    alerts = seen.states.of(Alerts)
    assert dict(alerts.by_fingerprint) == {
        "f1": Seen("Refusals gone", "grafana", None, 2, NOW + timedelta(minutes=7), True)
    }
    assert alerts.keys == {"alert one", "alert two"}


def test_another_trouble_is_counted_by_itself() -> None:
    other = AGAIN.model_copy(update={"fingerprint": "f2"})
    alerts = states(*OPEN, other).of(Alerts)
    assert {name: one.count for name, one in alerts.by_fingerprint.items()} == {"f1": 1, "f2": 1}
