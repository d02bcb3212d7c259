"""How do requests reach the app, and what does it answer within 3 s?"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections import deque
from collections.abc import Coroutine
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.errors import NotAcked
from bot.sandbox.link import Link
from bot.sandbox.model import Delivery, Json
from bot.sandbox.workspace import TEAM_ID, Workspace

SIGNING_SECRET = "sandbox"
VERIFICATION_TOKEN = "sandbox-verification"
ACK_SECONDS = 3.0  # docs.slack.dev/interactivity/handling-user-interaction
RETRY_AFTER_SECONDS = (0.0, 60.0, 300.0)  # docs.slack.dev/apis/events-api
_REASONS = {"operation_timeout": "http_timeout", "dispatch_failed": "connection_failed"}


class Deliver:
    """Sends payloads over signed HTTP when there is a URL, else over Socket Mode."""

    def __init__(self, workspace: Workspace, link: Link, app_url: str | None) -> None:
        self.deliveries: deque[Delivery] = deque(maxlen=10_000)
        self._workspace = workspace
        self._link = link
        self._app_url = app_url
        self._session: aiohttp.ClientSession | None = None
        self._firsts: set[asyncio.Task[None]] = set()
        self._repeats: set[asyncio.Task[None]] = set()
        workspace.take_events(self._take_event)

    async def ask(self, kind: str, payload: Json) -> Any:
        """Send a "slash_commands" or "interactive" payload; returns the ack's body, None if empty.

        Raises:
            NotAcked: operation_timeout after 3 s, dispatch_failed,
                http_client_error, http_service_error.
        """
        return await self._send(kind, payload, {})

    async def close(self) -> None:
        """Stop repeating events and let go of connections."""
        under_way = [*self._firsts, *self._repeats]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def settle(self) -> None:
        """Wait until no first delivery of an event is under way; repeats are not waited for."""
        while self._firsts:
            await asyncio.wait(list(self._firsts))

    def _take_event(self, event: Json) -> None:
        self._spawn(self._send_event(self._callback(event)), self._firsts)

    def _spawn(self, work: Coroutine[Any, Any, None], among: set[asyncio.Task[None]]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        among.add(task)
        task.add_done_callback(among.discard)

    def _callback(self, event: Json) -> Json:
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": TEAM_ID,
            "api_app_id": self._workspace.app.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(float(event["event_ts"])),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM_ID,
                    "user_id": self._workspace.app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": secrets.token_hex(8),
        }

    async def _send_event(self, payload: Json) -> None:
        try:
            await self._send("events_api", payload, {})
        except NotAcked as error:
            self._spawn(self._repeat(payload, error.code), self._repeats)

    async def _repeat(self, payload: Json, code: str) -> None:
        for attempt, wait in enumerate(RETRY_AFTER_SECONDS, start=1):
            await asyncio.sleep(wait)
            reason = _REASONS.get(code, "http_error")
            try:
                retry = {"retry_attempt": attempt, "retry_reason": reason}
                await self._send("events_api", payload, retry)
                return
            except NotAcked as error:
                code = error.code

    async def _send(self, kind: str, payload: Json, retry: Json) -> Any:
        started_at = time.monotonic()
        error: str | None = None
        try:
            async with asyncio.timeout(ACK_SECONDS):
                if self._app_url is None:
                    return await self._over_socket(kind, payload, retry)
                return await self._over_http(self._app_url, kind, payload, retry)
        except TimeoutError:
            error = "operation_timeout"
            raise NotAcked(error) from None
        except NotAcked as not_acked:
            error = not_acked.code
            raise
        finally:
            self.deliveries.append(Delivery(kind, payload, error, started_at, time.monotonic()))

    async def _over_socket(self, kind: str, payload: Json, retry: Json) -> Any:
        is_event = kind == "events_api"
        envelope: Json = {
            "envelope_id": secrets.token_hex(16),
            "type": kind,
            "accepts_response_payload": not is_event,
            "payload": payload,
        }
        if is_event:
            envelope |= {"retry_attempt": 0, "retry_reason": "", **retry}
        return await self._link.ask(envelope)

    async def _over_http(self, url: str, kind: str, payload: Json, retry: Json) -> Any:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        body, content_type = _body(kind, payload)
        headers = {"Content-Type": content_type, **_signature(body), **_retry_headers(retry)}
        try:
            async with self._session.post(url, data=body, headers=headers) as answer:
                if answer.status >= 500:
                    raise NotAcked("http_service_error")
                if not 200 <= answer.status < 300:
                    raise NotAcked("http_client_error")
                return _ack(await answer.text(), answer.content_type)
        except aiohttp.ClientError as error:
            raise NotAcked("dispatch_failed") from error


def _body(kind: str, payload: Json) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _signature(body: bytes) -> dict[str, str]:
    # Signatures follow the wall, whatever the workspace's own clock was moved to.
    sent_at = str(time.time_ns() // 1_000_000_000)
    signed = b"v0:" + sent_at.encode() + b":" + body
    digest = hmac.new(SIGNING_SECRET.encode(), signed, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": sent_at, "X-Slack-Signature": f"v0={digest}"}


def _retry_headers(retry: Json) -> dict[str, str]:
    if not retry:
        return {}
    return {
        "x-slack-retry-num": str(retry["retry_attempt"]),
        "x-slack-retry-reason": str(retry["retry_reason"]),
    }


def _ack(text: str, content_type: str) -> Any:
    if not text:
        return None
    if content_type == "application/json":
        try:
            return json.loads(text)
        except ValueError as error:
            raise NotAcked("dispatch_failed") from error
    return {"text": text}
