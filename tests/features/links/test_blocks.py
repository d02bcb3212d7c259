"""What does one read when a link leads nowhere?"""

from __future__ import annotations

from bot.core.evidence import Evidence
from bot.features.links import blocks
from tests.features.evidence.values import preserved
from tests.features.values import as_shown, declared
from tests.features.wording import HOSTILE, heard


def test_whoever_preserved_a_link_reads_why_there_is_no_snapshot_of_it() -> None:
    shown = as_shown(declared(), preserved(source="link"))
    [one] = shown.states.of(Evidence).all
    post = blocks.missed(shown.incident, one, "<its> name leads to a private address.")
    assert (post.name, post.to) == ("incident/12 no snapshot 1 3", "person/UMARA")
    assert heard(post.content) == (
        "INC-12: E-1 keeps the link and its hash, and no snapshot. "
        "&lt;its&gt; name leads to a private address."
    )
    heard(blocks.missed(shown.incident, one, HOSTILE[:300]).content)
