"""How is an ASGI application served inside a running event loop?"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from email.utils import formatdate
from typing import Any

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"
ABORT = "sandbox.abort"  # in a scope: breaks the connection without a word


def listen(port: int) -> socket.socket:
    """A socket bound to this machine only; port 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    # asyncio switches Nagle's delay off only where the protocol is named; with it on, every call
    # over a connection that is used again takes 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    listener.listen(128)
    return listener


class Broken(Response):
    """No answer: the connection is closed, after `seconds` at the latest by the client itself."""

    def __init__(self, seconds: float = 0.0) -> None:
        """Nothing is sent; 0 seconds close it at once."""
        super().__init__()
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for the client to give up, then close."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._seconds):
                await _gone(receive)
        scope[ABORT]()
        await _gone(receive)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _abortable(app: ASGIApp) -> ASGIApp:
    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        # ASGI has no word for closing a connection without an answer, but uvicorn's `send` knows
        # its transport.
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if transport is not None:
            scope[ABORT] = transport.abort
        await app(scope, receive, _dated(send) if scope["type"] == "http" else send)

    return call


def _dated(send: Send) -> Send:
    """Every answer of Slack's tells the time there; uvicorn's own header ticks in its main loop."""

    async def call(message: Message) -> None:
        if message["type"] == "http.response.start":
            date = (b"date", formatdate(usegmt=True).encode())
            message["headers"] = [*message.get("headers", ()), date]
        await send(message)

    return call


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever started it and says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()
        self.is_stopping = asyncio.Event()

    async def main_loop(self) -> None:
        # The original looks ten times a second whether it should stop; tests start many servers.
        await self.is_stopping.wait()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.is_up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(app: Any, listener: socket.socket, *, lifespan: bool) -> AsyncIterator[None]:
    """Serve `app` on a bound socket inside `async with`; `lifespan` runs its start and stop."""
    config = uvicorn.Config(
        _abortable(app),
        log_level="warning",
        date_header=False,
        access_log=False,
        proxy_headers=False,
        lifespan="on" if lifespan else "off",
        timeout_graceful_shutdown=2,
        # Longer than clients keep what they do not use (aiohttp: 15 s), or one writes into a
        # connection that is being closed.
        timeout_keep_alive=75,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    is_up = asyncio.create_task(server.is_up.wait())
    try:
        await asyncio.wait({running, is_up}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        yield
    finally:
        is_up.cancel()
        server.is_stopping.set()
        await running
        listener.close()
