"""Which class may an incident have, and who hears of it early?"""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed
from bot.core.facts.people import PersonCalled
from bot.core.facts.severity import Classified, ImpactAssessed
from bot.core.outcome import Outcome, Refused
from bot.features.classification import rules
from tests.features.values import context, declared, incident

MODEL = Classified(bucket="model")
OVER = (declared(), IncidentClosed(reason=Words("done")))


def _classify(form: Classified, *facts: Fact) -> tuple[Fact, ...]:
    facts = (declared(), *facts)
    return rules.classify(incident(*facts), form, context(*facts)).facts


def _assess(*facts: Fact, **given: Any) -> Outcome:  # noqa: ANN401
    facts = (declared(), *facts)
    return rules.assess(incident(*facts), ImpactAssessed(**given), context(*facts))


def test_what_is_chosen_is_recorded_and_nothing_else() -> None:
    assert _classify(Classified(bucket="model", contributors=())) == (MODEL,)
    form = Classified(
        bucket="model",
        contributors=("data",),
        failure_mode="drift",
        intent="induced",
        effort=Words(" ten\u0007 turns "),
    )
    assert _classify(form, MODEL) == (
        Classified(
            contributors=("data",), failure_mode="drift", intent="induced", effort="ten turns"
        ),
    )


def test_a_form_sent_unchanged_records_nothing_even_with_a_reason() -> None:
    assert _classify(Classified(bucket="model", reason=Words("just so")), MODEL) == ()


def test_the_class_may_change_and_every_change_is_recorded() -> None:
    changed = Classified(bucket="data", reason=Words("the index was stale"))
    assert _classify(changed, MODEL) == (changed,)


def test_the_primary_bucket_is_no_contributor_of_its_own() -> None:
    both = Classified(bucket="model", contributors=("data", "model"))
    assert _classify(both) == (Classified(bucket="model", contributors=("data",)),)
    known = Classified(bucket="model", contributors=("data", "policy"))
    swapped = Classified(bucket="data", contributors=("data", "policy"))
    assert _classify(swapped, known) == (Classified(bucket="data", contributors=("policy",)),)


def test_ticks_can_be_taken_out_again() -> None:
    known = Classified(bucket="model", contributors=("data",))
    assert _classify(Classified(contributors=()), known) == (Classified(contributors=()),)
    assert _assess(ImpactAssessed(harm_kinds=("physical",)), harm_kinds=()).facts == (
        ImpactAssessed(harm_kinds=()),
    )


@pytest.mark.parametrize("given", [{}, {"harmed": Words(" ")}, {"harm_kinds": ()}])
def test_an_empty_checklist_records_nothing(given: dict[str, Any]) -> None:
    assert _assess(**given) == Outcome()


def test_only_what_is_new_on_the_checklist_is_recorded() -> None:
    known = ImpactAssessed(harmed=Words("patients"), loss="nothing")
    given = _assess(known, harmed=Words("patients"), loss="under_10k", promises=Words("a refund"))
    assert given.facts == (ImpactAssessed(loss="under_10k", promises=Words("a refund")),)


def test_none_stands_alone() -> None:
    assert _assess(harm_kinds=("nothing", "physical")).facts == (
        ImpactAssessed(harm_kinds=("nothing",)),
    )


@pytest.mark.parametrize(
    "given", [{"data_types": ("health",)}, {"legal_exposure": Words("a class action")}]
)
def test_exposure_calls_legal_and_privacy_early_and_once(given: dict[str, Any]) -> None:
    first = _assess(**given)
    called = [fact for fact in first.facts if isinstance(fact, PersonCalled)]
    assert [(one.role, one.about) for one in called] == [
        ("legal", "exposure"),
        ("privacy", "exposure"),
    ]
    again = _assess(*first.facts, data_types=("contact", "health"))
    assert [type(fact) for fact in again.facts] == [ImpactAssessed]


@pytest.mark.parametrize(
    "given",
    [
        {"data_types": ("nothing",)},
        {"legal_exposure": Words("None.")},
        {"legal_exposure": Words("no")},
        {"harmed": Words("patients")},
    ],
)
def test_no_exposure_calls_nobody(given: dict[str, Any]) -> None:
    [fact] = _assess(**given).facts
    assert isinstance(fact, ImpactAssessed)


def test_what_the_policy_does_not_offer_is_refused() -> None:
    with pytest.raises(Refused, match="^The policy does not offer gremlins any more.") as refused:
        _classify(Classified(bucket="gremlins"))
    assert refused.value.field == "bucket"
    with pytest.raises(Refused, match="does not offer souls") as refused:
        _assess(data_types=("health", "souls"))
    assert refused.value.field == "data_types"


def test_long_words_are_refused_where_they_stand() -> None:
    with pytest.raises(Refused, match="^That is 10,000 characters; keep it to 1,000") as refused:
        _assess(harmed=Words("x" * 10_000))
    assert refused.value.field == "harmed"


def test_what_is_over_keeps_its_class() -> None:
    with pytest.raises(Refused, match="^INC-12 is over. Reopen it to go on.$"):
        rules.classify(incident(*OVER), MODEL, context(*OVER))
    with pytest.raises(Refused, match="^INC-12 is over. Reopen it to go on.$"):
        rules.assess(incident(*OVER), ImpactAssessed(loss="nothing"), context(*OVER))
