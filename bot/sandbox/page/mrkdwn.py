"""How does Slack's mrkdwn become HTML that cannot do harm?"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sandbox.page import dates, emoji

_PRE = re.compile(r"```\n?(.+?)\n?```", re.DOTALL)
_QUOTE = re.compile(r"(?:&gt;|>) ?")
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`|<(?P<angle>[^<>\n]+)>|:(?P<emoji>[a-z0-9_+'-]+):|"
    + "|".join(
        (
            r"(?<![\w*])\*(?P<bold>(?=\S)(?:<[^<>\n]*>|[^*\n<])+?)(?<!\s)\*(?![\w*])",
            r"(?<![\w_])_(?P<italic>(?=\S)(?:<[^<>\n]*>|[^_\n<])+?)(?<!\s)_(?![\w_])",
            r"(?<![\w~])~(?P<strike>(?=\S)(?:<[^<>\n]*>|[^~\n<])+?)(?<!\s)~(?![\w~])",
        )
    )
)
_TAGS = {"bold": "strong", "italic": "em", "strike": "s"}
_SAFE_URL = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_PERMALINK = re.compile(r"/archives/(?P<channel>[A-Z0-9]+)(?:/p(?P<ts>\d{7,}))?(?:\?.*)?$")
_DATE = re.compile(r"date\^(-?\d{1,15})\^([^^]*)(?:\^(.*))?$")
_BROADCASTS = ("here", "channel", "everyone")


@dataclass(frozen=True)
class Reader:
    """Who reads: the names they see, their zone, and what `ago` counts from (seconds)."""

    zone: str = "Etc/UTC"
    now: int = 0
    base_url: str = ""
    person_id: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)  # people and groups, said on hovering
    own_groups: frozenset[str] = frozenset()

    def looks(self) -> object:
        """What makes the same text read otherwise; within a day `now` does not."""
        names = (tuple(self.people.items()), tuple(self.channels.items()))
        return (self.person_id, self.now // 86_400, names, tuple(self.about.items()))


def escape(text: str) -> str:
    """Text as HTML; Slack's own three escapes count as the characters they stand for."""
    plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return html.escape(plain)


def to_html(text: str, reader: Reader) -> str:
    """The text as HTML: nothing in it becomes markup but Slack's own syntax."""
    parts: list[str] = []
    end = 0
    for match in _PRE.finditer(text):
        parts.append(_lines(text[end : match.start()].removesuffix("\n"), reader))
        parts.append(f"<pre>{_verbatim(match.group(1))}</pre>")
        end = match.end()
    rest = text[end:].removeprefix("\n") if end else text
    return "".join([*parts, _lines(rest, reader)])


def link(url: str, words: str, reader: Reader) -> str:
    """A link; `words` is HTML already. Only web, mail and telephone addresses become one."""
    plain = html.unescape(url)
    if not _SAFE_URL.match(plain):
        return words
    inside = place(plain, reader)
    if inside:
        return f'<a href="{html.escape(plain)}" data-go="{inside}">{words}</a>'
    return f'<a href="{html.escape(plain)}" target="_blank" rel="noopener noreferrer">{words}</a>'


def place(url: str, reader: Reader) -> str:
    """Where in this workspace a permalink leads, "C.../1700000000.000001"; "" when elsewhere."""
    if not reader.base_url or not url.startswith(f"{reader.base_url}/archives/"):
        return ""
    match = _PERMALINK.fullmatch(url.removeprefix(reader.base_url))
    if match is None:
        return ""
    ts = match["ts"]
    return f"{match['channel']}/{ts[:-6]}.{ts[-6:]}" if ts else f"{match['channel']}/"


def person(person_id: str, label: str, reader: Reader) -> str:
    """A mention of a person."""
    name = reader.people.get(person_id) or label or person_id
    mine = person_id == reader.person_id
    return _mention(name, mine, reader.about.get(person_id, ""))


def channel(channel_id: str, reader: Reader) -> str:
    """A mention of a channel: a way there, for those who see it."""
    name = reader.channels.get(channel_id)
    if name is None:
        return '<span class="mention">private channel</span>'
    target = f"{reader.base_url}/archives/{channel_id}"
    return (
        f'<a class="mention" href="{html.escape(target)}" data-go="{html.escape(channel_id)}/">'
        f"#{escape(name)}</a>"
    )


def group(group_id: str, label: str, reader: Reader) -> str:
    """A mention of a user group, by its handle; who is in it is said on hovering."""
    handle = reader.groups.get(group_id) or label.removeprefix("@") or group_id
    return _mention(handle, group_id in reader.own_groups, reader.about.get(group_id, ""))


def broadcast(name: str) -> str:
    """A mention of everybody."""
    return f'<span class="mention mine">@{escape(name)}</span>'


def _mention(name: str, is_mine: bool, about: str) -> str:
    mine = " mine" if is_mine else ""
    title = f' title="{escape(about)}"' if about else ""
    return f'<span class="mention{mine}"{title}>@{escape(name)}</span>'


def _lines(text: str, reader: Reader) -> str:
    if not text:
        return ""
    parts: list[str] = []
    quoted: list[str] = []
    plain: list[str] = []
    for line in text.split("\n"):
        quote = _QUOTE.match(line)
        if quote:
            parts += _joined(plain)
            quoted.append(_inline(line[quote.end() :], reader))
        else:
            parts += _quote(quoted)
            plain.append(_inline(line, reader))
    return "".join([*parts, *_quote(quoted), *_joined(plain)])


def _quote(lines: list[str]) -> list[str]:
    made = [f"<blockquote>{'<br>'.join(lines)}</blockquote>"] if lines else []
    lines.clear()
    return made


def _joined(lines: list[str]) -> list[str]:
    made = ["<br>".join(lines)] if lines else []
    lines.clear()
    return made


def _inline(text: str, reader: Reader) -> str:
    parts: list[str] = []
    end = 0
    for match in _INLINE.finditer(text):
        parts += [escape(text[end : match.start()]), _spanned(match, reader)]
        end = match.end()
    return "".join([*parts, escape(text[end:])])


def _spanned(match: re.Match[str], reader: Reader) -> str:
    kind = match.lastgroup or ""
    inner = match[kind]
    if kind == "code":
        return f"<code>{_verbatim(inner)}</code>"
    if kind == "emoji":
        return escape(emoji.drawn(inner))
    if kind == "angle":
        return _angle(inner, reader)
    return f"<{_TAGS[kind]}>{_inline(inner, reader)}</{_TAGS[kind]}>"


def _verbatim(text: str) -> str:
    # Inside code Slack shows a link by its words, or by its address where it has none.
    return escape(re.sub(r"<((?:https?|mailto):[^<>|]+)(?:\|([^<>]+))?>", _words, text))


def _words(match: re.Match[str]) -> str:
    return match[2] or match[1]


def _angle(inner: str, reader: Reader) -> str:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return person(target[1:], label, reader)
    if target.startswith("#"):
        return channel(target[1:], reader)
    if target.startswith("!"):
        return _special(target[1:], label, reader)
    if _SAFE_URL.match(target):
        return link(target, escape(emoji.spread(label or target)), reader)
    return escape(f"<{inner}>")


def _special(target: str, label: str, reader: Reader) -> str:
    if target in _BROADCASTS:
        return broadcast(target)
    if target.startswith("subteam^"):
        return group(target.removeprefix("subteam^"), label, reader)
    date = _DATE.match(target)
    if date is None:
        return escape(label or f"<!{target}>")
    words = f'<time title="{escape(label)}">{escape(_date(date, label, reader))}</time>'
    return link(date[3], words, reader) if date[3] else words


def _date(date: re.Match[str], label: str, reader: Reader) -> str:
    try:
        return dates.spell(int(date[1]), date[2], reader.zone, reader.now)
    except (ValueError, OverflowError, OSError):
        return label
