"""How does a request reach the bot's HTTP door byte by byte, signed, forged or mangled?"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from sqlalchemy import select

from bot.clock import Clock
from bot.hooks import signing
from bot.sandbox.model import Delivery, Json
from bot.sandbox.over_http import EVENTS, SIGNING_SECRET, signature
from bot.sandbox.payloads import Payloads
from storage.tables import facts, lookup, outbox, texts
from tests.room import INCIDENTS, MARA, NOOR, Room

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
HOOKS_SECRET = "whsec_" + base64.b64encode(b"a secret of some length").decode()
PAGER_SECRET = "pd-secret"
SLACK = "/slack/events"
KINDS = (
    "command", "block_actions", "view_submission", "view_closed", "message_action", "shortcut",
    "block_suggestion", "message", "reaction_added", "url_verification",
)  # fmt: skip
HOOKS = ("alert", "ack", "pagerduty")


@dataclass(frozen=True)
class Sent:
    """A request as Slack sends it: `kind` is the name of its shape."""

    kind: str
    transport: str
    payload: Json

    @property
    def content_type(self) -> str:
        return JSON if self.transport == EVENTS else FORM

    def body(self, payload: Any = None) -> bytes:
        """The bytes, of this payload or of another one sent in the same way."""
        given = self.payload if payload is None else payload
        if self.transport == EVENTS:
            return json.dumps(given).encode()
        is_form = self.transport == "slash_commands" and isinstance(given, dict)
        fields = given if is_form else {"payload": json.dumps(given)}
        return urlencode(fields, errors="surrogatepass").encode()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    headers: Mapping[str, str] = field(compare=False)


def signed(body: bytes, sent_at: int | None = None, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """Slack's two headers for a body sent now, or at that second."""
    stamp = str(seconds() if sent_at is None else sent_at)
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(secret, stamp, body),
    }


def seconds() -> int:
    """The wall's clock, which signatures follow."""
    return time.time_ns() // 1_000_000_000


class Wire:
    """Requests to a bot, past everything Slack's client would check."""

    def __init__(self, room: Room, session: aiohttp.ClientSession) -> None:
        self._room = room
        self._session = session

    async def post(self, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
        """Send these bytes, or what an async generator gives in chunks."""
        url = self._room.url + path
        async with self._session.post(url, data=body, headers=headers) as got:
            return Answer(got.status, await got.text(), dict(got.headers))

    async def send(self, sent: Sent, payload: Any = None) -> Answer:
        """Send it as Slack does, with a good signature, its payload or another."""
        body = sent.body(payload)
        return await self.post(SLACK, body, {"Content-Type": sent.content_type, **signed(body)})

    async def hook(self, way: str, body: bytes, name: str) -> Answer:
        """Send what another system sends, with a good signature."""
        return await self.post(f"/hooks/{way}", body, hook_headers(way, body, name))

    def kept(self) -> list[object]:
        """All that a request could have changed: the log, its words, and what is owed."""
        wanted = (
            select(facts.c.chain, facts.c.seq, facts.c.hash).order_by(facts.c.chain, facts.c.seq),
            select(texts.c.digest, texts.c.body).order_by(texts.c.digest),
            select(lookup).order_by(lookup.c.number),
            select(outbox.c.name, outbox.c.version).order_by(outbox.c.name),
        )
        return self._room.database.read_now(
            lambda conn: [tuple(row) for one in wanted for row in conn.execute(one)]
        )


def hook_headers(way: str, body: bytes, name: str) -> dict[str, str]:
    """The headers with which another system signs a body; the same name is the same delivery."""
    if way == "pagerduty":
        digest = hmac.new(PAGER_SECRET.encode(), body, hashlib.sha256).hexdigest()
        return {"X-PagerDuty-Signature": f"v1={digest}"}
    return signing.headers(HOOKS_SECRET, name, Clock().now(), body.decode())


def hook_bodies(call: str) -> dict[str, bytes]:
    """What each way in takes."""
    told: dict[str, Json] = {
        "alert": {"title": "Refusal rate dropped", "source": "grafana", "severity": "critical"},
        "ack": {"call": call, "by": "mara@example.com"},
        "pagerduty": {
            "event": {
                "id": "01ABC",
                "event_type": "incident.acknowledged",
                "data": {"incident_key": call},
                "agent": {"email": "mara@example.com"},
            }
        },
    }
    return {way: json.dumps(body).encode() for way, body in told.items()}


async def every_kind(room: Room) -> dict[str, Sent]:
    """People do something of every kind; what Slack sent of it, by kind, the newest of each."""
    await room.declare("Chatbot gives unsafe dosage advice", severity="SEV2")
    await room.settled()
    channel = room.channel(1).id
    mara = room.sandbox.as_person(MARA)
    await room.press(NOOR, INCIDENTS, "join")
    said = await mara.say(channel, "We roll back now")
    await mara.react(channel, said.ts, "scroll")
    await mara.use_message_shortcut(channel, said.ts, "add_to_timeline")
    form = await room.form(MARA, "/incident role", channel)
    await mara.suggest(form.view.id, "person", "person", "id")
    await mara.use_shortcut("declare_incident")
    form = room.open_form(MARA)
    closed = Payloads(room.sandbox.workspace, MARA).closed(form.view, is_cleared=False)
    assert await form.submit(title="Answers stop in the middle") == {}
    await room.type(MARA, channel, "/incident note 5 min ago We saw it first in Oslo")
    await room.settled()
    all_sent = map(sent_of, room.sandbox.workspace.journal.deliveries)
    found = {one.kind: one for one in all_sent if _is_of_a_person(one)}
    found["view_closed"] = Sent("view_closed", "interactive", closed)
    assert set(KINDS) <= set(found), set(KINDS) - set(found)
    return {kind: found[kind] for kind in KINDS}


def _is_of_a_person(sent: Sent) -> bool:
    event = sent.payload.get("event")
    return event is None or (event.get("user") == MARA and not event.get("subtype"))


def sent_of(delivery: Delivery) -> Sent:
    payload = delivery.payload
    if delivery.kind == "slash_commands":
        return Sent("command", delivery.kind, payload)
    kind = str(payload.get("type"))
    if kind == "event_callback":
        kind = str(payload["event"]["type"])
    return Sent(kind, delivery.kind, payload)
