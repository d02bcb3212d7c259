"""What does somebody read who reports a near miss?"""

from __future__ import annotations

from bot.features.nearmiss import blocks
from tests.screen import shown


def test_the_form_has_two_fields_and_the_words_already_typed() -> None:
    view = blocks.near_miss_modal("A key leaked").to_dict()
    assert view["title"]["text"] == "Report a near miss"
    what, caught_by = view["blocks"]
    assert what["label"]["text"] == "What nearly happened?"
    assert what["element"]["initial_value"] == "A key leaked"
    assert caught_by["label"]["text"] == "What caught it?"


def test_the_reporter_reads_the_number_and_that_nobody_was_called() -> None:
    assert shown(blocks.near_miss_page(3).to_dict()["blocks"]) == (
        "Recorded as near miss NM-3. No room was opened and nobody was called. "
        "Thank you: the next one may not be caught."
    )
