"""What did Slack send, in our words?"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.slack import reading

Json = dict[str, Any]
_MENTION = re.compile(r"^\s*<@[UW][A-Z0-9]+(\|[^>]*)?>\s*")


@dataclass(frozen=True)
class Command:
    """A verb with `words` behind it as the person typed them, behind the command or a mention.

    A mention may stand in a thread, and has no trigger to open a form with: `trigger_id` is empty.
    """

    person: str
    channel_id: str
    verb: str
    words: str
    trigger_id: str
    key: str
    thread_ts: str | None = None

    @classmethod
    @reading.checked
    def read(cls, body: Json) -> Command:
        """From Slack's form fields; Slack escapes &, < and > in the text."""
        verb, words = _split(str(body.get("text") or ""))
        trigger_id = reading.known(body["trigger_id"])
        return cls(
            person=reading.known(body["user_id"]),
            channel_id=reading.known(body["channel_id"]),
            verb=verb,
            words=words,
            trigger_id=trigger_id,
            key=f"command {trigger_id}",
        )

    @classmethod
    def mentioned(cls, event: Event) -> Command:
        """From an app_mention: what follows the bot's name."""
        verb, words = _split(_MENTION.sub("", event.text, count=1))
        return cls(
            person=event.person,
            channel_id=event.channel_id,
            verb=verb,
            words=words,
            trigger_id="",
            key=event.key,
            thread_ts=event.thread_ts or event.ts,
        )

    @classmethod
    def pressed(cls, press: Press) -> Command:
        """From the button that opens the form a mention asked for; its value is the line."""
        verb, words = _split(press.value)
        return cls(
            person=press.person,
            channel_id=press.channel_id,
            verb=verb,
            words=words,
            trigger_id=press.trigger_id,
            key=press.key,
        )

    @property
    def line(self) -> str:
        """Verb and words together."""
        return f"{self.verb} {self.words}".strip()


@dataclass(frozen=True)
class Event:
    """Something that happened in Slack; fields it does not have are empty.

    `text` is what Slack stores, unescaped. `event` is all of it, for what only one feature reads.
    """

    kind: str
    subtype: str
    person: str
    channel_id: str
    ts: str
    thread_ts: str | None
    text: str
    key: str
    event: Json

    @classmethod
    @reading.checked
    def read(cls, body: Json) -> Event:
        """From an event_callback."""
        event = body["event"]
        return cls(
            kind=reading.known(event["type"]),
            subtype=str(event.get("subtype") or ""),
            person=reading.id_of(event.get("user")),
            channel_id=reading.id_of(event.get("channel") or event.get("item", {}).get("channel")),
            ts=reading.id_of(event.get("ts") or event.get("item", {}).get("ts")),
            thread_ts=reading.id_of(event.get("thread_ts")) or None,
            text=html.unescape(str(event.get("text") or "")),
            key=f"event {reading.known(body['event_id'])}",
            event=event,
        )


@dataclass(frozen=True)
class Typed:
    """What a person typed into a select whose options the bot offers."""

    person: str
    value: str
    about: Json

    @classmethod
    @reading.checked
    def read(cls, body: Json) -> Typed:
        """From a block_suggestion."""
        return cls(
            reading.known(body["user"]["id"]),
            str(body.get("value") or ""),
            reading.about(body.get("view")),
        )


@dataclass(frozen=True)
class Press:
    """A button; `channel_id` is empty when it stands in a `view`, whose `inputs` come along."""

    person: str
    channel_id: str
    value: str
    trigger_id: str
    response_url: str | None
    view_id: str = ""
    inputs: dict[str, Json] = field(default_factory=dict)
    view: Json = field(default_factory=dict)

    @classmethod
    @reading.checked
    def read(cls, body: Json) -> Press:
        """From a block_actions payload; `value` is the button's, or that of the chosen option."""
        action = body["actions"][0]
        chosen = action.get("selected_option") or {}
        return cls(
            person=reading.known(body["user"]["id"]),
            channel_id=reading.id_of(body.get("channel")),
            value=str(action.get("value") or chosen.get("value") or ""),
            view_id=reading.id_of(body.get("view")),
            trigger_id=reading.known(body["trigger_id"]),
            response_url=body.get("response_url"),
            inputs=reading.inputs(body.get("view")),
            view=body.get("view") or {},
        )

    @property
    def key(self) -> str:
        """What stays the same when Slack delivers the click twice."""
        return f"press {self.trigger_id}"


@dataclass(frozen=True)
class Shortcut:
    """A global shortcut."""

    person: str
    trigger_id: str

    @classmethod
    @reading.checked
    def read(cls, body: Json) -> Shortcut:
        """From a shortcut payload."""
        return cls(reading.known(body["user"]["id"]), reading.known(body["trigger_id"]))


@dataclass(frozen=True)
class MessageShortcut:
    """A shortcut on a message, with the words of the message as Slack stores them."""

    person: str
    channel_id: str
    message_ts: str
    text: str
    author: str
    trigger_id: str
    response_url: str | None
    thread_ts: str | None = None
    files: tuple[Json, ...] = ()

    @classmethod
    @reading.checked
    def read(cls, body: Json) -> MessageShortcut:
        """From a message_action payload."""
        message = body["message"]
        return cls(
            person=reading.known(body["user"]["id"]),
            channel_id=reading.known(body["channel"]["id"]),
            message_ts=reading.moment(body["message_ts"]),
            text=html.unescape(str(message.get("text") or "")),
            author=reading.id_of(message.get("user") or message.get("bot_id")),
            thread_ts=reading.id_of(message.get("thread_ts")) or None,
            trigger_id=reading.known(body["trigger_id"]),
            response_url=body.get("response_url"),
            files=tuple(message.get("files") or ()),
        )

    @property
    def sent_at(self) -> datetime:
        """When the message was sent: its ts is Unix time in seconds."""
        return datetime.fromtimestamp(float(self.message_ts), UTC)


@dataclass(frozen=True)
class Submit:
    """A submitted modal. Inputs are read by their action id."""

    person: str
    view_id: str
    view_hash: str
    trigger_id: str
    about: Json
    inputs: dict[str, Json]

    @classmethod
    @reading.checked
    def read(cls, body: Json) -> Submit:
        """From a view_submission payload."""
        view = body["view"]
        return cls(
            person=reading.known(body["user"]["id"]),
            view_id=reading.known(view["id"]),
            view_hash=reading.known(view["hash"]),
            trigger_id=reading.id_of(body.get("trigger_id")),
            about=reading.about(view),
            inputs=reading.inputs(view),
        )

    @property
    def key(self) -> str:
        """What stays the same when the same modal is submitted twice."""
        return f"view {self.view_id} {self.view_hash}"

    def text(self, action_id: str) -> str | None:
        """The trimmed text of an input; None when it was left empty."""
        return str(self.inputs.get(action_id, {}).get("value") or "").strip() or None

    def choice(self, action_id: str) -> str | None:
        """The value of the chosen option; None when nothing is chosen."""
        option = self.inputs.get(action_id, {}).get("selected_option")
        return str(option["value"]) if option else None

    def choices(self, action_id: str) -> frozenset[str]:
        """The values of all ticked options."""
        options = self.inputs.get(action_id, {}).get("selected_options") or []
        return frozenset(str(option["value"]) for option in options)

    def person_chosen(self, action_id: str) -> str | None:
        """The chosen person; None when nobody is chosen."""
        return self.inputs.get(action_id, {}).get("selected_user") or None

    def people_chosen(self, action_id: str) -> tuple[str, ...]:
        """All chosen people."""
        return tuple(self.inputs.get(action_id, {}).get("selected_users") or ())

    def moment(self, action_id: str) -> datetime | None:
        """The chosen moment in UTC; None when none is chosen."""
        seconds = self.inputs.get(action_id, {}).get("selected_date_time")
        return datetime.fromtimestamp(int(seconds), UTC) if seconds else None

    def reported_at(self) -> datetime | None:
        """When the message was sent from which the modal was opened; None without a message."""
        seconds = self.about.get("reported_at")
        return datetime.fromtimestamp(float(seconds), UTC) if seconds else None


def _split(text: str) -> tuple[str, str]:
    """The verb in small letters, and the words behind it."""
    verb, _, words = html.unescape(text).strip().partition(" ")
    return verb.casefold(), words.strip()
