"""How are incidents, rooms and chains called, in any language?"""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import ids


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Chatbot gives unsafe dosage advice", "chatbot-gives-unsafe-dosage-advice"),
        ("  PII -- leaked!!  ", "pii-leaked"),
        ("Überhöhte Dosis für Kinder", "uberhohte-dosis-fur-kinder"),
        ("Чат-бот даёт опасный совет", "chat-bot-daet-opasnyy-sovet"),
        ("聊天机器人", "liaotianjiqiren"),
        ("🔥🔥🔥", "incident"),
        ("!?", "incident"),
        ("", "incident"),
        (None, "incident"),
    ],
)
def test_a_room_is_named_in_latin_letters(title: str | None, slug: str) -> None:
    assert ids.room_name(12, title, is_test=False) == f"inc-12-{slug}"


def test_a_long_name_is_cut_without_a_dash_at_the_end() -> None:
    name = ids.room_name(12, "word " * 40, is_test=True)
    assert name.startswith("inc-12-test-word-word")
    assert 75 < len(name) <= 80
    assert not name.endswith("-")


@given(st.text(max_size=200), st.integers(1, 10**9), st.booleans())
def test_slack_takes_every_name(title: str, number: int, is_test: bool) -> None:
    name = ids.room_name(number, title, is_test=is_test)
    assert re.fullmatch(rf"inc-{number}-[a-z0-9]+(-[a-z0-9]+)*", name)
    assert len(name) <= ids.ROOM_NAME_CHARS


@pytest.mark.parametrize("word", ["INC-12", "inc-12", "Inc12", "#12", "12", "#inc-12"])
def test_a_reference_is_read_as_people_write_it(word: str) -> None:
    assert ids.parse_reference(word) == 12


@pytest.mark.parametrize("word", ["", "INC", "INC-", "12a", "x12", "1.2", "-12", "INC-12 gone"])
def test_other_words_are_no_reference(word: str) -> None:
    assert ids.parse_reference(word) is None


def test_a_reference_is_read_back() -> None:
    assert ids.parse_reference(ids.reference(7)) == 7


@given(st.text(max_size=100))
def test_clean_text_has_nothing_unseen_in_it(text: str) -> None:
    cleaned = ids.clean(text)
    assert ids.clean(cleaned) == cleaned
    controls = [char for char in cleaned if unicodedata.category(char) == "Cc"]
    assert set(controls) <= {"\t", "\n", *map(chr, range(0x80, 0xA0))}
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ue000")


def test_clean_text_keeps_words_lines_and_emoji() -> None:
    assert ids.clean(" שלום\u202e\n👩‍🔬 x\u0000y ") == "שלום\n👩‍🔬 xy"


@pytest.mark.parametrize(
    ("text", "has"),
    [("a", True), ("聊", True), ("٣", True), ("🔥", False), ("?!", False), ("", False)],
)
def test_words_have_a_letter_or_a_digit(text: str, has: bool) -> None:
    assert ids.has_words(text) is has
