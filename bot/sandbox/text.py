"""How does Slack store text that was sent to it?"""

from __future__ import annotations

import re

from bot.sandbox import emoji

_ESCAPED = re.compile(r"&(?!(?:amp|lt|gt);)")
# Everything between these brackets is Slack's own syntax and stays as it was sent.
_BRACKETS = re.compile(r"<(?:[@#!][^<>\s]*(?:\^[^<>]*|\|[^<>]*)?|(?:https?|mailto|tel):[^<>]+)>")
_BARE_URL = re.compile(r"(?<![\w|<])https?://[^\s<>|]*[^\s<>|.,;:!?)\"'*_~`]")
_BROADCAST = re.compile(r"(?<![\w<!@])@(here|channel|everyone)\b")


def stored(text: str, *, names: bool = False) -> str:
    """What conversations.history gives back: escaped, bare URLs in brackets.

    With `names`, @here and its like become mentions, as Slack does in text objects that are not
    `verbatim` and with `link_names`.
    """
    parts: list[str] = []
    end = 0
    for match in _BRACKETS.finditer(text):
        parts += [_plain(text[end : match.start()], names), match.group()]
        end = match.end()
    return "".join([*parts, _plain(text[end:], names)])


def typed(text: str) -> str:
    """What a person's own words become: everything escaped, then URLs and broadcasts linked."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return links(_BROADCAST.sub(r"<!\1>", emoji.named(escaped)))


def _plain(text: str, names: bool) -> str:
    escaped = _ESCAPED.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
    linked = links(emoji.named(escaped))
    return _BROADCAST.sub(r"<!\1>", linked) if names else linked


def links(text: str) -> str:
    """Put bare URLs in brackets."""
    return _BARE_URL.sub(lambda match: f"<{match.group()}>", text)
