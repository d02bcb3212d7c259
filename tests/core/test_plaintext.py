"""Which files are text, and is all of a long one looked through?"""

from __future__ import annotations

import pytest

from bot.core import plaintext, redaction
from tests.features.values import POLICY

EVIDENCE = POLICY.evidence


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"a,b\r\n1,2\n", "a,b\r\n1,2\n"),
        ("Grüße, 03:40\n".encode(), "Grüße, 03:40\n"),
        ("\ufeffa;b".encode(), "a;b"),
        ("Grüße\n".encode("utf-16"), "Grüße\n"),
        (b"caf\xe9 au lait\n", "café au lait\n"),
        (b"\x1b[31merror\x1b[0m a@x.example", "\x1b[31merror\x1b[0m a@x.example"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", None),
        (b"PK\x03\x04 a@x.example", None),
        (b"\xff\xfeodd", None),
        (b"", ""),
    ],
)
def test_text_is_known_by_its_content(content: bytes, text: str | None) -> None:
    assert plaintext.decoded(content) == text


def test_what_is_found_is_masked_in_the_whole_of_a_long_file() -> None:
    rows = [f"{n},user{n}@mail.example,+49 30 {9_000_000 + n}" for n in range(8000)]
    scan = plaintext.scan("\n".join(rows), EVIDENCE)
    assert scan.found == ("email", "phone")
    assert scan.masked.splitlines()[-1] == "7999,[e-mail address 8000],[phone number 8000]"
    assert "@" not in scan.masked
    assert "+49" not in scan.masked


def test_a_long_line_is_looked_through_without_cutting_what_stands_in_it() -> None:
    german = EVIDENCE.model_copy(update={"phone_region": "DE"})
    line = ", ".join(f"call {n} at 030 9000000 or so" for n in range(200))
    assert redaction.clear(line, german).count("[phone number 1]") == 200


def test_what_holds_nothing_of_the_kind_stays_as_it_is() -> None:
    text = "2026-11-21T03:40:00+00:00 INFO status=200 tokens=1234\n" * 50
    assert plaintext.scan(text, EVIDENCE) == plaintext.Scan((), text)
