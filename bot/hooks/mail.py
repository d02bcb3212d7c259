"""How is a mail sent?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.clock import Clock
from bot.core.failures import Permanent, Retryable, Unknown

_TIME_LIMIT_SECONDS = 10.0


class Owed(Protocol):
    """One mail as the outbox holds it."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def body(self) -> Mapping[str, Any]: ...  # noqa: D102


class Mail:
    """Sends by the server of SMTP_URL; without one every mail is refused with that sentence."""

    def __init__(self, url: str | None, sender: str, clock: Clock) -> None:
        self._url = url
        self._sender = sender
        self._clock = clock

    async def __call__(self, owed: Owed) -> None:
        """Send one mail; its Message-ID is the same each time, so that a repeat is recognised.

        Raises:
            Permanent: the server refused it for good, or there is none.
            Retryable: not now; `Unknown` when it may have arrived.
        """
        if not self._url:
            raise Permanent("settings", "SMTP_URL is not set")
        parts = urlsplit(self._url)
        try:
            await aiosmtplib.send(
                self._message(owed),
                hostname=parts.hostname,
                port=parts.port or (465 if parts.scheme == "smtps" else 587),
                username=unquote(parts.username) if parts.username else None,
                password=unquote(parts.password) if parts.password else None,
                use_tls=parts.scheme == "smtps",
                timeout=_TIME_LIMIT_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _by_code("mail", error.recipients[0].code) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _by_code("mail", error.code) from error
        except aiosmtplib.SMTPConnectError as error:
            raise Retryable("mail: no connection") from error
        except (TimeoutError, aiosmtplib.SMTPException, OSError) as error:
            raise Unknown(f"mail: {type(error).__name__}") from error

    def _message(self, owed: Owed) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = _one_line(owed.body["to"])
        message["Subject"] = _one_line(owed.body["subject"])
        message["Date"] = format_datetime(self._clock.now())
        digest = hashlib.sha256(owed.name.encode()).hexdigest()[:32]
        domain = self._sender.rpartition("@")[2].strip("> ") or "warroom"
        message["Message-ID"] = f"<{digest}@{domain}>"
        message.set_content(str(owed.body["text"]))
        return message


def _one_line(text: object) -> str:
    """A header has one line, whatever somebody typed into a title."""
    return " ".join(str(text).split())


def _by_code(what: str, code: int) -> Exception:
    if 400 <= code < 500:
        return Retryable(f"{what}: SMTP {code}")
    return Permanent(what, f"SMTP {code}")
