"""How is a room closed for good, step by step, so that no step is seen twice?"""

from __future__ import annotations

import html
from collections.abc import AsyncIterator
from datetime import timedelta

from bot.core.failures import Permanent, Retryable
from bot.slack.calls import Calls, Json, Self
from bot.slack.effects import Owed, like, pages

# Of each kind in one attempt: they end well inside its lease, and pacing.py pays for them before.
AT_ONCE = 15
_AT_ONCE_AGAIN = timedelta(0)


class Leaving:
    """Archives rooms. What was done at an earlier attempt is seen, and not done again."""

    def __init__(self, calls: Calls, me: Self) -> None:
        self._calls = calls
        self._me = me
        # Of each room the threads in which nothing of ours was left, with their number of replies;
        # forgotten with the process, and read again.
        self._bare: dict[str, dict[str, int]] = {}

    async def __call__(self, owed: Owed, body: Json) -> None:
        """Close a room for good; first it gets another name and topic, if there are any.

        With `but` the bot's own messages in it go as well, all except those that say just that.

        Raises:
            Permanent, Retryable: see `Calls`; Retryable too when there is more to delete than one
                attempt may.
        """
        channel = str((owed.needs_value or {})["channel"])
        try:
            if body.get("name") or body.get("topic"):
                await self._say_so(channel, body)
            if but := body.get("but"):
                await self._empty(channel, but)
            await self._calls("conversations.archive", channel=channel)
        except Permanent as error:
            if error.code not in {"already_archived", "is_archived"}:
                raise
        self._bare.pop(channel, None)

    async def _say_so(self, channel: str, body: Json) -> None:
        """Name and topic. Slack tells the room of each change, so none is made twice."""
        there = await self._info(channel)
        if there["is_archived"]:
            raise Permanent("conversations.info", "is_archived")
        if (name := body.get("name")) and there["name"] not in like(name):
            await self._rename(channel, like(name))
        topic = html.unescape(str(body.get("topic") or ""))
        if topic and html.unescape(str(there["topic"]["value"])) != topic:
            await self._calls("conversations.setTopic", channel=channel, topic=body["topic"])

    async def _info(self, channel: str) -> Json:
        answer = await self._calls("conversations.info", channel=channel)
        return dict(answer["channel"])

    async def _rename(self, channel: str, names: list[str]) -> None:
        for one in names:
            try:
                await self._calls("conversations.rename", channel=channel, name=one)
            except Permanent as error:
                if error.code != "name_taken":
                    raise
                # It may be this very room that has it: an earlier call took effect late.
                if (await self._info(channel))["name"] in names:
                    return
            else:
                return

    async def _empty(self, channel: str, but: str) -> None:
        deleted = 0
        async for ts in self._ours(channel, but):
            if deleted == AT_ONCE:
                raise Retryable("more of the bot's messages are to be deleted", _AT_ONCE_AGAIN)
            deleted += 1
            try:
                await self._calls("chat.delete", channel=channel, ts=ts)
            except Permanent as error:
                if error.code not in {"message_not_found", "cant_delete_message"}:
                    raise

    async def _ours(self, channel: str, but: str) -> AsyncIterator[str]:
        """What the bot itself wrote, in threads too, except what reads `but`."""
        bare = self._bare.setdefault(channel, {})
        looked = 0
        for one in await self._messages("conversations.history", channel=channel):
            replies = int(one.get("reply_count") or 0)
            if replies and bare.get(one["ts"]) != replies:
                if looked == AT_ONCE:
                    raise Retryable("more threads are to be looked through", _AT_ONCE_AGAIN)
                looked += 1
                ours = await self._ours_under(channel, one["ts"], but)
                for ts in ours:
                    yield ts
                bare[one["ts"]] = replies - len(ours)
            if self._is_ours(one, but):
                yield str(one["ts"])

    async def _ours_under(self, channel: str, root: str, but: str) -> list[str]:
        thread = await self._messages("conversations.replies", channel=channel, ts=root)
        ours = (one for one in thread if one["ts"] != root and self._is_ours(one, but))
        return [str(one["ts"]) for one in ours]

    def _is_ours(self, message: Json, but: str) -> bool:
        is_ours = message.get("bot_id") == self._me.bot_id and not message.get("subtype")
        return is_ours and message["text"] != but

    async def _messages(self, method: str, **arguments: str) -> list[Json]:
        """All messages that a reading method gives."""
        found: list[Json] = []
        async for page in pages(self._calls, method, **arguments):
            found += page["messages"]
        return found
