"""Does nothing get in but what Slack and the other systems sent, once, and as they send it?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.hooks import inbound
from bot.slack import signed as door
from storage import log
from tests.flows import wire
from tests.flows.wire import HOOKS, KINDS, SLACK, Sent, Wire
from tests.room import Room, StillClock, war_room

TRIES = settings(
    max_examples=120,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],  # to shrink what fails takes minutes over HTTP
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
# What an HTTP client lets through in a header.
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
ODD = st.sampled_from(
    ["", " ", "\x00", "\ud800", "x" * 70_000, "9" * 5000, "\u0661.\u0661", "nan", "1e400", "-1", []]
)
ANYTHING = st.recursive(
    SCALARS | ODD,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "value", "user", "channel", "ts", "values", "state"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@dataclass(frozen=True, repr=False)
class Door:
    """A bot at work over HTTP, and what Slack has sent it of every kind."""

    room: Room
    wire: Wire
    sent: dict[str, Sent]
    hooks: dict[str, bytes]


@pytest.fixture
async def opened(sqlite_url: str) -> AsyncIterator[Door]:
    secrets: dict[str, Any] = {
        "warroom_alert_secret": wire.HOOKS_SECRET,
        "pagerduty_webhook_secret": wire.PAGER_SECRET,
    }
    async with (
        war_room(sqlite_url, is_http=True, clock=StillClock(), **secrets) as room,
        aiohttp.ClientSession() as session,
    ):
        sent = await wire.every_kind(room)
        yield Door(room, Wire(room, session), sent, wire.hook_bodies("INC-1/call/1"))


@given(kind=st.sampled_from(KINDS), secret=HEADER, signature=HEADER, stamp=HEADER)
@TRIES
async def test_no_kind_of_request_gets_in_without_slacks_signature(
    opened: Door, kind: str, secret: str, signature: str, stamp: str
) -> None:
    sent = opened.sent[kind]
    body, before = sent.body(), opened.wire.kept()
    good = wire.signed(body)
    for forged in (
        wire.signed(body, secret=f"{secret}!"),
        good | {"X-Slack-Signature": signature},
        good | {"X-Slack-Request-Timestamp": stamp},
        good | {"X-Slack-Signature": good["X-Slack-Signature"].removeprefix("v0=")},
        {"X-Slack-Signature": good["X-Slack-Signature"]},
        {"X-Slack-Request-Timestamp": good["X-Slack-Request-Timestamp"]},
        {},
    ):
        answer = await opened.wire.post(SLACK, body, {"Content-Type": sent.content_type, **forged})
        assert answer.status == 401, forged
    assert opened.wire.kept() == before


@given(kind=st.sampled_from(KINDS), off=st.integers(302, 10**11), is_early=st.booleans())
@TRIES
async def test_no_signature_is_good_for_more_than_five_minutes(
    opened: Door, kind: str, off: int, is_early: bool
) -> None:
    sent = opened.sent[kind]
    body, before = sent.body(), opened.wire.kept()
    sent_at = wire.seconds() + (off if is_early else -off)
    headers = {"Content-Type": sent.content_type, **wire.signed(body, sent_at)}
    assert (await opened.wire.post(SLACK, body, headers)).status == 401
    assert opened.wire.kept() == before


@given(kind=st.sampled_from(KINDS), place=st.integers(0, 10**6), byte=st.integers(0, 255))
@TRIES
async def test_a_body_with_one_other_byte_is_not_the_one_that_was_signed(
    opened: Door, kind: str, place: int, byte: int
) -> None:
    sent = opened.sent[kind]
    body, before = sent.body(), opened.wire.kept()
    place %= len(body)
    other = body[:place] + bytes([byte]) + body[place + 1 :]
    if other == body:
        return
    headers = {"Content-Type": sent.content_type, **wire.signed(body)}
    assert (await opened.wire.post(SLACK, other, headers)).status == 401
    assert opened.wire.kept() == before


async def test_what_slack_sent_once_is_the_same_request_when_it_comes_again(opened: Door) -> None:
    deliveries = [*opened.room.sandbox.workspace.journal.deliveries]
    acts = {fact.kind for fact in opened.room.facts(1)}
    assert {"JoinAsked", "DecisionRecorded", "NoteAdded"} <= acts
    before = opened.wire.kept()
    again = [wire.sent_of(one) for one in deliveries]
    for sent in [*again, *reversed(again)]:
        answer = await opened.wire.send(sent)
        assert answer.status == 200, (sent.kind, answer)
    assert opened.wire.kept() == before


async def test_the_same_request_many_times_at_once_is_carried_out_once(opened: Door) -> None:
    command = opened.sent["command"]
    fresh = {**command.payload, "trigger_id": "9.9.once", "text": "note A second region"}
    before = len(opened.room.facts(1))
    answers = await asyncio.gather(*(opened.wire.send(command, fresh) for _ in range(8)))
    assert {answer.status for answer in answers} == {200}
    assert len(opened.room.facts(1)) == before + 1


@given(kind=st.sampled_from(KINDS), draw=st.data())
@TRIES
async def test_a_payload_that_slack_would_never_send_changes_nothing(
    opened: Door, kind: str, draw: st.DataObject
) -> None:
    sent = opened.sent[kind]
    mangled = _mangled(draw, json.loads(json.dumps(sent.payload)))
    before = opened.wire.kept()
    answer = await opened.wire.send(sent, mangled)
    assert answer.status in {200, 400, 404}, answer  # 200: it is the one that was carried out
    assert answer.status != 400 or answer.headers.get("x-slack-no-retry") == "1"
    if answer.status != 200 or _is_same_request(kind, sent.payload, mangled):
        assert opened.wire.kept() == before
    await opened.room.settled()  # what it changed is drawn later
    assert opened.room.database.read_now(log.verify).broken is None


@given(
    body=st.binary(max_size=200)
    | st.sampled_from([b"", b"null", b"[]", b"{", b"payload=", b"payload=null", b"payload=%7B"])
    | st.sampled_from([b'{"type":' * 5000, b"[" * 100_000, b"payload=" + b"%5B" * 100_000]),
    content_type=st.sampled_from([wire.FORM, wire.JSON, "text/plain", "application/json; x", ""]),
)
@TRIES
async def test_bytes_that_are_no_payload_change_nothing(
    opened: Door, body: bytes, content_type: str
) -> None:
    before = opened.wire.kept()
    headers = {"Content-Type": content_type, **wire.signed(body)}
    answer = await opened.wire.post(SLACK, body, headers)
    assert answer.status in {400, 401}, answer  # 401: the SDK signs text, and this is none
    assert opened.wire.kept() == before


@pytest.mark.parametrize("is_told", [True, False], ids=["with its length", "in chunks"])
async def test_a_body_larger_than_a_mebibyte_is_not_read_to_its_end(
    opened: Door, is_told: bool
) -> None:
    before = opened.wire.kept()
    for sent in opened.sent.values():
        body = sent.body() + b" " * door.LARGEST_BYTES
        headers = {"Content-Type": sent.content_type, **wire.signed(body)}
        answer = await opened.wire.post(SLACK, body if is_told else _chunks(body), headers)
        assert answer.status == 413, sent.kind
        assert answer.headers["x-slack-no-retry"] == "1"
    for way, body in opened.hooks.items():
        body += b" " * inbound.LARGEST_BYTES
        headers = wire.hook_headers(way, body, "large")
        answer = await opened.wire.post(f"/hooks/{way}", body, headers)
        assert answer.status == 413, way
    assert opened.wire.kept() == before


async def test_the_largest_body_that_is_read_is_carried_out(opened: Door) -> None:
    command = opened.sent["command"]
    fresh = {**command.payload, "trigger_id": "9.9.large", "text": "note It is large"}
    bare = command.body(fresh) + b"&padding="
    body = bare + b"x" * (door.LARGEST_BYTES - len(bare))
    before = len(opened.room.facts(1))
    answer = await opened.wire.post(SLACK, body, {"Content-Type": wire.FORM, **wire.signed(body)})
    assert answer.status == 200
    assert len(opened.room.facts(1)) == before + 1


async def test_slack_gets_what_its_documentation_asks_for(opened: Door) -> None:
    challenge = opened.sent["url_verification"]
    answer = await opened.wire.send(challenge)
    assert answer.status == 200
    assert json.loads(answer.text) == {"challenge": challenge.payload["challenge"]}
    form = {"Content-Type": wire.FORM}
    answer = await opened.wire.post(SLACK, b"ssl_check=1&token=x", form)
    assert (answer.status, answer.text) == (200, "")
    event = opened.sent["message"]
    for told in (
        {**event.payload, "event_id": "Ev1", "event": {"type": "emoji_changed"}},
        {"type": "app_rate_limited", "team_id": "T0SANDBOX", "minute_rate_limited": 1},
    ):
        assert (await opened.wire.send(event, told)).status == 200


async def test_asking_for_the_certificate_carries_nothing_in(opened: Door) -> None:
    before = opened.wire.kept()
    for sent in opened.sent.values():
        body = b"ssl_check=1&" + sent.body()
        answer = await opened.wire.post(SLACK, body, {"Content-Type": wire.FORM})
        assert answer.status in {200, 401}
    assert opened.wire.kept() == before


@given(way=st.sampled_from(HOOKS), draw=st.data())
@TRIES
async def test_another_system_gets_in_by_its_signature_alone_and_as_it_writes(
    opened: Door, way: str, draw: st.DataObject
) -> None:
    await opened.room.settled()  # what was taken before is still being drawn
    before = opened.wire.kept()
    forged = draw.draw(st.dictionaries(st.sampled_from(_HOOK_HEADERS), HEADER, max_size=4))
    assert (await opened.wire.post(f"/hooks/{way}", opened.hooks[way], forged)).status == 401
    mangled = json.dumps(_mangled(draw, json.loads(opened.hooks[way]))).encode()
    answer = await opened.wire.hook(way, mangled, "mangled")
    assert answer.status in {202, 400}, answer
    if answer.status == 400:
        assert opened.wire.kept() == before


async def test_another_systems_delivery_that_comes_again_is_the_same(opened: Door) -> None:
    for way, body in opened.hooks.items():
        first = await opened.wire.hook(way, body, "one")
        assert first.status == 202, first
        await opened.room.pass_time(seconds=5)
        before = opened.wire.kept()
        assert await opened.wire.hook(way, body, "one") == first
        assert opened.wire.kept() == before


_HOOK_HEADERS = (
    "Authorization", "webhook-id", "webhook-timestamp", "webhook-signature",
    "X-PagerDuty-Signature",
)  # fmt: skip


def _mangled(draw: st.DataObject, payload: Any) -> Any:
    """The payload with something in it left out, replaced, or put into another's place."""
    if draw.draw(st.integers(0, 9)) == 0:
        return draw.draw(ANYTHING)
    spot: Any = payload
    while True:
        keys = [*spot] if isinstance(spot, dict) else [*range(len(spot))]
        key = draw.draw(st.sampled_from(keys))
        inner = spot[key]
        if not (isinstance(inner, dict | list) and inner) or draw.draw(st.integers(0, 2)) == 0:
            break
        spot = inner
    if draw.draw(st.booleans()):
        del spot[key]
    else:
        spot[key] = draw.draw(ANYTHING)
    return payload


def _is_same_request(kind: str, sent: Any, mangled: Any) -> bool:
    """Whether what makes it the request that it is was left as it was."""
    if not isinstance(mangled, dict):
        return False
    if kind in {"message", "reaction_added"}:
        return bool(mangled.get("event_id") == sent["event_id"])
    if kind == "view_submission":
        view = mangled.get("view")
        marks = ("id", "hash")
        return isinstance(view, dict) and all(view.get(one) == sent["view"][one] for one in marks)
    return "trigger_id" in sent and mangled.get("trigger_id") == sent["trigger_id"]


async def _chunks(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 65_536):
        yield body[start : start + 65_536]
