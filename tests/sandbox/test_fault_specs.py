"""How is a fault written?"""

from __future__ import annotations

import pytest

from bot.sandbox.faults import Fault, parse


def test_a_fault_is_read_from_its_written_form() -> None:
    assert parse("chat.postMessage:429:3") == Fault("chat.postMessage", "429", times=3)
    assert parse("*:latency:seconds=0.5:chance=0.2:seed=4") == Fault(
        "*", "latency", seconds=0.5, chance=0.2, seed=4
    )


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("chat.postMessage", "A fault is written"),
        (":429", "A fault is written"),
        ("chat.postMessage:418", "There is no fault '418'. There are: latency, 429, 500"),
        ("chat.postMessage:429:many", "A fault is written"),
        ("chat.postMessage:429:colour=red", "A fault is written"),
        ("chat.postMessage:429:0", "A fault strikes at least once."),
        ("chat.postMessage:429:seconds=-1", "The seconds of a fault are 0 to 86,400."),
        ("chat.postMessage:429:seconds=nan", "The seconds of a fault are 0 to 86,400."),
        ("chat.postMessage:429:chance=2", "The chance of a fault is above 0 and at most 1."),
    ],
)
def test_what_is_no_fault_is_told_in_a_sentence(spec: str, says: str) -> None:
    with pytest.raises(ValueError, match="^" + says.replace("(", r"\(").split(". There are")[0]):
        parse(spec)
