"""How is each call that changes something carried out, so that twice is as good as once?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.core import ids
from bot.core.failures import Permanent
from bot.slack.calls import Calls, Json, Self

EARLIER = timedelta(minutes=2)  # Slack's clock and ours may differ by this much
PAGE = 200
_NAMES_TRIED = 9


class Owed(Protocol):
    """One effect as the outbox holds it; the two values are resolved references."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def body(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def attempts(self) -> int: ...  # noqa: D102
    @property
    def is_uncertain(self) -> bool: ...  # noqa: D102
    @property
    def first_claimed_at(self) -> datetime: ...  # noqa: D102
    @property
    def needs_value(self) -> Mapping[str, Any] | None: ...  # noqa: D102
    @property
    def gives_value(self) -> Mapping[str, Any] | None: ...  # noqa: D102


Bring = Callable[[Owed], Awaitable[Json | None]]


class Effects:
    """The calls by the name of their effect; each looks first where Slack would do it twice."""

    def __init__(self, calls: Calls, me: Self) -> None:
        self._calls = calls
        self._me = me
        self.by_name: dict[str, Callable[[Owed, Json], Awaitable[Json | None]]] = {
            "create": self._create,
            "invite": self._invite,
            "pin": self._pin,
            "bookmark": self._bookmark,
            "rebookmark": self._rebookmark,
            "view": self._view,
            "react": self._react,
            "unreact": self._unreact,
            "whisper": self._whisper,
        }

    async def _create(self, owed: Owed, body: Json) -> Json:
        names = like(body["name"])
        if owed.is_uncertain and (found := await self._find_room(owed, names, body["is_private"])):
            return {"channel": found}
        for name in names:
            try:
                answer = await self._calls(
                    "conversations.create", name=name, is_private=body["is_private"]
                )
            except Permanent as error:
                if error.code != "name_taken":
                    raise
            else:
                return {"channel": answer["channel"]["id"]}
        raise Permanent("conversations.create", "name_taken")

    async def _find_room(self, owed: Owed, names: list[str], is_private: bool) -> str | None:
        """A room that this very effect may have made: name, creator, age and privacy fit."""
        types = "private_channel" if is_private else "public_channel"
        earliest = (owed.first_claimed_at - EARLIER).timestamp()
        async for channel in channels(
            self._calls, "users.conversations", types=types, exclude_archived="true"
        ):
            if (
                channel["name"] in names
                and channel["creator"] == self._me.bot_user_id
                and channel["created"] >= int(earliest)
                and bool(channel["is_private"]) == is_private
            ):
                return str(channel["id"])
        return None

    async def _invite(self, owed: Owed, body: Json) -> None:
        channel = (owed.needs_value or {})["channel"]
        try:
            await self._calls("conversations.invite", channel=channel, users=body["person"])
        except Permanent as error:
            if error.code != "already_in_channel":
                raise

    async def _pin(self, owed: Owed, _body: Json) -> None:
        message = owed.needs_value or {}
        try:
            await self._calls("pins.add", channel=message["channel"], timestamp=message["ts"])
        except Permanent as error:
            if error.code != "already_pinned":
                raise

    async def _bookmark(self, owed: Owed, body: Json) -> None:
        message = owed.needs_value or {}
        link = permalink(self._me.team_url, message["channel"], message["ts"])
        if owed.is_uncertain:
            there = await self._calls("bookmarks.list", channel_id=message["channel"])
            if any(bookmark.get("link") == link for bookmark in there["bookmarks"]):
                return
        await self._calls(
            "bookmarks.add",
            channel_id=message["channel"],
            title=body["title"],
            type="link",
            link=link,
        )

    async def _rebookmark(self, owed: Owed, body: Json) -> None:
        """Lead a bookmark to another message; one that is gone by now is added anew."""
        message = owed.needs_value or {}
        link = permalink(self._me.team_url, message["channel"], message["ts"])
        try:
            await self._calls(
                "bookmarks.edit",
                channel_id=message["channel"],
                bookmark_id=body["bookmark_id"],
                title=body["title"],
                link=link,
            )
        except Permanent as error:
            if error.code != "not_found":
                raise
            await self._bookmark(owed, body)

    async def _view(self, _owed: Owed, body: Json) -> None:
        """Best effort: the person may have closed the page, and reads the same in the room."""
        try:
            await self._calls("views.update", view_id=body["view_id"], view=body["view"])
        except Permanent as error:
            if error.code != "not_found":
                raise

    async def _react(self, _owed: Owed, body: Json) -> None:
        await self._on_message("reactions.add", body, {"already_reacted"})

    async def _unreact(self, _owed: Owed, body: Json) -> None:
        await self._on_message("reactions.remove", body, {"no_reaction"})

    async def _on_message(self, method: str, body: Json, means_done: set[str]) -> None:
        """A mark on somebody's message; one that is gone by now needs none."""
        try:
            await self._calls(
                method, channel=body["channel"], timestamp=body["ts"], name=body["emoji"]
            )
        except Permanent as error:
            if error.code not in means_done | {"message_not_found"}:
                raise

    async def _whisper(self, owed: Owed, body: Json) -> None:
        """A private answer in a channel; best effort, Slack does not promise to show it."""
        if owed.is_uncertain:
            return  # nobody can look whether it was shown, and twice would confuse
        await self._calls(
            "chat.postEphemeral",
            channel=body["channel"],
            user=body["person"],
            thread_ts=body.get("thread_ts"),
            text=body["text"],
            blocks=body.get("blocks"),
        )


async def find_channel(calls: Calls, wanted: str) -> Json | None:
    """The channel of that name or id, archived or not; None when the bot sees no such channel."""
    types = "public_channel,private_channel"
    async for channel in channels(calls, "conversations.list", types=types):
        if wanted.removeprefix("#") in (channel["id"], channel["name"]):
            return channel
    return None


async def channels(calls: Calls, method: str, **arguments: str) -> AsyncIterator[Json]:
    """All channels that a listing method gives, page by page."""
    async for page in pages(calls, method, **arguments):
        for channel in page["channels"]:
            yield channel


async def pages(calls: Calls, method: str, **arguments: str | None) -> AsyncIterator[Json]:
    """What a reading method gives, page by page, for as long as somebody reads on."""
    cursor = None
    while True:
        page = await calls(method, limit=PAGE, cursor=cursor, **arguments)
        yield page
        cursor = page.get("response_metadata", {}).get("next_cursor")
        if not cursor:
            return


def permalink(team_url: str, channel: str, ts: str) -> str:
    """The address of a message, as Slack builds it; saves a call to chat.getPermalink."""
    return f"{team_url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"


def like(name: str) -> list[str]:
    """The name and others like it: it may belong to a room of long ago."""
    ends = (f"-{number}" for number in range(2, _NAMES_TRIED + 1))
    return [name, *(name[: ids.ROOM_NAME_CHARS - len(end)] + end for end in ends)]
