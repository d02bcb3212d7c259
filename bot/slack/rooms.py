"""What does Slack show of a room?"""

from __future__ import annotations

import asyncio
import hashlib
import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.core import topic
from bot.core.failures import Permanent
from bot.core.sight import Sight
from bot.slack.calls import Calls, Json, Self
from bot.slack.effects import permalink

_MEMBERS = 999
_UNSEEN = {"channel_not_found", "not_in_channel"}
_log = structlog.get_logger()


@dataclass(frozen=True)
class Known:
    """What is looked at: the room, the summary's ts in it, and how the topic's beginning is known.

    `summary_ts` None: nothing but the way in is looked at. `topic` is what setting it gave.
    """

    channel: str
    summary_ts: str | None = None
    topic: Mapping[str, Any] | None = None


async def see(calls: Calls, me: Self, known: Known) -> Sight:
    """Look at a room by four reading calls, or by one where the bot is not in it.

    Before a summary is said to be unpinned, a fifth makes sure of it.

    A part that Slack refuses to show stays None.

    Raises:
        Retryable: Slack does not answer now.
    """
    try:
        answer = await calls("conversations.info", channel=known.channel)
    except Permanent as error:
        if error.code not in _UNSEEN:
            raise
        return Sight(is_inside=False)
    room = answer["channel"]
    is_inside, is_archived = bool(room.get("is_member")), bool(room.get("is_archived"))
    if not is_inside or is_archived or known.summary_ts is None:
        return Sight(is_inside, is_archived)
    (message, is_pinned), bookmarks, members = await asyncio.gather(
        _summary(calls, known.channel, known.summary_ts),
        _shown(calls("bookmarks.list", channel_id=known.channel)),
        _members(calls, known.channel),
    )
    return Sight(
        is_inside=True,
        name=str(room["name"]),
        has_summary=None if message is None else bool(message),
        is_pinned=is_pinned,
        has_our_topic=_begins(str(room["topic"]["value"]), known.topic),
        bookmark_id=_bookmark(me, known, bookmarks),
        members=members,
    )


async def _shown(asking: Any) -> Json | None:  # noqa: ANN401 (a call under way)
    """The answer, or None where Slack does not show it to this bot, as without the scope."""
    try:
        answer: Json = await asking
    except Permanent as error:
        _log.info("room.unseen", reason=str(error))
        return None
    return answer


async def _summary(calls: Calls, channel: str, ts: str) -> tuple[Json | None, bool | None]:
    """The message, and whether it is pinned."""
    message = await _message(calls, channel, ts)
    if not message:
        return message, None
    # A message says itself that it is pinned, which spares pins.list and its slower tier.
    if channel in message.get("pinned_to", ()):
        return message, True
    page = await _shown(calls("pins.list", channel=channel))
    items = page["items"] if page else []
    return message, any(one.get("message", {}).get("ts") == ts for one in items)


async def _message(calls: Calls, channel: str, ts: str) -> Json | None:
    """The message, empty where it was deleted; of one with replies Slack leaves a tombstone."""
    page = await _shown(
        calls(
            "conversations.history",
            channel=channel,
            oldest=ts,
            latest=ts,
            inclusive="true",
            limit=1,
        )
    )
    if page is None:
        return None
    found = [one for one in page["messages"] if one["ts"] == ts]
    return found[0] if found and found[0].get("subtype") != "tombstone" else {}


async def _members(calls: Calls, channel: str) -> frozenset[str] | None:
    found: set[str] = set()
    cursor = None
    while True:
        page = await _shown(
            calls("conversations.members", channel=channel, limit=_MEMBERS, cursor=cursor)
        )
        if page is None:
            return None
        found |= set(page["members"])
        cursor = page.get("response_metadata", {}).get("next_cursor")
        if not cursor:
            return frozenset(found)


def _begins(words: str, last: Mapping[str, Any] | None) -> bool | None:
    """Whether the topic begins with what was set last, and ours no second time; None: not set."""
    if not last or "digest" not in last:
        return None
    stands, chars = html.unescape(words), int(last["chars"])
    beginning, behind = stands[:chars], stands[chars:]
    is_last = hashlib.sha256(beginning.encode()).hexdigest() == str(last["digest"])
    return is_last and not topic.begins_again(behind, beginning)


def _bookmark(me: Self, known: Known, page: Json | None) -> str | None:
    if page is None:
        return None
    link = permalink(me.team_url, known.channel, str(known.summary_ts))
    ours = (str(one["id"]) for one in page["bookmarks"] if one.get("link") == link)
    return next(ours, "")
