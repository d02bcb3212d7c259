"""Which emoji names does the page draw?"""

from __future__ import annotations

import re

from bot.sandbox.emoji import CHARACTERS

_NAME = re.compile(r":([a-z0-9_+'-]+):")


def drawn(name: str) -> str:
    """The character for a name; a name the page does not know stays `:name:`."""
    return CHARACTERS.get(name, f":{name}:")


def spread(text: str) -> str:
    """Plain text with its `:names:` drawn."""
    return _NAME.sub(lambda match: drawn(match.group(1)), text)
