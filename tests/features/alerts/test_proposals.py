"""When are people asked whether an alert is an incident, and who takes the question away?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.alerts import Alert
from bot.core.blockkit import when
from bot.core.facts import Fact, Words
from bot.core.facts.house import AlertDismissed, AlertProposed
from bot.core.incident import Incident
from bot.core.messages import Keep
from bot.core.outcome import Outcome, Refused
from bot.features.alerts import rules
from bot.features.alerts.rules import Dismiss, Propose
from bot.features.alerts.state import Alerts, Proposal
from tests.features.values import NOW, POLICY, context, told

HOUSE = Incident(0)
ALERT = Alert("alert one", "Refusals dropped", "grafana", "warning", "f1", None)
AGAIN = replace(ALERT, key="alert two")
FIRST = AlertProposed(
    alert="alert one",
    fingerprint="f1",
    proposal=1,
    place="announce",
    source="grafana",
    title=Words("Refusals dropped"),
)
COUNTED = FIRST.model_copy(update={"alert": "alert two"})
ANEW = COUNTED.model_copy(update={"proposal": 2})
DISMISSED = AlertDismissed(fingerprint="f1", proposal=1)
WINDOW = POLICY.paging.alerts.fold_window


def _propose(
    alert: Alert, *facts: Fact, later: timedelta | None = None, is_spent: bool = False
) -> Outcome:
    known = context(*facts, actor="warroom", later=later)
    return rules.propose(HOUSE, Propose(alert, "announce", is_spent), known)


def _kept(outcome: Outcome) -> Keep:
    (kept,) = outcome.messages
    assert isinstance(kept, Keep)
    return kept


def test_an_alert_asks_people_and_it_is_recorded() -> None:
    outcome = _propose(ALERT)
    assert outcome.facts == (FIRST,)
    kept = _kept(outcome)
    assert (kept.slot, kept.to) == ("alert/f1/1", "announce")
    assert kept.content.text.startswith("Alert from grafana, which would be SEV2: Refusals dropped")


def test_the_same_trouble_again_counts_in_the_same_message() -> None:
    outcome = _propose(AGAIN, FIRST, later=timedelta(minutes=6))
    assert outcome.facts == (COUNTED,)
    kept = _kept(outcome)
    assert kept.slot == "alert/f1/1"
    assert kept.content.text == (
        "Alert from grafana, which would be SEV2, told 2 times, "
        f"last {when(NOW + timedelta(minutes=6))}: Refusals dropped. "
        "Declare an incident, or dismiss it."
    )


def test_the_same_delivery_asks_nobody_again() -> None:
    assert _propose(ALERT, FIRST) == Outcome()
    assert _propose(ALERT, FIRST, DISMISSED) == Outcome()


@pytest.mark.parametrize(
    ("facts", "later", "is_spent"),
    [
        ((FIRST, DISMISSED), timedelta(0), False),
        ((FIRST,), timedelta(0), True),
        ((FIRST,), WINDOW + timedelta(seconds=1), False),
    ],
)
def test_what_was_dismissed_declared_or_is_long_ago_is_asked_anew(
    facts: tuple[Fact, ...], later: timedelta, is_spent: bool
) -> None:
    outcome = _propose(AGAIN, *facts, later=later, is_spent=is_spent)
    assert outcome.facts == (ANEW,)
    assert _kept(outcome).slot == "alert/f1/2"
    assert "told" not in _kept(outcome).content.text


def test_within_the_window_it_is_the_same_trouble_to_the_second() -> None:
    assert _propose(AGAIN, FIRST, later=WINDOW).facts == (COUNTED,)


def test_another_trouble_is_asked_about_by_itself() -> None:
    other = replace(ALERT, key="alert three", fingerprint="f2")
    assert _kept(_propose(other, FIRST, COUNTED)).slot == "alert/f2/1"


def test_a_dismissal_stands_in_place_of_the_question() -> None:
    there = FIRST.model_copy(update={"place": "person/UJUN"})
    outcome = rules.dismiss(HOUSE, Dismiss("f1", 1), context(there, actor="UKOFI"))
    assert outcome.facts == (DISMISSED,)
    kept = _kept(outcome)
    assert (kept.slot, kept.to) == ("alert/f1/1", "person/UJUN")
    assert kept.content.text == "An alert was dismissed by <@UKOFI>."


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ((FIRST, DISMISSED), "<@UMARA> has dismissed it already."),
        ((FIRST, ANEW), "There is a newer message about this alert. Dismiss that one."),
        ((), "There is a newer message about this alert. Dismiss that one."),
    ],
)
def test_what_is_dismissed_or_overtaken_is_not_dismissed(
    facts: tuple[Fact, ...], sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        rules.dismiss(HOUSE, Dismiss("f1", 1), context(*facts, actor="UKOFI"))
    assert str(refused.value) == sentence


def test_the_newest_proposal_of_a_trouble_is_the_one_that_is_known() -> None:
    seen = told((0, "warroom", FIRST), (4, "warroom", COUNTED), (9, "UKOFI", DISMISSED))
    assert dict(seen.states.of(Alerts).proposals) == {
        "f1": Proposal(1, NOW, NOW + timedelta(minutes=4), 2, "announce", "UKOFI")
    }
    third = ANEW.model_copy(update={"alert": "alert three"})
    after = told((0, "warroom", FIRST), (9, "UKOFI", DISMISSED), (12, "warroom", third))
    later = NOW + timedelta(minutes=12)
    assert after.states.of(Alerts).proposals["f1"] == Proposal(2, later, later, 1, "announce")
    assert after.states.of(Alerts).keys == {"alert one", "alert three"}
