"""What reaches a mailbox, and what does a failure mean?"""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.core.failures import Permanent, Retryable, Unknown
from bot.hooks import mail
from bot.hooks.mail import Mail
from tests.hooks.mailserver import Mailbox, in_trouble, receiving_mail

MAIL = {"via": "mail", "to": "board@example.com", "subject": "INC-1\r\nBcc: x@y.z", "text": "Hé"}
# Reaches this machine, and is not an address of it that counts as safe.
OUTSIDE = "0.0.0.0"  # noqa: S104


@dataclass(frozen=True)
class Owed:
    """One mail as the outbox would hand it over."""

    body: dict[str, Any]
    name: str = "mail/1/0123456789abcdef/1"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server that knows neither logins nor encryption."""
    with receiving_mail() as box:
        yield box


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server shows to be who it is, and what this machine believes in the meantime."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    made += ["-nodes", "-days", "2", "-subj", "/CN=mail", "-addext", f"subjectAltName=IP:{OUTSIDE}"]
    subprocess.run([*made, "-keyout", key, "-out", cert], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    return context


async def _send(
    url: str | None,
    sender: str = "warroom <warroom@example.com>",
    limit: timedelta = mail.TIME_LIMIT,
    **other: object,
) -> None:
    await Mail(url, sender, Clock(), limit)(Owed({**MAIL, **other}))


async def test_a_mail_has_one_header_line_and_the_same_id_each_time(mailbox: Mailbox) -> None:
    for _ in range(2):
        await _send(f"smtp://127.0.0.1:{mailbox.port}")
    first, second = mailbox.arrived
    assert "Subject: INC-1 Bcc: x@y.z\r\n" in first
    assert "\r\nBcc:" not in first
    assert "From: warroom <warroom@example.com>\r\n" in first
    assert "To: board@example.com\r\n" in first
    [first_id], [second_id] = (
        [line for line in mail.split("\r\n") if line.startswith("Message-ID:")]
        for mail in (first, second)
    )
    assert first_id == second_id


async def test_a_mail_server_says_whether_to_try_again(mailbox: Mailbox) -> None:
    url = f"smtp://127.0.0.1:{mailbox.port}"
    mailbox.reply = "554 no"
    with pytest.raises(Permanent, match="SMTP 554"):
        await _send(url)
    mailbox.reply = "451 later"
    with pytest.raises(Retryable, match="SMTP 451"):
        await _send(url)
    with pytest.raises(Retryable, match="no connection"):
        await _send("smtp://127.0.0.1:9")


@pytest.mark.parametrize(
    "to",
    [
        "", " ", "board", "a@example.com, b@example.com", "a@example.com b@example.com",
        "Board <a@example.com>", "a@example.com\r\nBcc: b@example.com", "@example.com", "a@",
        ["a@example.com", "b@example.com"], None, "bör@example.com",
    ],
)  # fmt: skip
async def test_a_mail_goes_to_exactly_one_address(mailbox: Mailbox, to: object) -> None:
    with pytest.raises(Permanent, match="exactly one address"):
        await _send(f"smtp://127.0.0.1:{mailbox.port}", to=to)
    assert mailbox.arrived == []


async def test_without_a_server_or_a_sender_a_mail_is_refused(mailbox: Mailbox) -> None:
    with pytest.raises(Permanent, match="SMTP_URL is not set"):
        await _send(None)
    with pytest.raises(Permanent, match="WARROOM_MAIL_FROM is not an address"):
        await _send(f"smtp://127.0.0.1:{mailbox.port}", "a@b.c\nBcc: d@e.f")
    assert mailbox.arrived == []


async def test_on_this_machine_a_password_needs_no_encryption() -> None:
    with receiving_mail(knows_logins=True) as box:
        await _send(f"smtp://warroom:right@127.0.0.1:{box.port}")
        with pytest.raises(Permanent, match="SMTP 535"):
            await _send(f"smtp://warroom:wrong@localhost:{box.port}")
    assert len(box.arrived) == 1


async def test_elsewhere_a_password_is_not_sent_without_encryption() -> None:
    with receiving_mail(knows_logins=True) as box:
        with pytest.raises(Permanent, match="no STARTTLS or no AUTH"):
            await _send(f"smtp://warroom:right@{OUTSIDE}:{box.port}")
        assert box.logins == []
        await _send(f"smtp://{OUTSIDE}:{box.port}")
    assert len(box.arrived) == 1


async def test_elsewhere_a_password_goes_out_encrypted(certificate: ssl.SSLContext) -> None:
    with receiving_mail(knows_logins=True, starts_tls=certificate) as box:
        await _send(f"smtp://war%40room:right@{OUTSIDE}:{box.port}")
    assert [login.login for login in box.logins] == [b"war@room"]
    assert len(box.arrived) == 1


async def test_a_server_that_cannot_show_who_it_is_gets_no_password(
    certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with receiving_mail(knows_logins=True, starts_tls=certificate) as box:
        with pytest.raises(Retryable, match="no connection"):
            await _send(f"smtp://warroom:right@{OUTSIDE}:{box.port}")
        assert box.logins == []
        assert box.arrived == []


async def test_a_server_that_takes_no_logins_is_no_server_for_a_login() -> None:
    async with in_trouble(b"AUTH", drops=True) as url:
        with pytest.raises(Permanent, match="no STARTTLS or no AUTH"):
            await _send(url.replace("//", "//warroom:right@"))


@pytest.mark.parametrize(
    ("until", "failure"),
    [(b"EHLO", Retryable), (b"MAIL", Unknown), (b"DATA", Unknown), (b"\r\n", Unknown)],
)
@pytest.mark.parametrize("drops", [True, False])
async def test_a_line_that_fails_before_the_mail_is_sent_is_told_from_one_that_fails_later(
    until: bytes, failure: type[Exception], *, drops: bool
) -> None:
    async with in_trouble(until, drops=drops) as url:
        with pytest.raises(failure) as caught:
            await _send(url, limit=timedelta(seconds=0.6))
        assert type(caught.value) is failure


async def test_a_server_that_says_no_goodbye_has_taken_the_mail() -> None:
    async with in_trouble(b"QUIT", drops=False) as url:
        await _send(url)
