"""How does a request reach an app that listens at a URL?"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

import aiohttp
from yarl import URL

from bot.sandbox.errors import NotAcked
from bot.sandbox.model import Json
from bot.sandbox.rules import requests
from bot.sandbox.rules.events import limit

SIGNING_SECRET = "sandbox"
VERIFICATION_TOKEN = "sandbox-verification"
EVENTS = "events_api"
_REDIRECTS = limit("events.redirects")
_ACKED = requests.limit("requests.status")
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


@dataclass(frozen=True)
class _Answer:
    status: int
    text: str
    content_type: str
    is_final: bool


class OverHttp:
    """Signed requests to one URL; nothing is sent before it is asked to."""

    def __init__(self, url: str) -> None:
        """`url` takes commands, interactions and events alike."""
        self._url = url
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, kind: str, payload: Json, retry: Json) -> Any:
        """Send a payload; returns the ack's body, None if empty.

        Raises:
            NotAcked: http_client_error, http_service_error, dispatch_failed.
        """
        body, content_type = _body(kind, payload)
        headers = {"Content-Type": content_type, **_retry_headers(retry)}
        answer = await self._post(body, headers, _REDIRECTS if kind == EVENTS else 0)
        is_acked = answer.status == _ACKED or (kind == EVENTS and 200 <= answer.status < 300)
        if not is_acked:
            code = "http_service_error" if answer.status >= 500 else "http_client_error"
            raise NotAcked(code, "http_error", is_final=answer.is_final)
        return _ack(answer)

    async def verify(self) -> Json:
        """Send the challenge an app has to give back before it gets events; the payload sent.

        Raises:
            NotAcked: it gave something else, or nothing.
        """
        challenge = secrets.token_urlsafe(32)
        payload = {
            "token": VERIFICATION_TOKEN,
            "challenge": challenge,
            "type": "url_verification",
        }
        answer = await self._post(json.dumps(payload).encode(), {"Content-Type": _JSON}, 0)
        if answer.status != _ACKED or _challenge(answer) != challenge:
            raise NotAcked("http_client_error", "http_error")
        return payload

    async def check_ssl(self) -> bool:
        """Ask what Slack asks of distributed apps now and then; whether the app answered 200."""
        body = urlencode({"ssl_check": "1", "token": VERIFICATION_TOKEN}).encode()
        return (await self._post(body, {"Content-Type": _FORM}, 0)).status == _ACKED

    async def close(self) -> None:
        """Let go of connections."""
        if self._session is not None:
            await self._session.close()

    async def _post(self, body: bytes, headers: dict[str, str], redirects: int) -> _Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            return await _follow(self._session, (self._url, body, headers), redirects)
        except aiohttp.ClientSSLError as error:
            raise NotAcked("dispatch_failed", "ssl_error") from error
        except aiohttp.ClientConnectionError as error:
            raise NotAcked("dispatch_failed", "connection_failed") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise NotAcked("dispatch_failed", "unknown_error") from error


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What `X-Slack-Signature` holds for a body sent at this time, in seconds since 1970."""
    signed = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


async def _follow(
    session: aiohttp.ClientSession, request: tuple[str, bytes, dict[str, str]], redirects: int
) -> _Answer:
    url, body, headers = request
    for _ in range(redirects + 1):
        signed = {**headers, **_signed(body)}
        async with session.post(url, data=body, headers=signed, allow_redirects=False) as answer:
            onward = answer.headers.get("Location")
            if not (300 <= answer.status < 400 and onward):
                is_final = answer.headers.get("x-slack-no-retry") == "1"
                text = await answer.text()
                return _Answer(answer.status, text, answer.content_type, is_final)
            url = str(answer.url.join(URL(onward)))
    raise NotAcked("http_client_error", "too_many_redirects")


def _signed(body: bytes) -> dict[str, str]:
    # Signatures follow the wall, whatever the workspace's own clock was moved to.
    sent_at = str(time.time_ns() // 1_000_000_000)
    sign = signature(SIGNING_SECRET, sent_at, body)
    return {"X-Slack-Request-Timestamp": sent_at, "X-Slack-Signature": sign}


def _body(kind: str, payload: Json) -> tuple[bytes, str]:
    if kind == EVENTS:
        return json.dumps(payload).encode(), _JSON
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), _FORM


def _retry_headers(retry: Json) -> dict[str, str]:
    if not retry:
        return {}
    return {
        "x-slack-retry-num": str(retry["retry_attempt"]),
        "x-slack-retry-reason": str(retry["retry_reason"]),
    }


def _ack(answer: _Answer) -> Any:
    if not answer.text:
        return None
    if answer.content_type == _JSON:
        try:
            return json.loads(answer.text)
        except ValueError as error:
            raise NotAcked("dispatch_failed") from error
    return {"text": answer.text}


def _challenge(answer: _Answer) -> Any:
    if answer.content_type == _JSON:
        try:
            given = json.loads(answer.text)
        except ValueError:
            return None
        return given.get("challenge") if isinstance(given, dict) else None
    if answer.content_type == _FORM:
        return parse_qs(answer.text).get("challenge", [None])[0]
    return answer.text.strip()
