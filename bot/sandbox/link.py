"""How does the app stay connected over Socket Mode?"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from bot.sandbox.errors import NotAcked
from bot.sandbox.model import Json
from bot.sandbox.rules.sockets import limit
from bot.sandbox.server import ABORT
from bot.sandbox.workspace import Workspace

CONNECTIONS = limit("socket.connections")
_BUILD = 1


@dataclass(frozen=True)
class Life:
    """How long a connection lasts, all in seconds of the wall's clock.

    `debug_seconds` is for those opened with `debug_reconnects=true`; each is warned `warning`
    before its end, and after it has `grace` left for the acks that are under way.
    """

    seconds: float = limit("socket.life")
    debug_seconds: float = limit("socket.debug_reconnects")
    warning: float = limit("socket.warning")
    grace: float = limit("socket.seconds")


class Link:
    """The app's WebSocket connections and the envelopes it has not acked yet.

    `life` may be changed; it holds for connections opened from then on.
    """

    def __init__(self, workspace: Workspace) -> None:
        """Nothing is connected yet."""
        self.life = Life()
        self._workspace = workspace
        self._tickets: set[str] = set()
        self._sockets: list[WebSocket] = []
        self._leaving: set[WebSocket] = set()
        self._unacked: dict[str, tuple[WebSocket, asyncio.Future[Any]]] = {}
        self._turn = itertools.count()
        self._opened = asyncio.Event()

    @property
    def is_open(self) -> bool:
        """The app is connected at least once."""
        return bool(self._sockets)

    def new_ticket(self) -> str:
        """A ticket that opens one connection."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    async def endpoint(self, socket: WebSocket) -> None:
        """Serve one connection until either side closes it."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close(code=4401)
            return
        self._tickets.remove(ticket)
        await socket.accept()
        if len(self._sockets) >= CONNECTIONS:
            await self._turn_away(socket)
            return
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            async with self._connected(socket):
                while True:
                    self._take_ack(await socket.receive_text())

    async def ask(self, envelope: Json, *, is_repeat: bool = False) -> Any:
        """Send an envelope over one connection and wait for its ack; returns the ack's payload.

        The ack may come over any connection, so that one which broke loses nothing at once. A
        repeat waits a little for a connection when there is none.

        Raises:
            NotAcked: dispatch_failed, when no connection is open.
        """
        if is_repeat and not self._sockets:
            await self._reopened()
        if not self._sockets:
            raise NotAcked("dispatch_failed", "connection_failed")
        envelope_id = str(envelope["envelope_id"])
        ack = asyncio.get_running_loop().create_future()
        socket = self._sockets[next(self._turn) % len(self._sockets)]
        self._unacked[envelope_id] = socket, ack
        try:
            await socket.send_json(envelope)
            payload = await ack
        except (WebSocketDisconnect, RuntimeError) as error:
            raise NotAcked("dispatch_failed", "connection_failed") from error
        finally:
            self._unacked.pop(envelope_id, None)
        return payload if envelope["accepts_response_payload"] else None

    def cut(self) -> None:
        """Break every connection without a word."""
        for socket in self._sockets:
            socket.scope[ABORT]()

    async def close(self) -> None:
        """Tell every connection to go, and close it."""
        for socket in [*self._sockets, *self._leaving]:
            if socket.application_state is WebSocketState.CONNECTED:
                await self._part(socket, "link_disabled")

    @contextlib.asynccontextmanager
    async def _connected(self, socket: WebSocket) -> AsyncIterator[None]:
        self._sockets.append(socket)
        aging = asyncio.create_task(self._age(socket))
        try:
            await socket.send_json(self._hello(socket))
            self._opened.set()
            yield
        finally:
            aging.cancel()
            self._let_go(socket)
            self._leaving.discard(socket)

    async def _age(self, socket: WebSocket) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            lasts = self._lasts(socket)
            await asyncio.sleep(max(0.0, lasts - self.life.warning))
            await socket.send_json(self._farewell("warning"))
            await asyncio.sleep(min(lasts, self.life.warning))
            await socket.send_json(self._farewell("refresh_requested"))
            self._leaving.add(socket)
            self._let_go(socket)
            under_way = [ack for where, ack in self._unacked.values() if where is socket]
            if under_way:
                await asyncio.wait(under_way, timeout=self.life.grace)
            await socket.close()

    async def _reopened(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._workspace.chosen.redelivery_seconds or 0.0):
                self._opened.clear()
                await self._opened.wait()

    def _let_go(self, socket: WebSocket) -> None:
        if socket in self._sockets:
            self._sockets.remove(socket)

    async def _turn_away(self, socket: WebSocket) -> None:
        reason = self._workspace.chosen.eleventh_connection
        if reason is None:
            await socket.close()
        else:
            await self._part(socket, reason)

    async def _part(self, socket: WebSocket, reason: str) -> None:
        # The app may be faster.
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await socket.send_json(self._farewell(reason))
            await socket.close()

    def _lasts(self, socket: WebSocket) -> float:
        is_debugged = socket.query_params.get("debug_reconnects") == "true"
        return self.life.debug_seconds if is_debugged else self.life.seconds

    def _hello(self, socket: WebSocket) -> Json:
        lasts = self._lasts(socket)
        began = datetime.fromtimestamp(self._workspace.now_seconds(), UTC)
        return {
            "type": "hello",
            "num_connections": len(self._sockets),
            "debug_info": {
                **self._debug_info(),
                "started": f"{began:%Y-%m-%d %H:%M:%S}.000",
                "build_number": _BUILD,
                "approximate_connection_time": int(lasts) if lasts == int(lasts) else lasts,
            },
            "connection_info": {"app_id": self._workspace.app.app_id},
        }

    def _farewell(self, reason: str) -> Json:
        return {"type": "disconnect", "reason": reason, "debug_info": self._debug_info()}

    def _debug_info(self) -> Json:
        return {"host": "applink-sandbox"}

    def _take_ack(self, frame: str) -> None:
        try:
            ack = json.loads(frame)
        except (ValueError, RecursionError):
            return  # Slack passes over what it does not understand
        if not isinstance(ack, dict):
            return
        _, waiting = self._unacked.get(str(ack.get("envelope_id")), (None, None))
        if waiting is not None and not waiting.done():
            waiting.set_result(ack.get("payload"))
