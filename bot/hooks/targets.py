"""How is a target sent what it is owed, and what is kept of its answer?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.clock import Clock
from bot.core.failures import Permanent, Retryable, Unknown
from bot.hooks import filling, signing
from bot.hooks.callbacks import Callbacks
from bot.hooks.filling import Lacking
from bot.hooks.guard import Guard, Guarded, Resolve
from bot.hooks.send import judge
from runbooks.model import Target, Webhooks

ANSWER_BYTES = 64 * 1024  # what is longer is not read to its end
_KEPT_CHARS = 500
_HIDDEN = "[redacted]"
Json = dict[str, Any]


class Owed(Protocol):
    """One thing as the outbox holds it."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def body(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def attempts(self) -> int: ...  # noqa: D102
    @property
    def first_claimed_at(self) -> datetime: ...  # noqa: D102


@dataclass(frozen=True)
class _Request:
    """What is sent; `secrets` must come back in nothing that is kept."""

    url: URL
    content: bytes
    headers: Mapping[str, str]
    values: filling.Values
    secrets: tuple[str, ...]


class Targets:
    """Sends what targets are owed: only to hosts that may be reached, and following nobody."""

    def __init__(
        self,
        policy: Webhooks,
        clock: Clock,
        environ: Mapping[str, str],
        callbacks: Callbacks,
        resolver: Resolve = aiohttp.ThreadedResolver,
    ) -> None:
        self._guard = Guard(policy.hosts, policy.private_hosts)
        self._clock = clock
        self._environ = environ
        self._callbacks = callbacks
        self._resolver = resolver

    async def __call__(self, owed: Owed) -> Json:
        """Send it; what the answer says that is worth keeping.

        Raises:
            Permanent: it is refused for good, or was tried often enough.
            Retryable: not now; `Unknown` when it may have arrived.
        """
        target = Target.model_validate(owed.body["target"])
        try:
            request = self._request(owed, target)
            self._guard.require(request.url)
            return await self._sent(target, request)
        except Lacking as error:
            raise Permanent("webhook", f"{target.id} names {error}, which is not there") from error
        except Retryable as error:
            if owed.attempts < target.tries:
                raise
            why = f"given up after {owed.attempts} tries ({error})"
            raise Permanent("webhook", why) from error

    def _request(self, owed: Owed, target: Target) -> _Request:
        secrets = {f"secret.{name}": self._secret(env) for name, env in target.secrets.items()}
        given = {**owed.body["values"], "send_id": signing.webhook_id(owed.name)}
        if target.calls_back:
            given["callback_url"] = self._callbacks.url(owed)
        values = {**given, **secrets}
        content = json.dumps(filling.filled(target.body, values), ensure_ascii=False).encode()
        headers = {name: filling.header(one, values) for name, one in target.headers.items()}
        raw = self._secret(target.url_env) if target.url_env else ""
        try:
            url = URL(raw or filling.address(target.url or "", values))
            is_good = url.host is not None and url.port is not None
        except ValueError:
            is_good = False
        if not is_good:
            raise Permanent("webhook", f"the address of {target.id} is not a URL")
        headers |= self._signed(owed, target, content)
        hidden = tuple(filter(None, (*secrets.values(), raw, given.get("callback_url"))))
        return _Request(url, content, headers, given, hidden)

    def _signed(self, owed: Owed, target: Target, content: bytes) -> dict[str, str]:
        """The headers of Standard Webhooks; the same thing has the same id each time."""
        if not target.signed_with:
            return {}
        sent_at = self._clock.wall(self._clock.now())
        secret = self._secret(target.signed_with)
        try:
            return signing.headers(secret, owed.name, sent_at, content.decode())
        except signing.EmptySecret as error:
            raise Permanent("settings", f"{target.signed_with} holds no secret") from error

    def _secret(self, name: str) -> str:
        value = self._environ.get(name)
        if not value:
            raise Permanent("settings", f"{name} is not set")
        return value

    async def _sent(self, target: Target, request: _Request) -> Json:
        limit = aiohttp.ClientTimeout(total=target.time_limit.total_seconds())
        inner: AbstractResolver = self._resolver()
        guarded = Guarded(self._guard, inner, is_plain=request.url.scheme == "http")
        # One connection, to the address that was looked at; nothing is kept for another.
        connector = aiohttp.TCPConnector(
            resolver=guarded, use_dns_cache=False, force_close=True, limit=1
        )
        async with aiohttp.ClientSession(
            connector=connector,
            timeout=limit,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        ) as http:
            return await self._exchanged(http, target, request)

    async def _exchanged(
        self, http: aiohttp.ClientSession, target: Target, request: _Request
    ) -> Json:
        sent = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            **request.headers,
        }
        try:
            async with http.request(
                target.method,
                request.url,
                data=request.content,
                headers=sent,
                allow_redirects=False,
            ) as answer:
                wall = self._clock.wall(self._clock.now())
                judge(target.id, answer.status, answer.headers.get("Retry-After"), wall)
                return _kept(target, answer.status, await _read(answer), request)
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
            raise Permanent("webhook", f"the address of {target.id} is not a URL") from error
        except aiohttp.ClientConnectorError as error:
            raise Retryable(f"{target.id}: no connection") from error
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unknown(f"{target.id}: {type(error).__name__}") from error


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    """The answer; nothing where it is longer, or breaks off: it was taken all the same."""
    content = b""
    try:
        async for part in answer.content.iter_chunked(8192):
            content += part
            if len(content) > ANSWER_BYTES:
                answer.close()
                return b""
    except (aiohttp.ClientError, asyncio.IncompleteReadError, TimeoutError, OSError):
        return b""
    return content


def _kept(target: Target, status: int, content: bytes, request: _Request) -> Json:
    said = {**request.values, **filling.answered(content)}
    kept: Json = {"status": status}
    for name in ("reference", "link"):
        template = getattr(target.answer, name)
        try:
            found = filling.text(template, said) if template else ""
        except Lacking:
            continue
        for secret in request.secrets:
            found = found.replace(secret, _HIDDEN)
        is_link = found.startswith(("https://", "http://")) and not set(found) & set(" \n\t<>|")
        if found and (name != "link" or is_link):
            kept[name] = found[:_KEPT_CHARS]
    return kept
