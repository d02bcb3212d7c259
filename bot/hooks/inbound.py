"""What do other systems tell us, and is it really them?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.clock import Clock
from bot.core.alerts import Alert
from bot.hooks import signing
from bot.hooks.signing import WrongSignature

LARGEST_BYTES = 256 * 1024
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=3000)]


class Malformed(Exception):
    """It is signed, and still says nothing that can be used; the sentence says why."""


class AlertBody(BaseModel):
    """What POST /hooks/alert takes; see bot/hooks/README.md."""

    model_config = ConfigDict(extra="ignore")
    title: Text
    source: Text = "alert"
    severity: Text | None = None
    fingerprint: Text | None = None
    link: Annotated[str, StringConstraints(pattern=r"^https?://\S{1,2000}$")] | None = None


@dataclass(frozen=True)
class Ack:
    """A pager says that a call was answered; `by_email` None: it does not say by whom."""

    key: str
    dedup_key: str
    by_email: str | None
    is_resolved: bool


TakeAlert = Callable[[Alert], Awaitable[int | None]]
TakeAck = Callable[[Ack], Awaitable[int | None]]


@dataclass(frozen=True)
class Secrets:
    """With what the others sign; a way in without a secret does not exist."""

    alert: str | None = None
    pagerduty: str | None = None


def alert(webhook_id: str, body: bytes) -> Alert:
    """The alert in a body.

    Raises:
        Malformed: it is no JSON object, or a field is missing or wrong.
    """
    try:
        given = AlertBody.model_validate(_json(body))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise Malformed(f"{where or 'body'}: {first['msg']}") from error
    fingerprint = given.fingerprint or f"{given.source} {given.title}"
    return Alert(
        key=f"alert {webhook_id}",
        title=given.title[:150],
        source=given.source[:80],
        severity_word=given.severity.casefold()[:40] if given.severity else None,
        fingerprint=hashlib.sha256(fingerprint.encode()).hexdigest()[:32],
        link=given.link,
    )


def ack(webhook_id: str, body: bytes) -> Ack:
    """An answer in our own webhook's shape: {"call": "INC-12/call/3", "by": "a@b.c"}.

    Raises:
        Malformed: it names no call.
    """
    given = _json(body)
    call = given.get("call")
    if not isinstance(call, str):
        raise Malformed("call: it names no call, such as INC-12/call/3")
    by = given.get("by")
    is_resolved = given.get("is_resolved") is True
    return Ack(f"ack {webhook_id}", call, by if isinstance(by, str) else None, is_resolved)


def pagerduty_ack(body: bytes) -> Ack | None:
    """The answer in a PagerDuty V3 webhook; None for events that are no answer.

    Raises:
        Malformed: it is not what PagerDuty sends.
    """
    event = _json(body).get("event")
    if not isinstance(event, dict):
        raise Malformed("event: it is missing")
    kind = str(event.get("event_type") or "")
    if kind not in {"incident.acknowledged", "incident.resolved"}:
        return None
    about = event.get("data")
    call = about.get("incident_key") if isinstance(about, dict) else None
    agent = event.get("agent")
    by = agent.get("email") if isinstance(agent, dict) else None
    return Ack(
        key=f"pagerduty {event.get('id')}",
        dedup_key=str(call or ""),
        by_email=str(by) if by else None,
        is_resolved=kind == "incident.resolved",
    )


def routes(take_alert: TakeAlert, take_ack: TakeAck, secrets: Secrets, clock: Clock) -> list[Route]:
    """The ways in for other systems."""

    async def on_alert(request: Request) -> Response:
        async def take(webhook_id: str, body: bytes) -> int | None:
            return await take_alert(alert(webhook_id, body))

        return await _answered(request, secrets.alert, take, clock)

    async def on_ack(request: Request) -> Response:
        async def take(webhook_id: str, body: bytes) -> int | None:
            return await take_ack(ack(webhook_id, body))

        return await _answered(request, secrets.alert, take, clock)

    async def on_pagerduty(request: Request) -> Response:
        async def take(_webhook_id: str, body: bytes) -> int | None:
            told = pagerduty_ack(body)
            return await take_ack(told) if told else None

        return await _answered(request, secrets.pagerduty, take, None)

    return [
        Route("/hooks/alert", on_alert, methods=["POST"]),
        Route("/hooks/ack", on_ack, methods=["POST"]),
        Route("/hooks/pagerduty", on_pagerduty, methods=["POST"]),
    ]


async def _answered(
    request: Request,
    secret: str | None,
    take: Callable[[str, bytes], Awaitable[int | None]],
    clock: Clock | None,
) -> Response:
    """Check size and signature, then take it; without a clock it is PagerDuty's signature."""
    if not secret:
        return _said(404, "This way in is closed: its secret is not set.")
    body = await _read(request)
    if body is None:
        return _said(413, f"The body is larger than {LARGEST_BYTES} bytes.")
    webhook_id = ""
    try:
        if clock is None:
            signing.check_pagerduty(secret, request.headers, body)
        else:
            text, now = body.decode(), clock.wall(clock.now())
            webhook_id = signing.check(secret, request.headers, text, now)
        number = await take(webhook_id, body)
    except WrongSignature as error:
        return _said(401, f"The signature is not good: {error}.")
    except (Malformed, UnicodeDecodeError) as error:
        return _said(400, str(error))
    return JSONResponse({"incident": f"INC-{number}" if number else None}, status_code=202)


async def _read(request: Request) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not JSON.") from error
    if not isinstance(given, dict):
        raise Malformed("The body is not a JSON object.")
    return given


def _said(status: int, sentence: str) -> Response:
    return JSONResponse({"ok": False, "reason": sentence}, status_code=status)
