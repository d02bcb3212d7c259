"""What does somebody read whose file could not be had?"""

from __future__ import annotations

from bot.core.evidence import Evidence
from bot.core.facts import Words
from bot.features.fetching import blocks
from tests.features.evidence.values import awaited
from tests.features.values import as_shown, declared
from tests.features.wording import HOSTILE, heard


def test_a_file_that_did_not_come_is_told_to_whoever_asked_with_the_reason() -> None:
    shown = as_shown(declared(), awaited(name=Words("<trace>.json")))
    [one] = shown.states.of(Evidence).all
    post = blocks.missed(shown.incident, one, "It is empty, 0 bytes.")
    assert post.to == "person/UMARA"
    assert heard(post.content) == (
        "INC-12: E-1 (&lt;trace&gt;.json) is not kept. It is empty, 0 bytes."
    )
    long = as_shown(declared(), awaited(name=Words(HOSTILE[:300])))
    [other] = long.states.of(Evidence).all
    heard(blocks.missed(long.incident, other, "It is empty, 0 bytes.").content)
