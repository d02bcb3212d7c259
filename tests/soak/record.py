"""What can be known of a run, by Slack's own books and by the log?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot.sandbox.model import Call, Channel, Message
from bot.sandbox.sandbox import Sandbox
from storage import log, lookup, outbox, texts
from storage.db import Database
from tests.room import BOT

# Socket Mode's client logs with a traceback that its connection broke, and connects again.
_SDKS_OWN = "aiohttp.client_exceptions."


@dataclass(frozen=True)
class Acked:
    """Something that a person was told is done; `marker` are words nobody else used."""

    kind: str  # of the fact that has to be there
    number: int
    marker: str


@dataclass(frozen=True)
class Fact:
    """A fact of an incident, with the words people typed."""

    number: int
    seq: int
    kind: str
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class Post:
    """What stands in a channel of the bot's, with the name it gave; empty for none."""

    channel: str
    ts: str
    thread_ts: str | None
    name: str
    text: str


@dataclass(frozen=True)
class Place:
    """A channel, or a talk with one person (`person` is their id, else empty)."""

    id: str
    name: str
    person: str = ""
    is_ours: bool = False
    topic: str = ""
    purpose: str = ""
    members: tuple[str, ...] = ()
    pins: tuple[str, ...] = ()
    bookmarks: tuple[str, ...] = ()
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # our reactions, by ts


@dataclass
class Record:
    """All the judge hears of; posts stand in each channel's own order."""

    acked: list[Acked] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)  # those Slack answered with ok
    owed: list[str] = field(default_factory=list)
    broken: str = ""
    faults: list[str] = field(default_factory=list)  # last lines of tracebacks in the bots' log


def taken(sandbox: Sandbox, database: Database, acked: list[Acked], bots_log: str) -> Record:
    """The record of a run, at its end; `bots_log` is what the bots wrote."""
    channels = list(sandbox.workspace.channels.values())
    return Record(
        acked=list(acked),
        facts=_facts(database),
        places=[_place(channel) for channel in channels],
        posts=[
            _post(channel, one)
            for channel in channels
            for one in channel.messages
            if one.bot_id and not one.subtype and not one.ephemeral_to
        ],
        calls=[(call.method, _about(call)) for call in sandbox.calls if call.ok],
        owed=_owed(database),
        broken=str(database.read_now(log.verify).broken or ""),
        faults=_faults(bots_log),
    )


def _faults(bots_log: str) -> list[str]:
    """The last lines of tracebacks, each with how often it is there; the SDK's own do not count."""
    lines = re.findall(r"^Traceback .*\n(?:[ \t].*\n|\n)*(\S.*)", bots_log, re.M)
    counted = Counter(line for line in lines if not line.startswith(_SDKS_OWN))
    return [f"{n} times: {line}" for line, n in counted.items()]


def _owed(database: Database) -> list[str]:
    states = ("pending", "claimed", "failed", "undeliverable")
    rows = database.read_now(lambda conn: outbox.listing(conn, states))
    return [f"{row.name} is {row.state} ({row.error})" for row in rows]


def _facts(database: Database) -> list[Fact]:
    found = []
    for entry, _title in database.read_now(lookup.entries):
        words = database.read_now(partial(texts.of_chain, chain=entry.chain))
        for row in database.read_now(partial(log.read, chain=entry.chain)):
            payload = {
                name: words[value["words"]]
                if isinstance(value, dict) and "words" in value
                else value
                for name, value in row.payload.items()
            }
            found.append(Fact(entry.number, row.seq, row.kind, payload))
    return found


def _place(channel: Channel) -> Place:
    people = [one for one in channel.members if one != BOT]
    return Place(
        id=channel.id,
        name=channel.name,
        person=people[0] if channel.is_im and people else "",
        is_ours=channel.creator == BOT and not channel.is_im,
        topic=channel.topic,
        purpose=channel.purpose,
        members=tuple(channel.members),
        pins=tuple(channel.pins),
        bookmarks=tuple(one.title for one in channel.bookmarks),
        marks={
            one.ts: tuple(emoji for emoji, people in one.reactions.items() if BOT in people)
            for one in channel.messages
        },
    )


def _post(channel: Channel, message: Message) -> Post:
    name = str((message.metadata or {}).get("event_payload", {}).get("name", ""))
    return Post(channel.id, message.ts, message.thread_ts, name, message.text)


def _about(call: Call) -> str:
    """What a call makes, so that the same twice is known; empty where twice is as good as once."""
    given = call.args
    match call.method:
        case "conversations.create":
            return str(given.get("name"))
        case "chat.postMessage":
            metadata = given.get("metadata") or {}
            return str(metadata.get("event_payload", {}).get("name", ""))
        case "bookmarks.add":
            return str(given.get("link"))
        case "conversations.setPurpose":
            return f"{given.get('channel')} {given.get('purpose')}"
        case "pins.add" | "reactions.add":
            return f"{given.get('channel')} {given.get('timestamp')}"
        case "conversations.invite":
            return f"{given.get('channel')} {given.get('users')}"
    return ""
