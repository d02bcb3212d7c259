"""What happens at the ways in for other systems, over HTTP?"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.clock import Clock
from bot.hooks import signing
from tests.flows.trouble import taking_nothing
from tests.hooks.test_bodies import FIRING, GROUP
from tests.room import Room, war_room

SECRET = "whsec_" + base64.b64encode(b"a secret of some length").decode()
ALERT = {"title": "Refusal rate dropped", "source": "grafana", "severity": "critical"}
BEARER = {"Authorization": f"Bearer {SECRET}"}
Answer = tuple[int, dict[str, object]]


@pytest.fixture
async def open_room(sqlite_url: str) -> AsyncIterator[Room]:
    """A bot that other systems can reach."""
    async with war_room(
        sqlite_url,
        is_http=True,
        warroom_alert_secret=SECRET,
        pagerduty_webhook_secret="pd-secret",
    ) as room:
        yield room


async def _raw(room: Room, way: str, body: bytes, headers: dict[str, str]) -> Answer:
    url = f"{room.url}/hooks/{way}"
    async with aiohttp.ClientSession() as http, http.post(url, data=body, headers=headers) as got:
        return got.status, await got.json()


async def _signed(room: Room, way: str, body: object, name: str = "one") -> Answer:
    text = json.dumps(body)
    headers = signing.headers(SECRET, name, Clock().now(), text)
    return await _raw(room, way, text.encode(), headers)


async def _by_bearer(room: Room, body: object) -> Answer:
    return await _raw(room, "alert", json.dumps(body).encode(), BEARER)


@pytest.mark.parametrize("way", ["hooks/alert", "slack/events"])
async def test_a_client_that_never_ends_is_let_go(
    open_room: Room, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.hooks.inbound.BODY_SECONDS", 0.05)
    monkeypatch.setattr("bot.slack.signed.BODY_SECONDS", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(open_room.url).port)
    writer.write(f"POST /{way} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{{".encode())
    async with asyncio.timeout(5):
        assert (await reader.readline()).startswith(b"HTTP/1.1 400 ")
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("way", ["alert", "ack", "pagerduty"])
async def test_a_client_that_hangs_up_is_no_fault(open_room: Room, way: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(open_room.url).port)
    line = f"POST /hooks/{way} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{{"
    with capture_logs() as lines:
        writer.write(line.encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        async with asyncio.timeout(5):
            while not (refused := [one for one in lines if one["event"] == "hook.refused"]):
                await asyncio.sleep(0.01)
    assert [one["code"] for one in refused] == [400]
    assert not [one for one in lines if one["log_level"] == "error"]


@pytest.mark.parametrize("stamp", ["999999999999", "²", "9" * 400, "-1", ""])
async def test_a_time_that_is_none_is_refused(open_room: Room, stamp: str) -> None:
    headers = {"webhook-id": "1", "webhook-timestamp": stamp, "webhook-signature": "v1,x"}
    for way in ("alert", "ack"):
        status, said = await _raw(open_room, way, b"{}", headers)
        assert status == 401
        assert str(said["reason"]).startswith("The signature is not good: ")


async def test_a_recovery_opens_nothing_and_proposes_nothing(open_room: Room) -> None:
    for body in (
        {**ALERT, "status": "resolved"},
        {"status": "resolved"},
        {**GROUP, "status": "resolved", "alerts": [{**FIRING, "status": "resolved"}]},
    ):
        answer = await _signed(open_room, "alert", body, json.dumps(body)[:30])
        assert answer == (202, {"incident": None})
    await open_room.settled()
    assert open_room.rooms() == []
    assert open_room.announcements() == []


async def test_alertmanager_comes_in_by_its_bearer_token(open_room: Room) -> None:
    assert await _by_bearer(open_room, GROUP) == (202, {"incident": "INC-1"})
    assert await _by_bearer(open_room, GROUP) == (202, {"incident": "INC-1"})
    again = {**GROUP, "alerts": [FIRING, {**FIRING, "fingerprint": "second"}]}
    assert await _by_bearer(open_room, again) == (202, {"incident": "INC-1"})
    resolved = {**GROUP, "status": "resolved", "alerts": [{**FIRING, "status": "resolved"}]}
    assert await _by_bearer(open_room, resolved) == (202, {"incident": None})
    await open_room.settled()
    assert "Refusals of dosage-7 fell to 2 %" in open_room.summary(1)
    assert "(alertmanager) 2 times, last " in open_room.summary(1)
    assert len(open_room.rooms()) == 1


async def test_a_bearer_token_that_is_another_opens_nothing(open_room: Room) -> None:
    body = json.dumps(GROUP).encode()
    for said in ("Bearer", "Bearer x", f"Bearer {SECRET}x", f"Basic {SECRET}", SECRET):
        status, _ = await _raw(open_room, "alert", body, {"Authorization": said})
        assert status == 401
    assert (await _raw(open_room, "ack", b'{"call": "INC-1/call/1"}', BEARER))[0] == 401
    assert open_room.rooms() == []


async def test_a_body_in_another_encoding_is_told_in_a_sentence(open_room: Room) -> None:
    body = json.dumps(ALERT).encode("utf-16")
    for way, headers in (("alert", {}), ("alert", BEARER), ("ack", {})):
        answer = await _raw(open_room, way, body, headers)
        assert answer == (400, {"ok": False, "reason": "The body is not UTF-8."})
    signed = hmac.new(b"pd-secret", body, hashlib.sha256).hexdigest()
    answer = await _raw(open_room, "pagerduty", body, {"X-PagerDuty-Signature": f"v1={signed}"})
    assert answer == (400, {"ok": False, "reason": "The body is not UTF-8."})


async def test_a_log_that_cannot_be_written_is_told_and_the_alert_can_come_again(
    open_room: Room,
) -> None:
    with taking_nothing(open_room.database):
        status, said = await _signed(open_room, "alert", ALERT)
        assert status == 503
        assert said["ok"] is False
        assert "the disk is full" in str(said["reason"])
    assert await _signed(open_room, "alert", ALERT) == (202, {"incident": "INC-1"})


async def test_a_refusal_is_logged_by_its_code_and_without_its_body(open_room: Room) -> None:
    with capture_logs() as lines:
        await _raw(open_room, "alert", b'{"title": "hunter2"}', {"Authorization": "Bearer hunter2"})
        await _raw(open_room, "alert", b'{"hunter2": 1}', BEARER)
        await _raw(open_room, "pagerduty", b"hunter2", {})
    refused = [line for line in lines if line["event"] == "hook.refused"]
    assert [(line["way"], line["code"]) for line in refused] == [
        ("alert", 401),
        ("alert", 400),
        ("pagerduty", 401),
    ]
    assert "hunter2" not in str(lines)


async def test_a_way_in_without_a_secret_is_closed(sqlite_url: str) -> None:
    async with war_room(sqlite_url, is_http=True) as room:
        for way in ("alert", "ack", "pagerduty"):
            status, said = await _raw(room, way, b"{}", {"Authorization": "Bearer "})
            assert status == 404
            assert said["reason"] == "This way in is closed: its secret is not set."
