"""Which words of a topic are ours, and which are people's?"""

from __future__ import annotations

import html

import pytest

from bot.core import topic
from bot.core.incident import STATUS

OURS = "INC-1 · SEV0 · Investigating · \u2068Unsafe doses\u2069"
TITLED = "INC-1 · SEV1 · Investigating · \u2068Unsafe doses\u2069"
BARE = "INC-1 · SEV1 · Mitigated"
WORDS = "bridge: ask Jun · INC-2 is Mitigated"


@pytest.mark.parametrize("status", STATUS.values())
@pytest.mark.parametrize("severity", ["SEV1", "Not sure yet (treated as SEV1)"])
@pytest.mark.parametrize("major", [(), ("MAJOR",)])
@pytest.mark.parametrize("title", [None, "Unsafe doses", "[erased]", "a · <b> · c", "&<>" * 50])
def test_ours_in_any_form_is_known_and_words_behind_it_stay(
    severity: str, major: tuple[str, ...], status: str, title: str | None
) -> None:
    stood = html.unescape(topic.ours("INC-1", (severity, *major, status), title))
    assert topic.theirs(stood, OURS) == ""
    assert topic.theirs(f"{stood} · {WORDS}", OURS) == WORDS
    assert topic.begins_again(f" · {stood}", OURS)


def test_ours_that_stands_there_twice_goes_twice() -> None:
    assert topic.theirs(f"{TITLED} · {BARE} · {TITLED} · {WORDS}", OURS) == WORDS
    cut_off = "INC-1 · SEV1 · Investigating · \u2068Unsafe do…"
    assert topic.theirs(f"{TITLED} · {cut_off}", OURS) == ""


@pytest.mark.parametrize(
    "words",
    [
        WORDS,
        "",
        "INC-12 · SEV1 · Mitigated",
        "TEST INC-1 · SEV1 · Mitigated",
        "INC-1 · SEV1 · Investigating the doses",
        "INC-1 · ask Jun",
        "see INC-1 · SEV1 · Mitigated",
        "\u2068Unsafe doses\u2069",
    ],
)
def test_words_of_people_stay_as_they_are(words: str) -> None:
    assert topic.theirs(words, OURS) == words
    assert not topic.begins_again(words, OURS)
