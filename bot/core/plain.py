"""How do words made for Slack read where there is no Slack: in a terminal, in a file?"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.core import ids

_VERBS = "note|decision|update|timeline|role|take|drop|list"
_HERE = {"decision": "decide"}
_DATE = re.compile(r"<!date\^(\d+)\^[^<>]*>")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|([^<>]*))?>")
_ROOM = re.compile(r"<#\ue000[^\ue000<>]*\ue000>")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|([^<>]*))?>")
_LINK = re.compile(r"<((?:https?|mailto)[^<>|]*)(?:\|([^<>]*))?>")
# What a terminal would obey: titles and names come from anybody.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def people_in(text: str) -> frozenset[str]:
    """The ids of those the words mention."""
    return frozenset(_PERSON.findall(text))


def plain(text: str, names: Mapping[str, str], zone: str) -> str:
    """The words without Slack's markup, times by the clock of `zone`.

    Who is not in `names` stays an id. Asterisks were typed: our own words have none in their text.
    """
    text = _DATE.sub(lambda found: moment(datetime.fromtimestamp(int(found[1]), UTC), zone), text)
    text = _PERSON.sub(lambda found: f"@{names.get(found[1], found[1])}", text)
    text = _GROUP.sub(lambda found: found[2] or f"@{found[1]}", text)
    text = _CHANNEL.sub(lambda found: f"#{found[2] or found[1]}", _ROOM.sub("its room", text))
    text = _LINK.sub(lambda found: f"{found[2]} ({found[1]})" if found[2] else found[1], text)
    return safe(html.unescape(text))


def typed_here(text: str, command: str, number: int) -> str:
    """What a sentence says to type, as one types it in a terminal, where that has the command."""

    def typed(found: re.Match[str]) -> str:
        verb, named = found[1], found[2] or f" {ids.reference(number)}"
        if verb == "list":
            return "warroom list"
        if verb in ("take", "drop"):
            return f"warroom role{named} {verb}"
        return f"warroom {_HERE.get(verb, verb)}{named}"

    return re.sub(rf"(?<=`){re.escape(command)} ({_VERBS})\b( INC-\d+)?(?=[ `])", typed, text)


def safe(text: str) -> str:
    """The text without what a terminal would obey."""
    return _CONTROL.sub("", text)


def moment(at: datetime, zone: str) -> str:
    """A moment as the clock of `zone` shows it: `2026-11-21 04:40 CET`; UTC for unknown zones."""
    try:
        place: ZoneInfo = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        place = ZoneInfo("UTC")
    return f"{at.astimezone(place):%Y-%m-%d %H:%M %Z}"
