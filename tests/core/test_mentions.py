"""Are people and groups read out of the words people type?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import mentions

IDS = st.from_regex(r"[UW][A-Z0-9]{2,10}", fullmatch=True)


@pytest.mark.parametrize(
    ("typed", "ids", "words"),
    [
        ("<@U1> check the logs", ("U1",), "check the logs"),
        ("ask <@U1|mara>, then <@W2> twice", ("U1", "W2"), "ask , then twice"),
        ("<@U1> and <@U1> again", ("U1",), "and again"),
        ("  nobody here ", (), "nobody here"),
        ("first line\nfor <@U1>", ("U1",), "first line\nfor"),
        ("<#C1|general> <!here> <!subteam^S1>", (), "<#C1|general> <!here> <!subteam^S1>"),
        ("&lt;@U1&gt; is what a person typed", (), "&lt;@U1&gt; is what a person typed"),
    ],
)
def test_people_are_taken_out_in_order_and_once(
    typed: str, ids: tuple[str, ...], words: str
) -> None:
    assert mentions.people(typed) == (ids, words)


def test_groups_are_taken_out_and_people_stay() -> None:
    typed = "<!subteam^S1|@safety> <@U1> look <!subteam^S2>"
    assert mentions.group(typed) == (("S1", "S2"), "<@U1> look")


@pytest.mark.parametrize(
    ("word", "person"),
    [
        ("<@U1>", "U1"),
        (" <@W2|mara> ", "W2"),
        ("<@U1> please", None),
        ("<!subteam^S1>", None),
        ("@mara", None),
        ("", None),
    ],
)
def test_a_word_is_a_person_only_when_it_is_nothing_else(word: str, person: str | None) -> None:
    assert mentions.person(word) == person


@given(st.lists(IDS, min_size=1, max_size=5, unique=True))
def test_everybody_who_was_mentioned_is_found(ids: list[str]) -> None:
    assert mentions.people(" ".join(f"<@{one}>" for one in ids)) == (tuple(ids), "")
