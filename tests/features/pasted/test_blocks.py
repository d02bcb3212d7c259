"""What is somebody asked who pasted what does not belong in a room?"""

from __future__ import annotations

from typing import Any

import pytest

from bot.features.pasted import blocks
from tests.features.evidence.values import LINK, preserved
from tests.features.values import declared, incident
from tests.features.wording import heard

HEAD = f"Your message in INC-12 (<{LINK}|the message>) holds an e-mail address and a card number. "
PASTED: dict[str, Any] = {
    "source": "pasted", "permalink": LINK, "author": "UNOOR", "found": ("email", "card"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("is_raw_kept", "is_held", "said"),
    [
        (
            True,
            False,
            "Please delete it in Slack: only you can. Then say it again without. Our own copy is "
            "sealed as E-1.",
        ),
        (
            False,
            False,
            "Please delete it in Slack: only you can. Then say it again without. We keep no copy "
            "of it.",
        ),
        (
            True,
            True,
            "A legal hold is on, so please leave the message, and tell whoever holds Legal. Our "
            "own copy is sealed as E-1.",
        ),
    ],
)
def test_its_author_is_asked_privately_for_what_only_they_can_do(
    is_raw_kept: bool, is_held: bool, said: str
) -> None:
    fact = preserved(**PASTED, is_raw_kept=is_raw_kept)
    post = blocks.please_delete(incident(declared()), fact, is_held)
    assert post.to == "person/UNOOR"
    assert heard(post.content) == HEAD + said
