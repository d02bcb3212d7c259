"""What does whoever preserved a file read of what became of it?"""

from __future__ import annotations

from typing import Any

from bot.core.evidence import Evidence, Item
from bot.core.facts import Words
from bot.core.incident import Incident
from bot.features.fetching import blocks
from tests.features.evidence.values import LINK, awaited
from tests.features.values import POLICY, as_shown, declared
from tests.features.wording import HOSTILE, heard

FEW = ", ".join(POLICY.roles.get(role).label for role in POLICY.evidence.originals)
DROPPED: dict[str, Any] = {"source": "dropped", "permalink": LINK}


def told(**differing: Any) -> tuple[Incident, Item]:
    """The incident, and a file in it."""
    shown = as_shown(declared(), awaited(**{"name": Words("<trace>.json"), **differing}))
    [one] = shown.states.of(Evidence).all
    return shown.incident, one


def found(*kinds: str, is_held: bool = False, **differing: Any) -> str:
    """What is told of a file in which this was found."""
    post = blocks.found(*told(**differing), kinds, POLICY, is_held=is_held)
    assert post.to == "person/UMARA"
    return heard(post.content)


def test_a_file_that_did_not_come_is_told_to_whoever_asked_with_the_reason() -> None:
    post = blocks.missed(*told(), "It is empty, 0 bytes.")
    assert post.to == "person/UMARA"
    assert heard(post.content) == (
        "INC-12: E-1 (&lt;trace&gt;.json) is not kept. It is empty, 0 bytes."
    )


def test_what_was_found_in_a_file_is_told_with_who_may_open_the_original() -> None:
    assert found("email") == (
        "INC-12: E-1 (&lt;trace&gt;.json) holds an e-mail address. What is listed is a masked "
        f"copy; the original is for {FEW} and its custodian."
    )


def test_whoever_put_it_into_a_message_is_asked_to_delete_that_unless_it_is_held() -> None:
    assert found(**DROPPED) == (
        "INC-12: E-1 (&lt;trace&gt;.json) is kept for a named group alone. Please delete it in "
        f"Slack (<{LINK}|the message>): only you can."
    )
    assert found(is_held=True, **DROPPED).endswith(
        f" A legal hold is on, so please leave it in Slack (<{LINK}|the message>), and tell Legal."
    )


def test_the_longest_name_fits() -> None:
    found("email", name=Words(HOSTILE[:300]), **DROPPED)
