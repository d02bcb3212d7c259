"""How is the Web API called, and what does a failure mean?"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import metrics
from bot.core.failures import Away, Permanent, Retryable, TokenRefused, TooFast, Unknown

TIME_LIMIT = timedelta(seconds=10)
_VIEW_LIMIT_SECONDS = 2.0  # a trigger lives 3 s, and the ack has to leave within the same 3 s
_AFTER_TOKEN_FAULT = timedelta(seconds=30)
_UNREADABLE = "an answer that cannot be read"

# The effect may have happened: Slack failed after it took the call.
_UNKNOWN = {"internal_error", "fatal_error", "request_timeout", "service_unavailable"}
_SLOWER = {"ratelimited", "rate_limited"}
# Nothing is wrong with the message; it is owed until somebody gives the bot a token that works.
_TOKEN = {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"}
# Slack takes JSON for what changes something, and only form fields for what reads or asks where
# to send a file.
_READS = {
    "auth.test",
    "bookmarks.list",
    "conversations.history",
    "conversations.info",
    "conversations.list",
    "conversations.members",
    "conversations.replies",
    "users.conversations",
    "dnd.teamInfo",
    "files.getUploadURLExternal",
    "files.info",
    "pins.list",
    "usergroups.users.list",
    "users.info",
    "users.list",
    "users.lookupByEmail",
}

Json = dict[str, Any]
# Whether whoever calls under a lease has it still; nobody else does their work meanwhile.
HOLDS: ContextVar[Callable[[], bool]] = ContextVar("holds", default=lambda: True)
# Who wants to know of each call whether Slack answered; of what was not done now it hears nothing.
HEARD: ContextVar[Callable[[str, bool], None]] = ContextVar("heard", default=lambda _m, _is: None)


@dataclass(frozen=True)
class Self:
    """Who the token belongs to."""

    bot_user_id: str
    bot_id: str
    team_id: str
    team_url: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class Pulse:
    """How a call went: how long it took, how far our clock is ahead, what the token may do.

    `ahead` is None when Slack's answer has no Date.
    """

    took: timedelta
    ahead: timedelta | None
    scopes: frozenset[str]


class Calls:
    """Every call to Slack's Web API, over one shared session."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client

    @classmethod
    @contextlib.asynccontextmanager
    async def connected(cls, token: str, api_url: str) -> AsyncIterator[Calls]:
        """Calls with this token at this address, over a session of their own."""
        limit = aiohttp.ClientTimeout(total=TIME_LIMIT.total_seconds())
        # The courier says how many calls are under way at once; aiohttp would stop at 100.
        connections = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(timeout=limit, connector=connections) as session:
            # The courier decides what is sent again; the SDK's own retries would double it.
            yield cls(
                AsyncWebClient(token=token, base_url=api_url, session=session, retry_handlers=[])
            )

    async def __call__(self, method: str, **arguments: object) -> Json:
        """Call one method; arguments that are None are left out.

        Raises:
            Permanent: Slack refused for good.
            Retryable: not now; `Unknown` when it may have happened all the same.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        if method not in _READS and not HOLDS.get()():
            raise Retryable(f"{method}: its lease ended before it was called", timedelta(0))
        if method in _READS:
            asking = self.client.api_call(method, http_verb="GET", params=given)
        else:
            asking = self.client.api_call(method, json=given)
        try:
            data = (await _answer(method, asking)).data
        except (Permanent, Unknown) as error:
            HEARD.get()(method, isinstance(error, Permanent))
            raise
        HEARD.get()(method, True)
        assert isinstance(data, dict)
        return data

    async def upload(self, url: str, content: bytes) -> None:
        """Send the bytes of a file to the address that Slack gave for them.

        Raises:
            Permanent: Slack refused them.
            Unknown: it may have taken them.
        """
        session = self.client.session
        assert session is not None
        try:
            async with session.post(url, data=content, allow_redirects=False) as answer:
                status = answer.status
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unknown(f"upload: {type(error).__name__}") from error
        if status == 429 or status >= 500:
            raise Unknown(f"upload: HTTP {status}")
        if status != 200:
            raise Permanent("upload", f"HTTP {status}")

    async def open_view(self, trigger_id: str, view: Json) -> None:
        """Open a modal while its trigger lives.

        Raises:
            Permanent, Retryable: it did not open; the person has to ask again.
        """
        async with asyncio.timeout(_VIEW_LIMIT_SECONDS):
            await self("views.open", trigger_id=trigger_id, view=view)

    async def push_view(self, trigger_id: str, view: Json) -> None:
        """Put a modal on top of the one that is open, which stays as it is.

        Raises:
            Permanent, Retryable: it did not open; three are open already, or it took too long.
        """
        async with asyncio.timeout(_VIEW_LIMIT_SECONDS):
            await self("views.push", trigger_id=trigger_id, view=view)

    async def open_socket(self, app_token: str) -> None:
        """Ask for a Socket Mode address, to see whether the token is good for it.

        Raises:
            Permanent, Retryable: see `__call__`.
        """
        asking = self.client.apps_connections_open(app_token=app_token)
        await _answer("apps.connections.open", asking)

    async def whoami(self) -> Self:
        """Ask Slack whose token this is and what it may do.

        Raises:
            Permanent, Retryable: see `__call__`.
        """
        answer = await self._auth_test()
        return Self(
            bot_user_id=str(answer["user_id"]),
            bot_id=str(answer.get("bot_id", "")),
            team_id=str(answer["team_id"]),
            team_url=str(answer["url"]),
            scopes=_scopes(answer.headers),
        )

    async def pulse(self, now: Callable[[], datetime]) -> Pulse:
        """Make one call and see how it went, by the wall's clock.

        Raises:
            Permanent, Retryable: see `__call__`.
        """
        began_at = time.monotonic()
        answer = await self._auth_test()
        took = timedelta(seconds=time.monotonic() - began_at)
        return Pulse(took, _ahead(answer.headers, now() - took / 2), _scopes(answer.headers))

    async def _auth_test(self) -> AsyncSlackResponse:
        return await _answer("auth.test", self.client.auth_test())


async def _answer(method: str, asking: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """What Slack said, as JSON that can be read; see `Calls.__call__` for what is raised."""
    try:
        answer = await asking
    except SlackApiError as error:
        raise _meaning(method, error) from error
    except aiohttp.ClientConnectorError as error:
        raise Away(f"{method}: no connection to Slack") from error
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise Unknown(f"{method}: {type(error).__name__}") from error
    except (AttributeError, ValueError) as error:
        # slack_sdk asks a text or a list for "ok", and takes any bytes for UTF-8.
        raise Unknown(f"{method}: {_UNREADABLE}") from error
    if not isinstance(answer.data, dict):
        raise Unknown(f"{method}: {_UNREADABLE}")
    return answer


def _scopes(headers: Mapping[str, Any]) -> frozenset[str]:
    granted = _header(headers, "x-oauth-scopes").split(",")
    return frozenset(scope.strip() for scope in granted if scope.strip())


def _ahead(headers: Mapping[str, Any], now: datetime) -> timedelta | None:
    try:
        return now - parsedate_to_datetime(_header(headers, "date"))
    except ValueError:
        return None


def _meaning(method: str, error: SlackApiError) -> Exception:
    response = error.response
    # A proxy on the way answers in its own words, and slack_sdk hands them over as they are; what
    # says that it is JSON and is not, or is cut short, it hands over as aiohttp's answer.
    is_read = isinstance(response, AsyncSlackResponse)
    status = response.status_code if is_read else response.status
    said = response.data if is_read and isinstance(response.data, dict) else {}
    code = str(said.get("error") or f"HTTP {status}{'' if is_read else f', {_UNREADABLE}'}")
    if status == 429 or code in _SLOWER:
        metrics.THROTTLED.labels(method).inc()
        return TooFast(method, timedelta(seconds=_whole(_header(response.headers, "retry-after"))))
    if status >= 500 or code in _UNKNOWN or not said:
        return Unknown(f"{method}: {code}")
    if code in _TOKEN:
        return TokenRefused(f"{method}: {code}", _AFTER_TOKEN_FAULT)
    needed = said.get("needed")
    return Permanent(method, code, str(needed) if needed else None)


def _whole(seconds: str) -> int:
    return max(1, int(seconds)) if seconds.isdecimal() else 1


def _header(headers: Mapping[str, Any], name: str) -> str:
    for key, value in headers.items():
        if key.lower() == name:
            return str(value[0] if isinstance(value, list) else value)
    return ""
