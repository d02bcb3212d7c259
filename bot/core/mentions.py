"""Whom do the words mention, and what is left of them?"""

from __future__ import annotations

import re

# Slack's escaped forms; a stored text may carry `|name` behind the id.
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^<>]*)?>")


def people(words: str) -> tuple[tuple[str, ...], str]:
    """The ids of the people mentioned, each once, in order, and the words without them."""
    return _taken_out(_PERSON, words)


def group(words: str) -> tuple[tuple[str, ...], str]:
    """The ids of the user groups mentioned, each once, in order, and the words without them."""
    return _taken_out(_GROUP, words)


def person(word: str) -> str | None:
    """The id, when the word is the mention of a person and nothing else; else None."""
    match = _PERSON.fullmatch(word.strip())
    return match.group(1) if match else None


def _taken_out(pattern: re.Pattern[str], words: str) -> tuple[tuple[str, ...], str]:
    ids = tuple(dict.fromkeys(pattern.findall(words)))
    if not ids:
        return (), words.strip()
    lines = (" ".join(pattern.sub(" ", line).split()) for line in words.splitlines())
    return ids, "\n".join(lines).strip()
