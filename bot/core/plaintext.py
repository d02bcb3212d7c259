"""Is a file text, by what is in it, and how does it read without what was found?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core import redaction
from runbooks.model import Evidence

# Text has line breaks, tabs and the escapes of coloured logs; of the rest below a space, nothing.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_CODES = ("utf-8", "cp1252")  # what is not the first is, if it is text, most often the second


@dataclass(frozen=True)
class Scan:
    """What was found in a text, by its kinds, and the text without it."""

    found: tuple[str, ...]
    masked: str


def decoded(content: bytes) -> str | None:
    """The text that these bytes are; None where they are none, such as a picture or an archive."""
    mark = next((code for start, code in _MARKS.items() if content.startswith(start)), None)
    for code in (mark,) if mark else _CODES:
        try:
            text = content.decode(code)
        except UnicodeDecodeError:
            continue
        if not _NO_TEXT.search(text):
            return text
    return None


def scan(text: str, policy: Evidence) -> Scan:
    """Look a text through for personal data and secrets."""
    findings = redaction.found(text, policy)
    kinds = tuple(sorted({one.kind for one in findings}))
    return Scan(kinds, redaction.masked(text, findings))
