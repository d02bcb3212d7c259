"""What did Slack send, in our words?"""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Command:
    """A slash command; `words` is what follows the verb, as the person typed it."""

    person: str
    channel_id: str
    verb: str
    words: str
    trigger_id: str

    @classmethod
    def read(cls, body: Json) -> Command:
        """From Slack's form fields; Slack escapes &, < and > in the text."""
        verb, _, words = html.unescape(str(body.get("text") or "")).strip().partition(" ")
        return cls(
            person=body["user_id"],
            channel_id=body["channel_id"],
            verb=verb.casefold(),
            words=words.strip(),
            trigger_id=body["trigger_id"],
        )

    @property
    def key(self) -> str:
        """What stays the same when Slack delivers the command twice."""
        return f"command {self.trigger_id}"


@dataclass(frozen=True)
class Press:
    """A button; `channel_id` is empty when it stands in a view."""

    person: str
    channel_id: str
    value: str
    trigger_id: str
    response_url: str | None

    @classmethod
    def read(cls, body: Json) -> Press:
        """From a block_actions payload."""
        return cls(
            person=body["user"]["id"],
            channel_id=(body.get("channel") or {}).get("id", ""),
            value=str(body["actions"][0].get("value") or ""),
            trigger_id=body["trigger_id"],
            response_url=body.get("response_url"),
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
    def read(cls, body: Json) -> Shortcut:
        """From a shortcut payload."""
        return cls(body["user"]["id"], body["trigger_id"])


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

    @classmethod
    def read(cls, body: Json) -> MessageShortcut:
        """From a message_action payload."""
        message = body["message"]
        return cls(
            person=body["user"]["id"],
            channel_id=body["channel"]["id"],
            message_ts=body["message_ts"],
            text=html.unescape(str(message.get("text") or "")),
            author=str(message.get("user") or message.get("bot_id") or ""),
            trigger_id=body["trigger_id"],
            response_url=body.get("response_url"),
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
    def read(cls, body: Json) -> Submit:
        """From a view_submission payload."""
        view = body["view"]
        return cls(
            person=body["user"]["id"],
            view_id=view["id"],
            view_hash=view["hash"],
            trigger_id=str(body.get("trigger_id") or ""),
            about=json.loads(view.get("private_metadata") or "{}"),
            inputs={
                action_id: value
                for block in view["state"]["values"].values()
                for action_id, value in block.items()
            },
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

    def moment(self, action_id: str) -> datetime | None:
        """The chosen moment in UTC; None when none is chosen."""
        seconds = self.inputs.get(action_id, {}).get("selected_date_time")
        return datetime.fromtimestamp(int(seconds), UTC) if seconds else None

    def reported_at(self) -> datetime | None:
        """When the message was sent from which the modal was opened; None without a message."""
        seconds = self.about.get("reported_at")
        return datetime.fromtimestamp(float(seconds), UTC) if seconds else None
