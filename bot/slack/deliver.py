"""How is each kind of effect carried out, and how is it looked for before it is repeated?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.core import ids
from bot.core.messages import MENTION
from bot.slack.calls import Calls, Json, Permanent, Self

METADATA = "warroom"
_NAMES_TRIED = 9
_EARLIER = timedelta(minutes=2)  # Slack's clock and ours may differ by this much
_PAGE = 200


class Owed(Protocol):
    """One effect as the outbox holds it; the two values are resolved references."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def body(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def is_uncertain(self) -> bool: ...  # noqa: D102
    @property
    def first_claimed_at(self) -> datetime: ...  # noqa: D102
    @property
    def needs_value(self) -> Mapping[str, Any] | None: ...  # noqa: D102
    @property
    def gives_value(self) -> Mapping[str, Any] | None: ...  # noqa: D102


class Delivery:
    """Carries out effects. The same effect twice leaves Slack as after the first time."""

    def __init__(self, calls: Calls, me: Self, announce_channel: str | None) -> None:
        self._calls = calls
        self._me = me
        self._announce_channel = announce_channel
        self._announce_id: str | None = None
        self._effects: dict[str, Callable[[Owed, Json], Awaitable[Json | None]]] = {
            "create": self._create,
            "invite": self._invite,
            "pin": self._pin,
            "bookmark": self._bookmark,
            "view": self._view,
        }

    async def __call__(self, owed: Owed) -> Json | None:
        """Do it, or find that it was done; the answer is what the effect brought into being.

        Raises:
            Permanent, Retryable: see `Calls`.
        """
        body = _with_channel(dict(owed.body), owed.needs_value)
        if owed.kind == "call":
            return await self._effects[body["effect"]](owed, body)
        if owed.kind == "keep" and body["shape"] != "message":
            await self._line(owed, body)
            return None
        return await self._message(owed, body)

    async def announce_id(self) -> str:
        """The channel of announcements, by name or id, with the bot in it.

        Raises:
            Permanent: there is no such channel, it is archived, or the bot cannot enter it.
        """
        if self._announce_id is None:
            wanted = self._announce_channel or ""
            channel = await find_channel(self._calls, wanted)
            if channel is None:
                raise Permanent("conversations.list", f"no channel {wanted}")
            if channel["is_archived"]:
                raise Permanent("conversations.join", f"{wanted} is archived")
            if not channel.get("is_member"):
                await self._calls("conversations.join", channel=channel["id"])
            self._announce_id = str(channel["id"])
        return self._announce_id

    async def _place(self, owed: Owed, to: str) -> str:
        if to == "announce":
            return await self.announce_id()
        if to.startswith("person/"):
            opened = await self._calls("conversations.open", users=to.removeprefix("person/"))
            return str(opened["channel"]["id"])
        return str((owed.needs_value or {})["channel"])

    async def _message(self, owed: Owed, body: Json) -> Json:
        content = {"text": body["text"], "blocks": body["blocks"]}
        if owed.gives_value:
            channel, ts = owed.gives_value["channel"], owed.gives_value["ts"]
            await self._calls("chat.update", channel=channel, ts=ts, **content)
            return {"channel": channel, "ts": ts}
        channel = await self._place(owed, body["to"])
        found = await self._find_message(owed, channel) if owed.is_uncertain else None
        if found is None:
            posted = await self._calls(
                "chat.postMessage",
                channel=channel,
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": METADATA, "event_payload": {"name": owed.name}},
                **content,
            )
            return {"channel": posted["channel"], "ts": posted["ts"]}
        if owed.kind == "keep":  # what arrived may be older than what is owed now
            await self._calls("chat.update", channel=channel, ts=found, **content)
        return {"channel": channel, "ts": found}

    async def _find_message(self, owed: Owed, channel: str) -> str | None:
        """The ts of the message that carries this name; None when it never arrived."""
        oldest = (owed.first_claimed_at - _EARLIER).timestamp()
        cursor = None
        while True:
            page = await self._calls(
                "conversations.history",
                channel=channel,
                oldest=f"{oldest:.6f}",
                include_all_metadata="true",
                limit=_PAGE,
                cursor=cursor,
            )
            for message in page["messages"]:
                payload = message.get("metadata", {}).get("event_payload", {})
                if message.get("bot_id") == self._me.bot_id and payload.get("name") == owed.name:
                    return str(message["ts"])
            cursor = page.get("response_metadata", {}).get("next_cursor")
            if not cursor:
                return None

    async def _line(self, owed: Owed, body: Json) -> None:
        """Topic, purpose or name. Slack tells the room of each, so none is set twice."""
        channel, text, shape = str((owed.needs_value or {})["channel"]), body["text"], body["shape"]
        if owed.is_uncertain and shape != "name":
            info = await self._calls("conversations.info", channel=channel)
            if info["channel"][shape]["value"] == text:
                return
        if shape == "name":
            await self._calls("conversations.rename", channel=channel, name=text)
        elif shape == "topic":
            await self._calls("conversations.setTopic", channel=channel, topic=text)
        else:
            await self._calls("conversations.setPurpose", channel=channel, purpose=text)

    async def _create(self, owed: Owed, body: Json) -> Json:
        names = [body["name"], *(_suffixed(body["name"], n) for n in range(2, _NAMES_TRIED + 1))]
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
        earliest = (owed.first_claimed_at - _EARLIER).timestamp()
        async for channel in _channels(
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

    async def _view(self, _owed: Owed, body: Json) -> None:
        """Best effort: the person may have closed the page, and reads the same in the room."""
        try:
            await self._calls("views.update", view_id=body["view_id"], view=body["view"])
        except Permanent as error:
            if error.code != "not_found":
                raise


async def find_channel(calls: Calls, wanted: str) -> Json | None:
    """The channel of that name or id, archived or not; None when the bot sees no such channel."""
    types = "public_channel,private_channel"
    async for channel in _channels(calls, "conversations.list", types=types):
        if wanted.removeprefix("#") in (channel["id"], channel["name"]):
            return channel
    return None


async def _channels(calls: Calls, method: str, **arguments: str) -> AsyncIterator[Json]:
    cursor = None
    while True:
        page = await calls(method, limit=_PAGE, cursor=cursor, **arguments)
        for channel in page["channels"]:
            yield channel
        cursor = page.get("response_metadata", {}).get("next_cursor")
        if not cursor:
            return


def permalink(team_url: str, channel: str, ts: str) -> str:
    """The address of a message, as Slack builds it; saves a call to chat.getPermalink."""
    return f"{team_url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"


def _suffixed(name: str, number: int) -> str:
    end = f"-{number}"
    return name[: ids.ROOM_NAME_CHARS - len(end)] + end


def _with_channel(value: Any, needs_value: Mapping[str, Any] | None) -> Any:  # noqa: ANN401
    """The body with each mention of a symbolic room replaced by the channel it became."""
    channel = str((needs_value or {}).get("channel", ""))
    match value:
        case dict():
            return {key: _with_channel(item, needs_value) for key, item in value.items()}
        case list():
            return [_with_channel(item, needs_value) for item in value]
        case str() if MENTION[0] in value:
            before, _, rest = value.partition(MENTION[0])
            _, _, after = rest.partition(MENTION[-1])
            return before + channel + str(_with_channel(after, needs_value))
    return value
