"""Which personal data and secrets stand in a text, and how does it read without them?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

import phonenumbers

from runbooks.model import Evidence

LABELS = {
    "email": "e-mail address",
    "phone": "phone number",
    "card": "card number",
    "secret": "secret",
}
# Slack stores an address as `<mailto:a@b.example|a@b.example>`, a number as `<tel:...|...>`.
# Lengths as RFC 5321, 4.5.3.1; without them a long word costs the square of its length.
_ADDRESS = r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
_EMAIL = re.compile(rf"<mailto:(?P<linked>[^<>|]+)(?:\|[^<>]*)?>|(?P<bare>{_ADDRESS})", re.ASCII)
_TRIES = 5000  # candidates in one piece
_PIECE_CHARS = 2000
_NUMBERS = frozenset("0123456789 \t()+-./\u00a0\uff0b")  # what stands in a phone number
_TEL = re.compile(r"<tel:[^<>|]+(?:\|[^<>]*)?>")
# 13 to 19 digits, in groups as people write them (ISO/IEC 7812).
_CARD = re.compile(r"(?<![\w.+-])\d(?:[ -]?\d){12,18}(?![\w-])", re.ASCII)
# Shapes their makers document; a find covers the whole token, so that none of it is left over.
_SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|\bxox[abeoprs]-[\w-]{10,}"
    r"|\bxapp-\d-[\w-]{10,}"
    r"|\bhttps://hooks\.slack\.com/(?:services|workflows|triggers)/[\w/-]+"
    r"|\bgh[opsur]_\w{30,}|\bgithub_pat_\w{30,}|\bglpat-[\w-]{20,}"
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|\bAIza[\w-]{35}"
    r"|\bsk-[\w-]{20,}|\b[sr]k_(?:live|test)_\w{10,}"
    r"|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+"
    r"|\bSG\.[\w-]{16,}\.[\w-]{16,}"
    r"|\bwhsec_[A-Za-z0-9+/=]{16,}"
    r"|(?<=://)[^\s/:@<>|]+:[^\s/@<>|]+(?=@)",
    re.ASCII | re.DOTALL,
)


@dataclass(frozen=True)
class Finding:
    """Something that was found, and where: `start` to `end` in characters."""

    kind: str
    start: int
    end: int


def found(text: str, policy: Evidence) -> list[Finding]:
    """What the policy's detectors find, from left to right; nothing stands in two findings."""
    every = sorted(_every(text, policy), key=lambda one: (one.start, -one.end))
    kept: list[Finding] = []
    for one in every:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif one.end > kept[-1].end:  # two that overlap hide what both cover
            kept[-1] = Finding(kept[-1].kind, kept[-1].start, one.end)
    return kept


def masked(text: str, findings: Collection[Finding], spared: Collection[str] = ()) -> str:
    """The text with a mark for each finding, such as `[e-mail address 1]`.

    The same words get the same mark, so that one reads who is who. Kinds in `spared` stay.
    """
    pieces, at = [], 0
    seen: dict[tuple[str, str], int] = {}
    counts: Counter[str] = Counter()
    for one in findings:
        if one.kind in spared:
            continue
        words = (one.kind, text[one.start : one.end])
        if words not in seen:
            counts[one.kind] += 1
            seen[words] = counts[one.kind]
        pieces += [text[at : one.start], f"[{LABELS[one.kind]} {seen[words]}]"]
        at = one.end
    return "".join([*pieces, text[at:]])


def clear(text: str, policy: Evidence) -> str:
    """The text without anything the policy's detectors find."""
    return masked(text, found(text, policy))


def named(kinds: Collection[str]) -> str:
    """What was found, for people: "a card number and an e-mail address"."""
    each = [
        f"{'an' if kind == 'email' else 'a'} {LABELS[kind]}" for kind in LABELS if kind in kinds
    ]
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} and {each[-1]}" if each else ""


def _every(text: str, policy: Evidence) -> Iterator[Finding]:
    for kind in policy.detectors:
        for start, end in _DETECTORS[kind](text, policy):
            yield Finding(kind, start, end)


def _emails(text: str, policy: Evidence) -> Iterator[tuple[int, int]]:
    own = tuple(f"@{domain}" for domain in policy.own_domains)
    for match in _EMAIL.finditer(text):
        if not (match["linked"] or match["bare"]).casefold().endswith(own):
            yield match.span()


def _phones(text: str, policy: Evidence) -> Iterator[tuple[int, int]]:
    linked = [match.span() for match in _TEL.finditer(text)]
    yield from linked
    region, lenient = policy.phone_region, phonenumbers.Leniency.VALID
    for at, piece in _pieces(text):
        # Without a region only a number that begins with its country's code can be valid.
        if region or "+" in piece or "\uff0b" in piece:
            for number in phonenumbers.PhoneNumberMatcher(piece, region, lenient, _TRIES):
                yield at + number.start, at + number.end


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces, each with its place: a long one costs more. No number is cut in two."""
    at = 0
    while at < len(text):
        end = min(at + _PIECE_CHARS, len(text))
        while end < len(text) and end > at and text[end - 1] in _NUMBERS:
            end -= 1
        end = end if end > at else at + _PIECE_CHARS
        yield at, text[at:end]
        at = end


def _cards(text: str, _policy: Evidence) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _CARD.finditer(text) if _is_luhn(match[0]))


def _secrets(text: str, _policy: Evidence) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _SECRETS.finditer(text))


def _is_luhn(written: str) -> bool:
    """Whether the check digit is right (ISO/IEC 7812-1, annex B)."""
    digits = [int(one) for one in written if one.isdigit()]
    if len(set(digits)) == 1:
        return False  # a row of zeros passes too, and is no card
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


_DETECTORS: Mapping[str, Callable[[str, Evidence], Iterator[tuple[int, int]]]] = {
    "email": _emails,
    "phone": _phones,
    "card": _cards,
    "secret": _secrets,
}
