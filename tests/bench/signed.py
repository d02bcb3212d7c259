"""How does Slack bring what people do to an app that listens at a URL?"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from tests.bench.fake import Json

SECRET = "bench"


@dataclass(frozen=True)
class Request:
    """A signed request, good for five minutes."""

    body: bytes
    headers: dict[str, str]


def signed(kind: str, payload: Json) -> Request:
    """A request with a command, or with what was done in a view."""
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    body = urlencode(form).encode()
    sent_at = time.time_ns() // 1_000_000_000
    base = b"v0:%d:%s" % (sent_at, body)
    digest = hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": str(sent_at),
        "X-Slack-Signature": f"v0={digest}",
    }
    return Request(body, headers)


class Door:
    """An app's URL."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def bring(self, request: Request, over: aiohttp.ClientSession) -> tuple[str, float]:
        """The body of the ack, and how many seconds it took to come.

        Raises:
            AssertionError: it was none.
        """
        began = time.perf_counter()
        async with over.post(self._url, data=request.body, headers=request.headers) as answer:
            words = await answer.text()
            took = time.perf_counter() - began
        if answer.status != 200:
            raise AssertionError(f"HTTP {answer.status} is no ack: {words}")
        return words, took
