"""How is an update's impact told, and who holds a role?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core import telling
from bot.core.facts import Words
from bot.core.facts.roles import RoleAccepted, RoleOffered
from bot.core.facts.updates import UpdatePosted
from tests.features.values import NOW, as_shown, declared
from tests.screen import shown


def test_an_impact_is_a_number_or_said_to_be_open() -> None:
    known = UpdatePosted(number=1, harm="unknown", impact=Words("40 users"), is_impact_known=True)
    assert telling.impact(known) == "40 users"
    guessed = UpdatePosted(number=1, harm="unknown", impact=Words("some users"))
    assert telling.impact(guessed) == ("Under investigation; first evidence shows: some users")
    assert telling.impact(UpdatePosted(number=1, harm="unknown")) is None


def test_when_the_next_update_is_due_is_said_where_one_is_owed() -> None:
    at = int((NOW + timedelta(minutes=15)).timestamp())
    told = as_shown(declared())
    assert telling.next_update(told) == (
        f"next update due <!date^{at}^{{date_short_pretty}} {{time}}|2026-11-21 03:27 UTC>"
    )
    assert telling.next_update(replace(told, deadlines=())) is None


def test_rows_with_nothing_in_them_are_left_out_and_typed_words_are_escaped() -> None:
    said, blocks = telling.lines([("Impact", "<!channel> & co"), ("Asks", None), ("Risks", "")])
    assert said == "Impact: &lt;!channel&gt; &amp; co"
    assert shown([one.to_dict() for one in blocks]) == "*Impact*\n&lt;!channel&gt; &amp; co"


def test_a_long_row_is_cut_for_the_message() -> None:
    said, _ = telling.lines([("Impact", "x" * 751)])
    assert said == f"Impact: {'x' * 749}…"


def test_who_holds_a_role_who_was_asked_or_that_nobody_does() -> None:
    facts = (
        declared(),
        RoleAccepted(role="comms", person="UKOFI", is_external=True),
        RoleOffered(role="comms", person="UJUN", is_handoff=True),
        RoleOffered(role="legal", person="UGUEST", is_external=True),
    )
    told = as_shown(*facts)
    assert telling.holder(told, "ic") == "<@UMARA>, acting"
    assert telling.holder(told, "comms") == "<@UKOFI> EXTERNAL; <@UJUN> was asked"
    assert telling.holder(told, "legal") == "<@UGUEST> was asked EXTERNAL"
    assert telling.holder(told, "safety") == "nobody"
    taken = as_shown(*facts, RoleAccepted(role="ic", person="UIDRIS"))
    assert telling.holder(taken, "ic") == "<@UIDRIS>"
