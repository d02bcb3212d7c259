"""How is a mail sent?"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import ipaddress
from collections.abc import Mapping
from datetime import timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.clock import Clock
from bot.core.failures import Permanent, Retryable, Unknown

TIME_LIMIT = timedelta(seconds=10)
_QUIT_SECONDS = 1.0


class Owed(Protocol):
    """One mail as the outbox holds it."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def body(self) -> Mapping[str, Any]: ...  # noqa: D102


class Mail:
    """Sends by the server of SMTP_URL; without one every mail is refused with that sentence."""

    def __init__(
        self, url: str | None, sender: str, clock: Clock, limit: timedelta = TIME_LIMIT
    ) -> None:
        self._url = url
        self._sender = sender
        self._clock = clock
        self._limit = limit

    async def __call__(self, owed: Owed) -> None:
        """Send one mail; its Message-ID is the same each time, so that a repeat is recognised.

        Raises:
            Permanent: the server refused it for good, or there is none.
            Retryable: not now; `Unknown` when it may have arrived.
        """
        if not self._url:
            raise Permanent("settings", "SMTP_URL is not set")
        message = self._message(owed)
        client = _client(self._url, self._limit)
        try:
            async with asyncio.timeout(self._limit.total_seconds()):
                await _connect(client)
                await _deliver(client, message)
        except TimeoutError as error:
            raise Unknown("mail: TimeoutError") from error
        finally:
            await _leave(client)

    def _message(self, owed: Owed) -> EmailMessage:
        message = EmailMessage()
        try:
            message["From"] = self._sender
        except ValueError as error:
            raise Permanent("settings", "WARROOM_MAIL_FROM is not an address") from error
        message["To"] = _recipient(owed.body["to"])
        message["Subject"] = _one_line(owed.body["subject"])
        message["Date"] = format_datetime(self._clock.now())
        digest = hashlib.sha256(owed.name.encode()).hexdigest()[:32]
        domain = self._sender.rpartition("@")[2].strip("> ") or "warroom"
        message["Message-ID"] = f"<{digest}@{domain}>"
        message.set_content(str(owed.body["text"]))
        return message


def _client(url: str, limit: timedelta) -> aiosmtplib.SMTP:
    parts = urlsplit(url)
    is_tls = parts.scheme == "smtps"
    # A password goes out encrypted or not at all; None encrypts only if the server offers it.
    must_encrypt = bool(parts.username) and not _is_this_machine(parts.hostname or "")
    return aiosmtplib.SMTP(
        hostname=parts.hostname,
        port=parts.port or (465 if is_tls else 587),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=is_tls,
        start_tls=True if must_encrypt and not is_tls else None,
        # Shorter than the whole, so that a server that is away is told from a slow one.
        timeout=limit.total_seconds() / 2,
    )


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _connect(client: aiosmtplib.SMTP) -> None:
    """Nothing has been sent yet, so nothing that fails here is unknown."""
    try:
        await client.connect()
    except aiosmtplib.SMTPResponseException as error:
        raise _by_code(error.code) from error
    except OSError as error:
        raise Retryable("mail: no connection") from error
    except aiosmtplib.SMTPException as error:
        raise Permanent("mail", "the server offers no STARTTLS or no AUTH") from error


async def _deliver(client: aiosmtplib.SMTP, message: EmailMessage) -> None:
    try:
        await client.send_message(message)
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _by_code(error.recipients[0].code) from error
    except aiosmtplib.SMTPResponseException as error:
        raise _by_code(error.code) from error
    except aiosmtplib.SMTPNotSupported as error:
        raise Permanent("mail", "the server cannot take this address") from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise Unknown(f"mail: {type(error).__name__}") from error


async def _leave(client: aiosmtplib.SMTP) -> None:
    """The mail is out or not by now: a server that does not say goodbye changes nothing."""
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        if client.is_connected:
            await client.quit(timeout=_QUIT_SECONDS)
    client.close()


def _recipient(to: object) -> Address:
    """Exactly one address: a list would show each reader who else is told."""
    try:
        return Address(addr_spec=str(to).strip())
    except (ValueError, IndexError, MessageError) as error:
        raise Permanent("mail", "it needs exactly one address to go to") from error


def _one_line(text: object) -> str:
    """A header has one line, whatever somebody typed into a title."""
    return " ".join(str(text).split())


def _by_code(code: int) -> Exception:
    if 400 <= code < 500:
        return Retryable(f"mail: SMTP {code}")
    return Permanent("mail", f"SMTP {code}")
