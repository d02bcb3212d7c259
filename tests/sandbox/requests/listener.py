"""What does an app see that only listens, without any SDK?"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import listen, serving
from tests.sandbox.foreign import HandMovedClock, Json, write_manifest


@dataclass(frozen=True)
class Got:
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        """The body of an event."""
        return dict(json.loads(self.body))

    @property
    def form(self) -> dict[str, str]:
        """The fields of a command or an interaction."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=True))

    @property
    def retry(self) -> tuple[str | None, str | None]:
        """How often it came before, and why it came again."""
        return self.headers.get("x-slack-retry-num"), self.headers.get("x-slack-retry-reason")


class Listener:
    """An app that answers what `answers` says, in order, and 200 after that; None never answers.

    A challenge is answered by what `returned` makes of its body.
    """

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.requests: list[Got] = []
        self.challenged: list[Got] = []
        self.answers: deque[Response | None] = deque()
        self.returned: Callable[[bytes], Response] = _given_back
        self._came = asyncio.Condition()

    async def take(self, request: Request) -> Response:
        body = await request.body()
        got = Got(request.url.path, request.headers, body)
        if b"url_verification" in body:
            self.challenged.append(got)
            return self.returned(body)
        async with self._came:
            self.requests.append(got)
            self._came.notify_all()
        answer = self.answers.popleft() if self.answers else Response()
        if answer is None:
            await asyncio.get_running_loop().create_future()
            raise AssertionError
        return answer

    async def got(self, number: int) -> list[Got]:
        """All requests once there are so many."""
        async with asyncio.timeout(10), self._came:
            await self._came.wait_for(lambda: len(self.requests) >= number)
        return self.requests


def _given_back(body: bytes) -> Response:
    return JSONResponse({"challenge": json.loads(body)["challenge"]})


@contextlib.asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    """An app that listens."""
    socket = listen(0)
    listener = Listener(f"http://127.0.0.1:{socket.getsockname()[1]}")
    routes = [Route("/{path:path}", listener.take, methods=["POST"])]
    async with serving(Starlette(routes=routes), socket, lifespan=False):
        yield listener


@contextlib.asynccontextmanager
async def asked_over_http(
    folder: Path, clock: HandMovedClock, listener: Listener, **more: Any
) -> AsyncIterator[Sandbox]:
    """A workspace that sends all it has to the listener."""
    url = more.pop("app_url", f"{listener.base_url}/slack/events")
    manifest = more.pop("manifest", None) or write_manifest(folder)
    sandbox = Sandbox(manifest, now=clock.now, monotonic=clock.monotonic, app_url=url, **more)
    async with sandbox.running():
        yield sandbox
