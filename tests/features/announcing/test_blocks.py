"""Does a roll of announcements say the same as they would, and fit into a message?"""

from __future__ import annotations

import pytest

from bot.core import blockkit
from bot.core.outcome import Shown
from bot.features.announcing import blocks
from tests.features.values import TITLE, as_shown, declared
from tests.screen import shown

SUM_CHARS, EACH_BLOCK_CHARS = 13_172, 125  # what Slack takes in all blocks of a message


def standing(count: int, title: str = TITLE) -> list[tuple[Shown, str]]:
    """As many incidents, each in a room of its own."""
    return [(as_shown(declared(title=title)), f"C{number:010d}") for number in range(count)]


def test_each_incident_has_a_line_and_a_way_in() -> None:
    roll = blocks.roll(standing(1))
    line = f"INC-12 · SEV1 · Investigating · <#C0000000000>: \u2068{TITLE}\u2069"
    assert roll.text == f"Incidents announced together, 1 so far:\n{line}"
    read = shown(roll.to_json()["blocks"])
    assert read == f"Incidents announced together, 1 so far\nJoin\n{line}"


@pytest.mark.parametrize("title", ["x" * 150, "<" * 150, "A & B " * 25])
def test_twenty_five_long_titles_fit_into_what_slack_lets_be_changed(title: str) -> None:
    roll = blocks.roll(standing(25, title))
    assert len(roll.text) <= blockkit.CHANGED_CHARS
    assert roll.text.count("INC-12 · SEV1 · Investigating · <#C") == 25
    assert len(shown(roll.to_json()["blocks"])) + 26 * EACH_BLOCK_CHARS <= SUM_CHARS
