"""What do other systems receive? A real HTTP server that answers as it is told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web


@dataclass
class Receiver:
    """Requests as they came, and the answers that wait for them; 202 when none does.

    `always` is what a path answers, as JSON, however often it is asked.
    """

    url: str = ""
    requests: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    always: dict[str, object] = field(default_factory=dict)
    trouble: Literal["drops", "is silent"] | None = None
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        """Keep a request and answer it."""
        self.requests.append((request.path_qs, dict(request.headers), await request.text()))
        if self.trouble == "drops" and request.transport:
            request.transport.close()
        if self.trouble == "is silent":
            await self.is_over.wait()
        if request.path in self.always:
            return web.json_response(self.always[request.path])
        return self.answers.pop(0) if self.answers else web.Response(status=202)


@contextlib.asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A server on this machine, until the test is done with it."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    receiver.url = f"http://{host}:{port}"
    try:
        yield receiver
    finally:
        receiver.is_over.set()
        await runner.cleanup()
