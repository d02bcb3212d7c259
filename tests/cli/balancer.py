"""How are requests divided among those processes that say they are ready?"""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import aiohttp
from aiohttp import web

from tests.cli.test_run import free_port


class Balancer:
    """Asks each process before each request, as a load balancer does every few seconds."""

    def __init__(self, ports: dict[str, int]) -> None:
        self.port = free_port()
        self.answered: Counter[str] = Counter()
        self.ports = ports
        self._named = list(ports)
        self._turns = itertools.count()
        self._session: aiohttp.ClientSession | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Balancer]:
        """At work until the end."""
        app = web.Application()
        app.router.add_post("/slack/events", self._pass_on)
        runner = web.AppRunner(app)
        await runner.setup()
        async with aiohttp.ClientSession() as self._session:
            await web.TCPSite(runner, "127.0.0.1", self.port).start()
            yield self
            await runner.cleanup()

    @contextlib.contextmanager
    def only(self, name: str) -> Iterator[None]:
        """All requests go to this one."""
        self._named = [name]
        yield
        self._named = list(self.ports)

    async def reasons(self, name: str) -> list[str]:
        """Why a process says it is not ready; empty when it is."""
        assert self._session
        async with self._session.get(f"http://127.0.0.1:{self.ports[name]}/readyz") as answer:
            told = await answer.json()
            assert told["ready"] == (answer.status == 200) == (not told["reasons"])
            return list(told["reasons"])

    async def _is_ready(self, name: str) -> bool:
        try:
            return not await self.reasons(name)
        except aiohttp.ClientError:
            return False

    async def _pass_on(self, request: web.Request) -> web.Response:
        ready = [name for name in self._named if await self._is_ready(name)]
        if not ready:
            return web.Response(status=503)
        name = ready[next(self._turns) % len(ready)]
        assert self._session
        async with self._session.post(
            f"http://127.0.0.1:{self.ports[name]}/slack/events",
            data=await request.read(),
            headers={key: text for key, text in request.headers.items() if key != "Host"},
        ) as answer:
            self.answered[name] += 1
            kind = answer.headers.get("Content-Type", "text/plain")
            return web.Response(
                status=answer.status, body=await answer.read(), headers={"Content-Type": kind}
            )
