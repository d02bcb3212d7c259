"""Is this HTTP request really Slack's, and can it be read?"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qs

import structlog
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_sdk.signature import SignatureVerifier
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from bot import metrics
from bot.slack.dispatch import NO_RETRY, Dispatch

# Slack's largest is a submitted modal: 100 blocks, with 3,000 characters in each input.
LARGEST_BYTES = 1024 * 1024
BODY_SECONDS = 10.0  # Slack gives up after 3; who is slower keeps a connection from others
_SSL_CHECK_BYTES = 4096
_log = structlog.get_logger()


async def answer(request: Request, bolt: Dispatch, signing_secret: str) -> Response:
    """Answer a request: size first, then the signature, and only then is the body looked into."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await _read(request)
    except (ClientDisconnect, TimeoutError):
        return _refused(400, "unread")
    if body is None:
        return _refused(413, "too_large")
    if _is_ssl_check(body):
        metrics.ACKS.labels("ssl_check", "acked").observe(0)
        return Response(status_code=200)
    if not _is_signed(signing_secret, body, request.headers):
        return _refused(401, "unsigned")
    try:
        ours = to_async_bolt_request(request, body)
    # Whatever the JSON is, Bolt looks into it while it makes the request.
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
        return _refused(400, "malformed")
    return to_starlette_response(await bolt.async_dispatch(ours))


def _refused(status: int, outcome: str) -> Response:
    metrics.ACKS.labels(metrics.OTHER, outcome).observe(0)
    _log.warning("request.refused", outcome=outcome, status=status)
    # A signature may have been late by a minute only; the rest will be no better next time.
    headers = {} if status == 401 else NO_RETRY
    return JSONResponse({"error": outcome}, status_code=status, headers=headers)


async def _read(request: Request) -> bytes | None:
    """The whole body; None when it is larger than anything Slack sends, or says it is."""
    told = request.headers.get("content-length", "")
    if told.isascii() and told.isdigit() and int(told[:20]) > LARGEST_BYTES:
        return None
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def _is_ssl_check(body: bytes) -> bool:
    """Whether Slack only asks for the certificate; it does not sign that."""
    if len(body) > _SSL_CHECK_BYTES or b"ssl_check" not in body:
        return False
    try:
        fields = parse_qs(body.decode("ascii"))
    except ValueError:
        return False
    return fields.get("ssl_check") == ["1"] and not fields.keys() & {"payload", "command"}


def _is_signed(secret: str, body: bytes, headers: Mapping[str, str]) -> bool:
    verifier = SignatureVerifier(secret)
    try:
        return verifier.is_valid(
            body,
            headers.get("x-slack-request-timestamp", ""),
            headers.get("x-slack-signature", ""),
        )
    except (TypeError, ValueError):  # a time that is no number, letters that are no signature
        return False
