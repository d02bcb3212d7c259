"""What do other systems tell us, and is it really them?"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import metrics
from bot.clock import Clock
from bot.core.alerts import Alert
from bot.engine import NotWritten
from bot.hooks import bodies, signing
from bot.hooks.bodies import Ack, Malformed
from bot.hooks.signing import WrongSignature

__all__ = ["LARGEST_BYTES", "Ack", "Secrets", "TakeAck", "TakeAlert", "routes"]

LARGEST_BYTES = 256 * 1024
BODY_SECONDS = 10.0  # for the whole body; who is slower keeps a connection from others
CLOSED = "This way in is closed: its secret is not set."
TOO_LARGE = f"The body is larger than {LARGEST_BYTES} bytes."
_SAME_DELIVERY_SECONDS = 300  # Alertmanager tries again within minutes, and repeats after hours
_log = structlog.get_logger()

TakeAlert = Callable[[Alert], Awaitable[int | None]]
TakeAck = Callable[[Ack], Awaitable[int | None]]
# Says which delivery it is, or raises WrongSignature.
Check = Callable[[str, Mapping[str, str], bytes], str]
Take = Callable[[str, bytes], Awaitable[int | None]]


@dataclass(frozen=True)
class Secrets:
    """With what the others sign; a way in without a secret does not exist."""

    alert: str | None = None
    pagerduty: str | None = None


def routes(take_alert: TakeAlert, take_ack: TakeAck, secrets: Secrets, clock: Clock) -> list[Route]:
    """The ways in for other systems."""

    def signed(secret: str, headers: Mapping[str, str], body: bytes) -> str:
        return signing.check(secret, headers, bodies.text(body), clock.wall(clock.now()))

    def signed_or_bearer(secret: str, headers: Mapping[str, str], body: bytes) -> str:
        if headers.get("authorization", "").lower().startswith("bearer "):
            signing.check_bearer(secret, headers["authorization"])
            return _delivery(body, clock.now())
        return signed(secret, headers, body)

    def signed_by_pagerduty(secret: str, headers: Mapping[str, str], body: bytes) -> str:
        signing.check_pagerduty(secret, headers, body)
        return ""  # the body has an id of its own

    async def alert(delivery: str, body: bytes) -> int | None:
        told = bodies.alert(delivery, body)
        return await take_alert(told) if told else None

    async def ack(delivery: str, body: bytes) -> int | None:
        return await take_ack(bodies.ack(delivery, body))

    async def pagerduty(_delivery: str, body: bytes) -> int | None:
        told = bodies.pagerduty_ack(body)
        return await take_ack(told) if told else None

    return [
        _way("alert", secrets.alert, signed_or_bearer, alert),
        _way("ack", secrets.alert, signed, ack),
        _way("pagerduty", secrets.pagerduty, signed_by_pagerduty, pagerduty),
    ]


def _way(name: str, secret: str | None, check: Check, take: Take) -> Route:
    async def answer(request: Request) -> Response:
        try:
            body = await read(request, secret)
            delivery = check(secret or "", request.headers, body)
            number = await take(delivery, body)
        except Closed:
            return said(name, 404, CLOSED)
        except TooLarge:
            return said(name, 413, TOO_LARGE)
        except WrongSignature as error:
            return said(name, 401, f"The signature is not good: {error}.")
        except Malformed as error:
            return said(name, 400, str(error))
        except NotWritten as error:
            return said(name, 503, str(error))
        metrics.HOOKS.labels(name, "202").inc()
        return JSONResponse({"incident": f"INC-{number}" if number else None}, status_code=202)

    return Route(f"/hooks/{name}", answer, methods=["POST"])


class Closed(Exception):
    """This way in has no secret."""


class TooLarge(Exception):
    """The body is larger than anything a way in needs."""


async def read(request: Request, secret: str | None) -> bytes:
    """The body of a request, as far as this way in exists.

    Raises:
        Closed: its secret is not set.
        TooLarge: the body is larger than anything a way in needs.
        Malformed: it broke off.
    """
    if not secret:
        raise Closed
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > LARGEST_BYTES:
                    raise TooLarge
                parts.append(part)
    except (ClientDisconnect, TimeoutError) as error:
        raise Malformed("The body broke off.") from error
    return b"".join(parts)


def _delivery(body: bytes, now: datetime) -> str:
    """Who sends a bearer token gives no id: the same body within minutes is the same delivery."""
    span = int(now.timestamp()) // _SAME_DELIVERY_SECONDS
    return f"{hashlib.sha256(body).hexdigest()[:32]} {span}"


def said(name: str, status: int, sentence: str) -> Response:
    """A refusal, counted and logged by its code alone."""
    metrics.HOOKS.labels(name, str(status)).inc()
    _log.warning("hook.refused", way=name, code=status)
    return JSONResponse({"ok": False, "reason": sentence}, status_code=status)
