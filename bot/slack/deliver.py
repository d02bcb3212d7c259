"""How is each kind of effect carried out, and how is it looked for before it is repeated?"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from bot.core import blockkit, topic
from bot.core.blockkit import CHANGED_CHARS, TOPIC_CHARS
from bot.core.failures import Permanent, Retryable
from bot.core.messages import MENTION
from bot.slack import leaving, pacing, uploads
from bot.slack.calls import Calls, Json, Self
from bot.slack.effects import EARLIER, Effects, Owed, find_channel, pages

METADATA = "warroom"
_TO_NEWER = timedelta(seconds=5)
_log = structlog.get_logger()
Draw = Callable[[str], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Drawers:
    """What is drawn as things stand when it is delivered: a person's Home, a roll by its slot."""

    home: Draw
    roll: Draw


class Delivery:
    """Carries out effects. The same effect twice leaves Slack as after the first time."""

    def __init__(
        self,
        calls: Calls,
        me: Self,
        announce_channel: str | None,
        drawers: Drawers,
        read: uploads.Read,
    ) -> None:
        self._calls = calls
        self._me = me
        self._announce_channel = announce_channel
        self._drawers = drawers
        self._channel_ids: dict[str, str] = {}
        self._left: set[str] = set()
        self._effects = Effects(calls, me)
        self._effects.by_name["archive"] = leaving.Leaving(calls, me)
        self._effects.by_name["upload"] = partial(uploads.upload, calls, me, read)

    async def __call__(self, owed: Owed) -> Json | None:
        """Do it, or find that it was done; the answer is what the effect brought into being.

        Raises:
            Permanent, Retryable: see `Calls`. What only newer code knows is put off, never refused.
        """
        if not pacing.knows(owed):
            raise Retryable("it takes a newer version of the bot", _TO_NEWER)
        body = _with_channel(dict(owed.body), owed.needs_value)
        if owed.kind == "call":
            return await self._effects.by_name[body["effect"]](owed, body)
        if owed.kind == "keep" and body["shape"] == "home":
            await self._home(body)
            return None
        if owed.kind == "keep" and body["shape"] != "message":
            try:
                return await self._line(owed, body)
            except Permanent as error:
                if error.code == "is_archived":  # nobody reads the topic of a closed room
                    return dict(owed.gives_value or {}) or None
                raise
        return await self._message(owed, body)

    def draws(self, owed: Owed) -> list[pacing.Draw]:
        """Which of Slack's limits it would draw on now."""
        what = str(owed.body.get("effect") or owed.body.get("shape"))
        if what not in self._left and not pacing.knows(owed):
            self._left.add(what)
            _log.warning("outbox.left_to_newer", kind=owed.kind, effect=what)
        return pacing.draws(owed, self._channel_ids)

    async def announce_id(self) -> str:
        """The channel of announcements, by name or id, with the bot in it.

        Raises:
            Permanent: there is no such channel, it is archived, or the bot cannot enter it.
        """
        return await self._entered("announce", self._announce_channel or "")

    async def _entered(self, place: str, wanted: str) -> str:
        """The id of a channel of that name or id, with the bot in it."""
        if place not in self._channel_ids:
            channel = await find_channel(self._calls, wanted)
            if channel is None:
                raise Permanent("conversations.list", f"no channel {wanted}")
            if channel["is_archived"]:
                raise Permanent("conversations.join", f"{wanted} is archived")
            if not channel.get("is_member"):
                await self._calls("conversations.join", channel=channel["id"])
            self._channel_ids[place] = str(channel["id"])
        return self._channel_ids[place]

    async def _place(self, owed: Owed, to: str) -> str:
        if to == "announce":
            return await self.announce_id()
        if to.startswith("channel/"):
            return await self._entered(to, to.removeprefix("channel/"))
        if to.startswith("person/"):
            if to not in self._channel_ids:
                opened = await self._calls("conversations.open", users=to.removeprefix("person/"))
                self._channel_ids[to] = str(opened["channel"]["id"])
            return self._channel_ids[to]
        return str((owed.needs_value or {})["channel"])

    async def _message(self, owed: Owed, body: Json) -> Json:
        content = {"text": body["text"], "blocks": body["blocks"]}
        if body.get("drawn") == "roll":
            content = await self._drawers.roll(owed.name)
        if owed.gives_value:
            channel, ts = owed.gives_value["channel"], owed.gives_value["ts"]
            await self._change(channel, ts, content)
            return {"channel": channel, "ts": ts}
        is_reply, thread_ts = bool(body.get("is_reply")), body.get("thread_ts")
        if is_reply:
            above = owed.needs_value or {}
            channel, thread_ts = str(above["channel"]), str(above["ts"])
        else:
            channel = await self._place(owed, body["to"])
        found = None
        if owed.is_uncertain:
            found = await self._find_message(owed, channel, thread_ts)
        if found is None:
            posted = await self._calls(
                "chat.postMessage",
                channel=channel,
                unfurl_links=False,
                unfurl_media=False,
                thread_ts=thread_ts,
                metadata={"event_type": METADATA, "event_payload": {"name": owed.name}},
                **content,
            )
            return {"channel": posted["channel"], "ts": posted["ts"]}
        if owed.kind == "keep":  # what arrived may be older than what is owed now
            await self._change(channel, found, content)
        return {"channel": channel, "ts": found}

    async def _change(self, channel: str, ts: str, content: Json) -> None:
        """Slack posts a text of 40,000 characters, and refuses to change one into 4,001."""
        text = blockkit.shorten(content["text"], CHANGED_CHARS)
        await self._calls("chat.update", channel=channel, ts=ts, **{**content, "text": text})

    async def _find_message(self, owed: Owed, channel: str, thread_ts: str | None) -> str | None:
        """The ts of the message that carries this name; None when it never arrived."""
        oldest = (owed.first_claimed_at - EARLIER).timestamp()
        method = "conversations.replies" if thread_ts else "conversations.history"
        arguments = {"ts": thread_ts, "oldest": f"{oldest:.6f}", "include_all_metadata": "true"}
        async for page in pages(self._calls, method, channel=channel, **arguments):
            for message in page["messages"]:
                payload = message.get("metadata", {}).get("event_payload", {})
                if message.get("bot_id") == self._me.bot_id and payload.get("name") == owed.name:
                    return str(message["ts"])
        return None

    async def _home(self, body: Json) -> None:
        """Draw a person's Home as things stand now, not as they stood when it was owed."""
        person = str(body["to"]).removeprefix("person/")
        await self._calls("views.publish", user_id=person, view=await self._drawers.home(person))

    async def _line(self, owed: Owed, body: Json) -> Json | None:
        """Topic, purpose or name. Slack tells the room of each, so none is set twice."""
        channel, text, shape = str((owed.needs_value or {})["channel"]), body["text"], body["shape"]
        if shape == "topic":
            return await self._topic(owed, channel, text)
        if owed.is_uncertain:
            info = await self._calls("conversations.info", channel=channel)
            there = info["channel"]
            stands = there["name"] if shape == "name" else there[shape]["value"]
            if html.unescape(str(stands)) == html.unescape(text):
                return None
        if shape == "name":
            await self._calls("conversations.rename", channel=channel, name=text)
            return None
        await self._calls("conversations.setPurpose", channel=channel, purpose=text)
        return None

    async def _topic(self, owed: Owed, channel: str, ours: str) -> Json:
        """The topic's beginning is ours; what people wrote behind it, or instead of it, stays."""
        wanted = ours
        if owed.gives_value or owed.is_uncertain:
            info = await self._calls("conversations.info", channel=channel)
            stands = html.unescape(str(info["channel"]["topic"]["value"]))
            wanted = _with_tail(ours, _tail(stands, html.unescape(ours), owed.gives_value or {}))
            if stands == html.unescape(wanted):
                return {"channel": channel, **_fingerprint(html.unescape(ours))}
        await self._calls("conversations.setTopic", channel=channel, topic=wanted)
        return {"channel": channel, **_fingerprint(html.unescape(ours))}


def _fingerprint(text: str) -> Json:
    """What is enough to know our words again; the words themselves may have to be erased."""
    return {"chars": len(text), "digest": hashlib.sha256(text.encode()).hexdigest()}


def _tail(stands: str, ours: str, last: Mapping[str, Any]) -> str:
    """What people added to the topic: behind our words, or in place of them."""
    before = stands[: int(last.get("chars", 0))]
    if stands.startswith(ours):
        stands = stands.removeprefix(ours)
    elif before and _fingerprint(before)["digest"] == last.get("digest"):
        stands = stands.removeprefix(before)
    return topic.theirs(stands, ours)


def _with_tail(ours: str, tail: str) -> str:
    """Our beginning and their words; whoever wrote the topic full loses the end of theirs."""
    room = TOPIC_CHARS - len(ours) - 3
    if not tail or room < 1:
        return ours
    words = blockkit.escape(tail)
    while len(words) > room:
        tail = blockkit.shorten(tail, len(tail) - 1)
        words = blockkit.escape(tail)
    return f"{ours} · {words}"


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
