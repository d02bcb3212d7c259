"""What reaches pagers, webhooks and mailboxes, and what does a failure mean?"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web
from standardwebhooks import Webhook

from bot.clock import Clock
from bot.core.failures import Permanent, Retryable, Unknown
from bot.hooks import send
from bot.hooks.mail import Mail
from tests.hooks.receiver import Receiver, receiving

SECRET = "whsec_" + base64.b64encode(b"a secret of some length").decode()
PAGE = {
    "via": "pagerduty",
    "routing_key_env": "KEY",
    "action": "trigger",
    "dedup_key": "INC-1/call/1",
    "summary": "INC-1: Legal is needed",
    "severity": "critical",
    "source": "warroom",
}
HOOK = {
    "via": "webhook",
    "url_env": "URL",
    "secret_env": "SECRET",
    "event": "person.called",
    "payload": {"call": "INC-1/call/1", "summary": "Légal"},
}
MAIL = {"via": "mail", "to": "board@example.com", "subject": "INC-1\r\nBcc: x@y.z", "text": "Hé"}


@dataclass(frozen=True)
class Owed:
    """One thing as the outbox would hand it over."""

    body: dict[str, Any]
    name: str = "incident/1 call 1"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Another system, on this machine."""
    async with receiving() as receiver:
        yield receiver


async def _send(
    receiver: Receiver, body: dict[str, Any], limit: timedelta = send.TIME_LIMIT, **other: str
) -> None:
    environ = {"KEY": "R0UTING", "URL": f"{receiver.url}/in", "SECRET": SECRET, **other}
    async with send.session(limit) as http:
        mail = Mail(None, "warroom <warroom@example.com>", Clock())
        await send.Sender(http, Clock(), environ, mail, receiver.url)(Owed(body))


async def test_a_pager_is_rung_with_a_key_that_makes_repeats_harmless(receiver: Receiver) -> None:
    await _send(receiver, PAGE)
    await _send(receiver, {**PAGE, "action": "resolve"})
    [(path, _, first), (_, _, second)] = receiver.requests
    assert path == "/v2/enqueue"
    assert json.loads(first) == {
        "routing_key": "R0UTING",
        "event_action": "trigger",
        "dedup_key": "INC-1/call/1",
        "payload": {
            "summary": "INC-1: Legal is needed", "severity": "critical", "source": "warroom",
        },
    }  # fmt: skip
    assert json.loads(second) == {
        "routing_key": "R0UTING", "event_action": "resolve", "dedup_key": "INC-1/call/1",
    }  # fmt: skip


async def test_a_webhook_is_signed_and_has_the_same_id_each_time(receiver: Receiver) -> None:
    await _send(receiver, HOOK)
    await _send(receiver, HOOK)
    (_, headers, text), (_, again, _) = receiver.requests
    given = {name.lower(): value for name, value in headers.items()}
    assert Webhook(SECRET).verify(text, given) == {
        "type": "person.called",
        "data": {"call": "INC-1/call/1", "summary": "Légal"},
    }
    assert headers["webhook-id"] == again["webhook-id"]


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (301, Permanent),
        (400, Permanent),
        (404, Permanent),
        (408, Retryable),
        (410, Permanent),
        (425, Retryable),
        (429, Retryable),
        (500, Unknown),
        (503, Unknown),
    ],
)
async def test_what_the_other_side_answers_decides_what_is_done(
    receiver: Receiver, status: int, failure: type[Exception]
) -> None:
    for body in (PAGE, HOOK):
        receiver.answers.append(web.Response(status=status, headers={"Location": "/elsewhere"}))
        with pytest.raises(failure) as caught:
            await _send(receiver, body)
        assert type(caught.value) is failure


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("17", 17),
        ("0", 1),
        ("86400", 3600),
        ("9" * 30, 3600),
        ("9" * 5000, 30),
        ("-5", 30),
        ("²", 30),
        ("1e9", 30),
        ("soon", 30),
        ("", 30),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 1),
        ("Mon, 99 Jan 2001 00:00:00 GMT", 30),
    ],
)
async def test_a_busy_pager_says_when_to_come_back(
    receiver: Receiver, said: str, seconds: int
) -> None:
    receiver.answers.append(web.Response(status=429, headers={"Retry-After": said}))
    with pytest.raises(Retryable) as caught:
        await _send(receiver, PAGE)
    assert caught.value.after == timedelta(seconds=seconds)


async def test_when_to_come_back_can_be_a_date(receiver: Receiver) -> None:
    at = format_datetime(Clock().now() + timedelta(minutes=10), usegmt=True)
    receiver.answers.append(web.Response(status=429, headers={"Retry-After": at}))
    with pytest.raises(Retryable) as caught:
        await _send(receiver, PAGE)
    assert caught.value.after is not None
    assert timedelta(minutes=9) < caught.value.after <= timedelta(minutes=10)


async def test_a_connection_that_drops_leaves_it_unknown(receiver: Receiver) -> None:
    receiver.trouble = "drops"
    for body in (PAGE, HOOK):
        with pytest.raises(Unknown, match="ServerDisconnectedError"):
            await _send(receiver, body)
    assert len(receiver.requests) >= 2


async def test_an_answer_that_does_not_come_leaves_it_unknown(receiver: Receiver) -> None:
    receiver.trouble = "is silent"
    for body in (PAGE, HOOK):
        with pytest.raises(Unknown, match="TimeoutError"):
            await _send(receiver, body, timedelta(seconds=0.3))
    assert len(receiver.requests) == 2


async def test_a_secret_that_is_not_set_is_named(receiver: Receiver) -> None:
    with pytest.raises(Permanent, match="NOKEY is not set"):
        await _send(receiver, {**PAGE, "routing_key_env": "NOKEY"})
    with pytest.raises(Permanent, match="SMTP_URL is not set"):
        await _send(receiver, MAIL)


async def test_nobody_listening_is_tried_again(receiver: Receiver) -> None:
    nobody = Receiver(url="http://127.0.0.1:9")
    with pytest.raises(Retryable, match="no connection"):
        await _send(nobody, PAGE)


async def test_a_secret_or_an_address_that_is_none_is_refused_by_name(receiver: Receiver) -> None:
    with pytest.raises(Permanent, match="SECRET holds no secret"):
        await _send(receiver, HOOK, SECRET="whsec_")
    for url in ("not a url", "http://", "ftp://127.0.0.1/x", "http://[::1"):
        with pytest.raises(Permanent, match="the address is not a URL"):
            await _send(receiver, HOOK, URL=url)
    assert receiver.requests == []


async def test_an_event_for_a_pager_carries_no_link(receiver: Receiver) -> None:
    await _send(receiver, {**PAGE, "link": "https://example.com"})
    [(_, _, text)] = receiver.requests
    assert "link" not in text
