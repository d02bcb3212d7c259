"""How does the topic of a room begin, and which words in it are people's?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.core import blockkit
from bot.core.blockkit import escape
from bot.core.incident import STATUS

_BETWEEN = " · "
_AROUND = " ·"
_STATES = "|".join(map(re.escape, STATUS.values()))
# Severity, perhaps MAJOR, the status, and the title between its marks; what was cut off in the
# middle of a title has no second mark.
_FORM = rf"(?:[^·\u2068]+ · ){{1,2}}?(?:{_STATES})(?= ·|$)(?: · \u2068[^\u2069]*(?:\u2069|…$))?"


def ours(reference: str, state: Sequence[str], title: str | None) -> str:
    """Our beginning, escaped; of a title that must stay in the room not a word."""
    start = _BETWEEN.join((reference, *state))
    if not title:
        return start
    topic = f"{start} · {blockkit.isolate(escape(title))}"
    while len(topic) > blockkit.TOPIC_CHARS:  # an escape may stand for one typed character
        title = blockkit.shorten(title, len(title) - 5)
        topic = f"{start} · {blockkit.isolate(escape(title))}"
    return topic


def theirs(words: str, beginning: str) -> str:
    """What people wrote: these words of a topic without what once was our beginning.

    `beginning` is ours as it should be; neither is escaped. Of a call that took effect though its
    answer was lost, ours may stand in a form that nobody remembers, and more than once.
    """
    words = words.strip(_AROUND)
    found = _found(words, beginning)
    return words[found.end() :] if found else words


def begins_again(words: str, beginning: str) -> bool:
    """Whether ours stands once more, in whatever form, in the words behind our beginning."""
    return _found(words.strip(_AROUND), beginning) is not None


def _found(words: str, beginning: str) -> re.Match[str] | None:
    reference = re.escape(beginning.partition(_BETWEEN)[0])
    return re.match(rf"(?:{reference} · {_FORM}[{_AROUND}]*)+", words)
