"""What is found in what people paste, and what is left alone?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import redaction
from bot.core.redaction import Finding
from tests.features.values import POLICY

EVIDENCE = POLICY.evidence
SECRETS = [
    "xoxb-" + "123456789012-abcdefghijkl",
    "https://hooks.slack.com/services/T000/B000/XXXXXXXX",
    "ghp_" + "a" * 36,
    "github_pat_" + "a" * 40,
    "glpat-" + "a" * 20,
    "AKIA" + "IOSFODNN7EXAMPLE",
    "AIza" + "B" * 35,
    "sk-proj-" + "a" * 40,
    "sk_live_" + "a" * 24,
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
    "SG." + "a" * 22 + "." + "b" * 43,
    "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAA==\n-----END RSA PRIVATE KEY-----",
]
FOUND = {
    "write to ana.maria+x@clinic.example now": ("email", "ana.maria+x@clinic.example"),
    "<mailto:ana@clinic.example|ana@clinic.example>": (
        "email", "<mailto:ana@clinic.example|ana@clinic.example>",
    ),
    "call +44 20 7946 0958 today": ("phone", "+44 20 7946 0958"),
    "call <tel:+442079460958|+44 20 7946 0958>": (
        "phone", "<tel:+442079460958|+44 20 7946 0958>",
    ),
    "card 4111 1111 1111 1111": ("card", "4111 1111 1111 1111"),
    "card 378282246310005.": ("card", "378282246310005"),
    "postgres://app:s3cret@db.example/x": ("secret", "app:s3cret@db.example"),
}  # fmt: skip
LEFT_ALONE = [
    "1,000 mg every 4 hours, chat 88213",
    "INC-12 at 03:40, rollout 40 %, v4.1.2",
    "card 4111 1111 1111 1112",  # its check digit is wrong
    "0000 0000 0000 0000",
    "1732160400.123456",  # a ts of Slack's
    "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "<@U0ONCALL> see <#C0GENERAL|general> and https://grafana.example/d/1",
]


def spans(text: str) -> list[tuple[str, str]]:
    """What was found, with its kind."""
    return [(one.kind, text[one.start : one.end]) for one in redaction.found(text, EVIDENCE)]


@pytest.mark.parametrize("text", FOUND)
def test_personal_data_is_found_where_it_stands(text: str) -> None:
    assert spans(text) == [FOUND[text]]


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: secret[:8])
def test_a_secret_is_covered_whole(secret: str) -> None:
    assert redaction.clear(f"use {secret} please", EVIDENCE) == "use [secret 1] please"


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert spans(text) == []


def test_the_same_address_has_the_same_mark_and_another_has_another() -> None:
    text = "a@x.example wrote b@x.example, then a@x.example again"
    assert redaction.clear(text, EVIDENCE) == (
        "[e-mail address 1] wrote [e-mail address 2], then [e-mail address 1] again"
    )


def test_addresses_of_ones_own_house_are_no_personal_data() -> None:
    own = EVIDENCE.model_copy(update={"own_domains": ("x.example",)})
    assert redaction.clear("a@x.example, b@y.example", own) == "a@x.example, [e-mail address 1]"


def test_numbers_without_a_country_code_are_of_the_policys_region() -> None:
    german = EVIDENCE.model_copy(update={"phone_region": "DE"})
    assert redaction.found("030 901820", EVIDENCE) == []
    assert redaction.clear("ruf 030 901820 an", german) == "ruf [phone number 1] an"


def test_a_detector_that_is_off_finds_nothing() -> None:
    off = EVIDENCE.model_copy(update={"detectors": ()})
    assert redaction.found("a@x.example 4111 1111 1111 1111", off) == []


def test_what_is_spared_stays() -> None:
    text = "a@x.example 4111 1111 1111 1111"
    found = redaction.found(text, EVIDENCE)
    assert redaction.masked(text, found, {"email"}) == "a@x.example [card number 1]"


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ({"email"}, "an e-mail address"),
        ({"card", "email"}, "an e-mail address and a card number"),
        ({"card", "email", "secret"}, "an e-mail address, a card number and a secret"),
        (set(), ""),
    ],
)
def test_what_was_found_is_named(kinds: set[str], said: str) -> None:
    assert redaction.named(kinds) == said


@given(st.text(max_size=400))
def test_masking_any_text_leaves_nothing_that_is_found_and_all_the_rest(text: str) -> None:
    findings: list[Finding] = redaction.found(text, EVIDENCE)
    ends = [0, *(one.end for one in findings)]
    assert all(end <= one.start for end, one in zip(ends, findings, strict=False))
    rest = redaction.masked(text, findings)
    assert not findings or len(rest) > 0
    assert redaction.masked(text, ()) == text


def test_long_rows_of_what_begins_like_it_hold_nothing() -> None:
    for text in ("1 " * 20_000, "a." * 20_000, "a@" * 20_000, "://a:" * 8_000, "eyJ" * 10_000):
        assert redaction.found(text, EVIDENCE) == []
