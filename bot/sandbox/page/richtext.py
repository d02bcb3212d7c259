"""How does a rich_text block become HTML?"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from bot.sandbox.model import Json
from bot.sandbox.page import dates, emoji, mrkdwn
from bot.sandbox.page.mrkdwn import Reader

_STYLES = {
    "bold": "strong", "italic": "em", "strike": "s", "underline": "u", "code": "code",
    "highlight": "mark",
}  # fmt: skip
_WORDS = ("text", "fallback", "usergroup_id", "team_id", "value")  # of leaves not drawn otherwise
_COLOR = re.compile(r"#[0-9A-Fa-f]{3,8}")
_LIST_MARKS = ("1", "a", "i")


def to_html(block: Json, reader: Reader) -> str:
    """A whole rich_text block."""
    return "".join(_part(part, reader) for part in block.get("elements", []))


def plain(block: Json | None) -> str:
    """Its words alone, a part a line; empty for None."""
    return "\n".join(_words(part) for part in (block or {}).get("elements") or [])


def typed(words: str) -> Json:
    """Rich text that says this, without any style."""
    leaves = [{"type": "text", "text": words}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": leaves}]}


def _words(part: Json) -> str:
    if part.get("type") == "rich_text_list":
        return "\n".join(f"- {_words(item)}" for item in part.get("elements") or [])
    return "".join(_said(leaf) for leaf in part.get("elements") or [])


def _said(leaf: Json) -> str:
    if leaf.get("type") == "emoji":
        return emoji.drawn(str(leaf["name"]))
    names = (*_WORDS, "url", "user_id", "channel_id", "range")
    return str(next((leaf[name] for name in names if leaf.get(name)), ""))


def _part(part: Json, reader: Reader) -> str:
    kind = part.get("type")
    if kind == "rich_text_list":
        return _list(part, reader)
    inner = _leaves(part, reader)
    if kind == "rich_text_quote":
        return f"<blockquote>{inner}</blockquote>"
    if kind == "rich_text_preformatted":
        return f"<pre>{inner.replace('<br>', chr(10))}</pre>"
    return f"<div>{inner}</div>"


def _list(part: Json, reader: Reader) -> str:
    indent = int(part.get("indent") or 0)
    items = "".join(f"<li>{_part(item, reader)}</li>" for item in part.get("elements", []))
    style = f' style="margin-left: {indent * 1.5}em"' if indent else ""
    if part.get("style") != "ordered":
        return f"<ul{style}>{items}</ul>"
    mark = _LIST_MARKS[indent % len(_LIST_MARKS)]
    start = int(part.get("offset") or 0) + 1
    return f'<ol type="{mark}" start="{start}"{style}>{items}</ol>'


def _leaves(part: Json, reader: Reader) -> str:
    return "".join(_leaf(leaf, reader) for leaf in part.get("elements", []))


def _leaf(leaf: Json, reader: Reader) -> str:
    draw = _LEAVES.get(str(leaf.get("type")))
    if draw is None:
        said = (leaf[name] for name in _WORDS if leaf.get(name))
        return _plain(str(next(said, leaf.get("type"))))
    inner = draw(leaf, reader)
    for style, tag in _STYLES.items():
        if (leaf.get("style") or {}).get(style):
            inner = f"<{tag}>{inner}</{tag}>"
    return inner


def _plain(words: str) -> str:
    # Rich text is not mrkdwn: what looks like an escape there was typed as such.
    return html.escape(words).replace("\n", "<br>")


def _link(leaf: Json, reader: Reader) -> str:
    return mrkdwn.link(leaf["url"], _plain(leaf.get("text") or leaf["url"]), reader)


def _date(leaf: Json, reader: Reader) -> str:
    try:
        words = dates.spell(int(leaf["timestamp"]), leaf["format"], reader.zone, reader.now)
    except (ValueError, OverflowError, OSError):
        words = str(leaf.get("fallback", ""))
    return mrkdwn.link(leaf["url"], _plain(words), reader) if leaf.get("url") else _plain(words)


def _color(leaf: Json, _reader: Reader) -> str:
    value = str(leaf["value"])
    dot = f'<span class="color" style="background: {value}"></span>'
    return (dot if _COLOR.fullmatch(value) else "") + _plain(value)


_LEAVES: dict[str, Callable[[Json, Reader], str]] = {
    "text": lambda leaf, _: _plain(leaf["text"]),
    "emoji": lambda leaf, _: _plain(emoji.drawn(leaf["name"])),
    "link": _link,
    "user": lambda leaf, reader: mrkdwn.person(leaf["user_id"], "", reader),
    "usergroup": lambda leaf, reader: mrkdwn.group(leaf["usergroup_id"], "", reader),
    "color": _color,
    "channel": lambda leaf, reader: mrkdwn.channel(leaf["channel_id"], reader),
    "broadcast": lambda leaf, _: mrkdwn.broadcast(leaf["range"]),
    "date": _date,
}
