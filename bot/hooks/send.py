"""How is something brought to a pager, a webhook or a mailbox, so that twice is as good as once?"""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import aiohttp

from bot.clock import Clock
from bot.core.failures import Permanent, Retryable, Unknown
from bot.hooks import signing
from bot.hooks.mail import Mail

TIME_LIMIT = timedelta(seconds=10)
_AGAIN_AT_LEAST = timedelta(seconds=1)
_AGAIN_AFTER = timedelta(seconds=30)
_AGAIN_AT_MOST = timedelta(hours=1)  # whatever the other side asks for
_NOT_NOW = {408, 425, 429}
EVENTS_URL = "https://events.pagerduty.com"
Json = dict[str, Any]


class Owed(Protocol):
    """One thing as the outbox holds it."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def body(self) -> Mapping[str, Any]: ...  # noqa: D102


@contextlib.asynccontextmanager
async def session(limit: timedelta = TIME_LIMIT) -> AsyncIterator[aiohttp.ClientSession]:
    """One session for everything that is sent; nothing is waited for longer than `limit`."""
    total = aiohttp.ClientTimeout(total=limit.total_seconds())
    async with aiohttp.ClientSession(timeout=total) as opened:
        yield opened


class Sender:
    """Sends by the way a body names. Secrets are looked up by name in the environment."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        clock: Clock,
        environ: Mapping[str, str],
        mail: Mail,
        events_url: str = EVENTS_URL,
    ) -> None:
        self._http = http
        self._clock = clock
        self._environ = environ
        self._events_url = events_url.rstrip("/")
        self._ways: dict[str, Callable[[Owed], Awaitable[None]]] = {
            "pagerduty": self._pagerduty,
            "webhook": self._webhook,
            "mail": mail,
        }

    async def __call__(self, owed: Owed) -> Json | None:
        """Send it.

        Raises:
            Permanent: it is refused for good, or a variable it needs is not set.
            Retryable: not now; `Unknown` when it may have arrived.
        """
        way = self._ways.get(str(owed.body["via"]))
        if way is None:
            raise Retryable("it takes a newer version of the bot", _AGAIN_AT_LEAST)
        await way(owed)
        return None

    async def _pagerduty(self, owed: Owed) -> None:
        """Events API v2; the same dedup_key twice is one incident there.

        https://developer.pagerduty.com/docs/events-api-v2-overview
        """
        body = owed.body
        event: Json = {
            "routing_key": self._secret(body["routing_key_env"]),
            "event_action": body["action"],
            "dedup_key": body["dedup_key"],
        }
        if body["action"] == "trigger":
            event["payload"] = {name: body[name] for name in ("summary", "severity", "source")}
        await self._post("pagerduty", f"{self._events_url}/v2/enqueue", json.dumps(event), {})

    async def _webhook(self, owed: Owed) -> None:
        """A webhook signed after the Standard Webhooks specification; its id is the same each time.

        https://www.standardwebhooks.com
        """
        body = owed.body
        url, secret = self._secret(body["url_env"]), self._secret(body["secret_env"])
        sent_at = self._clock.wall(self._clock.now())
        text = json.dumps({"type": body["event"], "data": body["payload"]}, ensure_ascii=False)
        try:
            headers = signing.headers(secret, owed.name, sent_at, text)
        except signing.EmptySecret as error:
            raise Permanent("settings", f"{body['secret_env']} holds no secret") from error
        await self._post("webhook", url, text, headers)

    def _secret(self, name: str) -> str:
        value = self._environ.get(name)
        if not value:
            raise Permanent("settings", f"{name} is not set")
        return value

    async def _post(self, what: str, url: str, text: str, headers: Mapping[str, str]) -> None:
        sent = {"Content-Type": "application/json", **headers}
        try:
            async with self._http.post(
                url, data=text.encode(), headers=sent, allow_redirects=False
            ) as answer:
                wall = self._clock.wall(self._clock.now())
                judge(what, answer.status, answer.headers.get("Retry-After"), wall)
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
            raise Permanent(what, "the address is not a URL") from error
        except aiohttp.ClientConnectorError as error:
            raise Retryable(f"{what}: no connection") from error
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unknown(f"{what}: {type(error).__name__}") from error


def judge(what: str, status: int, after: str | None, now: datetime) -> None:
    """Go on where the other side took it; `after` is what it says in Retry-After.

    Raises:
        Permanent: it refused it for good.
        Retryable: not now; `Unknown` when it may have taken it.
    """
    if 200 <= status < 300:
        return
    if status in _NOT_NOW:
        raise Retryable(f"{what}: HTTP {status}", _wait(after or "", now))
    if status >= 500:
        raise Unknown(f"{what}: HTTP {status}", _wait(after, now) if after else None)
    raise Permanent(what, f"HTTP {status}")


def _wait(after: str, now: datetime) -> timedelta:
    """How long Retry-After asks to wait, by seconds or by date (RFC 9110, 10.2.3)."""
    try:
        if after.isascii() and after.isdigit():
            asked = timedelta(seconds=int(after))
        else:
            at = parsedate_to_datetime(after)
            asked = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    except OverflowError:
        return _AGAIN_AT_MOST
    except (ValueError, TypeError):
        return _AGAIN_AFTER
    return min(max(asked, _AGAIN_AT_LEAST), _AGAIN_AT_MOST)
