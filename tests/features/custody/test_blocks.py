"""What is asked of whoever hands evidence on, and what do they read afterwards?"""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.evidence import Evidence, Item
from bot.core.facts import Words
from bot.features.custody import blocks
from tests.features.evidence.values import preserved
from tests.features.values import POLICY, as_shown, declared, incident
from tests.features.wording import HOSTILE, form, frame, labels
from tests.features.wording import words as paragraphs


def item(**differing: Any) -> Item:  # noqa: ANN401 (any field of the fact)
    """E-1, but for what differs."""
    [one] = as_shown(declared(), preserved(**differing)).states.of(Evidence).all
    return one


@pytest.mark.parametrize(
    ("act", "title", "asks", "done"),
    [
        ("transfer", "Hand on", ["To whom?", "Why?"], "<@UMARA> answers for E-1 now."),
        ("label", "Label anew", ["How far may it go?", "Why?"], "E-1 is labelled anew."),
        (
            "seal",
            "Seal",
            ["Why?"],
            "E-1 is sealed: only the policy's few may open the original.",
        ),
        ("hold", "Hold", ["Why?"], "E-1 is on hold: it is not erased."),
        ("lift", "Lift hold", ["Why?"], "The hold on E-1 is lifted."),
        (
            "erase",
            "Erase",
            ["Why?"],
            "E-1 is erased. Its hash, the reason and your name stay.",
        ),
    ],
)
def test_each_act_asks_for_its_reason_and_says_what_was_done(
    act: str, title: str, asks: list[str], done: str
) -> None:
    view = blocks.act_modal(incident(declared()), item(), act, POLICY)
    named, submit, _ = frame(view)
    assert named == f"{title} E-1"
    assert submit == title
    assert labels(view) == asks
    assert paragraphs(view)[0] == "*E-1* Take &lt;4&gt; g"
    assert blocks.done(item(), act) == done


def test_whoever_erases_reads_first_what_cannot_be_undone() -> None:
    view = blocks.act_modal(incident(declared()), item(), "erase", POLICY)
    assert paragraphs(view)[1] == (
        "Its key is destroyed: nobody can read it again. Hash, reason and your name stay."
    )


def test_what_may_harm_is_not_named_by_its_words() -> None:
    view = blocks.act_modal(incident(declared()), item(kind="exchange"), "seal", POLICY)
    assert paragraphs(view) == ["*E-1* words behind a warning"]


def test_the_longest_name_fits() -> None:
    form(blocks.act_modal(incident(declared()), item(name=Words(HOSTILE)), "label", POLICY))


def test_a_legal_hold_is_told_as_it_goes_on_and_off() -> None:
    one = incident(declared())
    assert blocks.held(one, is_held=True) == (
        "INC-12 is on legal hold. Nothing is erased; the summary says so."
    )
    assert blocks.held(one, is_held=False) == (
        "The legal hold on INC-12 is lifted. Retention counts again."
    )
