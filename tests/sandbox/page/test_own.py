"""Does an edit begin with what the author typed?"""

from __future__ import annotations

import pytest

from bot.sandbox.page import own

HANDLES = {"U0LEGAL": "elena"}
CHANNELS = {"C0INCIDENTS": "incidents", "C0RISK": "risk"}


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("ask <@U0LEGAL> &amp; wait", "ask @elena & wait"),
        ("<!here> see <#C0INCIDENTS|incidents>", "@here see #incidents"),
        ("in <#C0RISK|>", "in #risk"),
        ("<!subteam^S0SAFETY|@safety> please", "@safety please"),
        ("<https://x.test/a?b=1&amp;c=2>", "https://x.test/a?b=1&c=2"),
        ("<mailto:a@b.test|a@b.test>", "a@b.test"),
    ],
)
def test_an_edit_begins_with_what_was_typed(stored: str, typed: str) -> None:
    assert own.typed_again(stored, HANDLES, CHANNELS) == typed
