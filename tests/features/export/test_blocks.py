"""What does somebody read who takes a record along?"""

from __future__ import annotations

from bot.features.export import blocks
from tests.features.values import declared, incident

HASH = "ab" * 32


def test_the_record_comes_with_what_it_takes_to_read_and_to_check_it() -> None:
    one = incident(declared())
    assert blocks.on_its_way(one) == (
        "The record of INC-12 comes to you by direct message as a ZIP. That you took it along is "
        "on the timeline."
    )
    assert blocks.brought(one, 74, HASH, "cd" * 32) == (
        "The record of INC-12 up to fact 74. Unpack it and open index.html; it may quote what the "
        f"model said.\nTo check it: `python3 verify.py --sha256 {HASH}`\n"
        f"SHA-256 of this file: `{'cd' * 32}`"
    )
    assert blocks.file_name(one, HASH) == "INC-12-record-abababababab.zip"


def test_a_long_record_says_that_it_comes_later_and_when_to_ask_again() -> None:
    assert blocks.LATER == (
        "The record is long. It comes to you by direct message as soon as it is put together; if "
        "nothing has come in a minute, ask again."
    )
