"""Which runbooks come first for what is known of an incident?"""

from __future__ import annotations

import pytest

from runbooks.library import load_library
from tests.runbooks.tables import POLICY


@pytest.mark.parametrize(
    ("family", "mode", "rank", "first"),
    [
        ("safety", None, 1, "safety-incident"),
        ("safety", "bias_spike", 1, "bias-spike"),
        ("safety", "leakage", 0, "data-leakage"),
        ("functional", None, 2, "functional-quality-regression"),
        ("narrative", None, 2, "narrative-incident"),
        ("safety", "misuse", 1, "safety-incident"),
        (None, "leakage", 0, "data-leakage"),
    ],
)
def test_the_best_fit_is_offered_first(
    family: str | None, mode: str | None, rank: int, first: str
) -> None:
    assert load_library(None, POLICY).fitting(family, mode, rank)[0].pin.id == first


def test_what_fits_neither_is_not_offered() -> None:
    offered = load_library(None, POLICY).fitting("narrative", None, 2)
    assert [one.pin.id for one in offered] == ["narrative-incident"]


def test_where_nothing_is_known_the_most_general_comes_first() -> None:
    assert load_library(None, POLICY).general(1)[0].pin.id == "model-output-causing-harm"
