"""What reaches pagers, webhooks and mailboxes, and what does a failure mean?"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from standardwebhooks import Webhook

from bot.clock import Clock
from bot.core.failures import Permanent, Retryable, Unknown
from bot.hooks import send
from bot.hooks.mail import Mail
from bot.hooks.schedules import Schedules
from tests.hooks.receiver import Receiver, receiving
from tests.room import free_port

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


@dataclass
class Mailbox:
    """A mail server's end: what arrived, and how it answers."""

    reply: str = "250 OK"
    arrived: list[str] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802 (aiosmtpd's own name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take a mail, or refuse it."""
        if self.reply.startswith("250"):
            self.arrived.append(bytes(envelope.content or b"").decode())
        return self.reply


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Another system, on this machine."""
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    """A mail server, on this machine."""
    box = Mailbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"smtp://127.0.0.1:{port}"
    controller.stop()


async def _send(receiver: Receiver, body: dict[str, Any], mail_url: str | None = None) -> None:
    environ = {"KEY": "R0UTING", "URL": f"{receiver.url}/in", "SECRET": SECRET}
    async with send.session() as http:
        mail = Mail(mail_url, "warroom <warroom@example.com>", Clock())
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
    [(400, Permanent), (404, Permanent), (301, Permanent), (429, Retryable), (503, Unknown)],
)
async def test_what_the_other_side_answers_decides_what_is_done(
    receiver: Receiver, status: int, failure: type[Exception]
) -> None:
    for body in (PAGE, HOOK):
        receiver.answers.append(web.Response(status=status, headers={"Location": "/elsewhere"}))
        with pytest.raises(failure):
            await _send(receiver, body)


async def test_a_busy_pager_says_when_to_come_back(receiver: Receiver) -> None:
    receiver.answers.append(web.Response(status=429, headers={"Retry-After": "17"}))
    with pytest.raises(Retryable) as caught:
        await _send(receiver, PAGE)
    assert caught.value.after == timedelta(seconds=17)


async def test_a_secret_that_is_not_set_is_named(receiver: Receiver) -> None:
    with pytest.raises(Permanent, match="NOKEY is not set"):
        await _send(receiver, {**PAGE, "routing_key_env": "NOKEY"})
    with pytest.raises(Permanent, match="SMTP_URL is not set"):
        await _send(receiver, MAIL)


async def test_nobody_listening_is_tried_again(receiver: Receiver) -> None:
    nobody = Receiver(url="http://127.0.0.1:9")
    with pytest.raises(Retryable, match="no connection"):
        await _send(nobody, PAGE)


async def test_a_mail_has_one_header_line_and_the_same_id_each_time(
    receiver: Receiver, mailbox: tuple[Mailbox, str]
) -> None:
    box, url = mailbox
    await _send(receiver, MAIL, url)
    await _send(receiver, MAIL, url)
    first, second = box.arrived
    assert "Subject: INC-1 Bcc: x@y.z\r\n" in first
    assert "\r\nBcc:" not in first
    assert "From: warroom <warroom@example.com>\r\n" in first
    [first_id], [second_id] = (
        [line for line in mail.split("\r\n") if line.startswith("Message-ID:")]
        for mail in (first, second)
    )
    assert first_id == second_id


async def test_a_mail_server_says_whether_to_try_again(
    receiver: Receiver, mailbox: tuple[Mailbox, str]
) -> None:
    box, url = mailbox
    box.reply = "554 no"
    with pytest.raises(Permanent, match="SMTP 554"):
        await _send(receiver, MAIL, url)
    box.reply = "451 later"
    with pytest.raises(Retryable, match="SMTP 451"):
        await _send(receiver, MAIL, url)
    with pytest.raises(Retryable, match="no connection"):
        await _send(receiver, MAIL, "smtp://127.0.0.1:9")


async def test_a_schedule_names_who_is_on_call_first(receiver: Receiver) -> None:
    oncalls = [
        {"escalation_level": 2, "user": {"email": "b@example.com"}},
        {"escalation_level": 1, "user": {"email": "a@example.com"}},
    ]
    receiver.answers.append(web.json_response({"oncalls": oncalls}))
    async with send.session() as http:
        schedules = Schedules(http, Clock(), "t0ken", receiver.url)
        assert await schedules.on_call("PABC") == "a@example.com"
        assert await schedules.on_call("PABC") == "a@example.com"
        receiver.answers.append(web.Response(status=500))
        assert await schedules.on_call("PXYZ") is None
        assert await Schedules(http, Clock(), None, receiver.url).on_call("PABC") is None
    (path, headers, _), _ = receiver.requests
    assert path.startswith("/oncalls?schedule_ids%5B%5D=PABC") or "schedule_ids[]=PABC" in path
    assert headers["Authorization"] == "Token token=t0ken"
