"""How does a timeline read as bare text?"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from datetime import UTC

from bot.features.timeline.blocks import Entry, who

_NAMED = re.compile(r"<(?:@|!subteam\^)([^<>|]+)>")
_DATE = re.compile(r"<!date\^[^<>|]*\|([^<>]*)>")


def as_text(entries: Sequence[Entry], names: Mapping[str, str]) -> str:
    """The whole timeline as bare text, a line `HH:MM name line` in UTC for each entry.

    `names` are those of people and user groups by their id; who is not in it stays an id.
    """

    def named(text: str) -> str:
        text = _NAMED.sub(lambda found: names.get(found[1], found[1]), text)
        return html.unescape(_DATE.sub(r"\1", text))

    return "\n".join(
        f"{one.at.astimezone(UTC):%H:%M} {named(who(one.actor))} {named(one.line)}"
        for one in entries
    )
