"""Does the bot work over signed HTTP as it does over Socket Mode?"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.flows.story import whole_incident
from tests.flows.trouble import taking_nothing
from tests.room import GENERAL, MARA, Room, war_room
from tests.storage.test_schema import pretend

BODY = urlencode(
    {
        "command": "/incident",
        "text": "list",
        "user_id": MARA,
        "channel_id": GENERAL,
        "team_id": "T0SANDBOX",
        "trigger_id": "1.2.three",
    }
)


@pytest.fixture
async def http_room(sqlite_url: str) -> AsyncIterator[Room]:
    async with war_room(sqlite_url, is_http=True) as room:
        yield room


def _signed(secret: str, sent_at: int) -> dict[str, str]:
    base = f"v0:{sent_at}:{BODY}".encode()
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": str(sent_at),
        "X-Slack-Signature": f"v0={digest}",
    }


def _seconds() -> int:
    return time.time_ns() // 1_000_000_000


async def test_a_whole_incident_over_http(http_room: Room) -> None:
    await whole_incident(http_room)


async def test_a_request_that_slack_signed_is_answered(http_room: Room) -> None:
    async with aiohttp.ClientSession() as session:
        headers = _signed("sandbox", _seconds())
        async with session.post(f"{http_room.url}/slack/events", data=BODY, headers=headers) as got:
            assert got.status == 200
            assert (await got.json())["text"] == "No incident is open."


@pytest.mark.parametrize(
    "headers",
    [
        _signed("another secret", _seconds()),
        _signed("sandbox", _seconds() - 3600),
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
    ids=["wrong secret", "an hour old", "unsigned"],
)
async def test_a_request_that_slack_did_not_sign_is_refused(
    http_room: Room, headers: dict[str, str]
) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{http_room.url}/slack/events", data=BODY, headers=headers) as got:
            assert got.status in {401, 403}
            assert "incident" not in await got.text()


async def test_a_database_that_is_down_makes_the_bot_unready_and_no_restart_is_asked_for(
    postgres_url: str,
) -> None:
    async with war_room(postgres_url, is_http=True) as room, aiohttp.ClientSession() as session:
        with taking_nothing(room.database):
            told = ["The log cannot be written: the database does not answer."]
            assert await _asked(session, room, "readyz") == (503, {"ready": False, "reasons": told})
            assert await _asked(session, room, "healthz") == (200, {"ok": True})
        assert await _asked(session, room, "readyz") == (200, {"ready": True, "reasons": []})


async def test_a_database_of_another_schema_makes_the_bot_unready(postgres_url: str) -> None:
    async with war_room(postgres_url, is_http=True) as room, aiohttp.ClientSession() as session:
        pretend(room.database, "9999", oldest=9999)
        status, told = await _asked(session, room, "readyz")
        assert (status, told["ready"]) == (503, False)
        assert "Install the newer version." in told["reasons"][0]


async def test_a_bot_that_stops_is_unready_before_it_is_gone(http_room: Room) -> None:
    async with aiohttp.ClientSession() as session:
        http_room.bot.readiness.stop()
        told = {"ready": False, "reasons": ["It is stopping."]}
        assert await _asked(session, http_room, "readyz") == (503, told)


async def _asked(
    session: aiohttp.ClientSession, room: Room, path: str
) -> tuple[int, dict[str, Any]]:
    async with session.get(f"{room.url}/{path}") as got:
        return got.status, await got.json()
