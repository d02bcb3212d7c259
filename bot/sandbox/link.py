"""How does the app stay connected over Socket Mode?"""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from bot.sandbox.errors import NotAcked
from bot.sandbox.model import Json

CONNECTIONS = 10  # docs.slack.dev/apis/events-api/using-socket-mode


class Link:
    """The app's WebSocket connections and the envelopes it has not acked yet."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._sockets: list[WebSocket] = []
        self._unacked: dict[str, asyncio.Future[Any]] = {}
        self._turn = itertools.count()

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
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return
        self._sockets.append(socket)
        try:
            await socket.send_json(self._hello())
            while True:
                self._take_ack(await socket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            if socket in self._sockets:
                self._sockets.remove(socket)

    async def ask(self, envelope: Json) -> Any:
        """Send an envelope over one connection and wait for its ack; returns the ack's payload.

        Raises:
            NotAcked: dispatch_failed, when no connection is open.
        """
        if not self._sockets:
            raise NotAcked("dispatch_failed")
        envelope_id = str(envelope["envelope_id"])
        ack = asyncio.get_running_loop().create_future()
        self._unacked[envelope_id] = ack
        socket = self._sockets[next(self._turn) % len(self._sockets)]
        try:
            await socket.send_json(envelope)
            return await ack
        except (WebSocketDisconnect, RuntimeError) as error:
            raise NotAcked("dispatch_failed") from error
        finally:
            self._unacked.pop(envelope_id, None)

    async def close(self) -> None:
        """Tell every connection to go, and close it."""
        for socket in list(self._sockets):
            if socket.application_state is WebSocketState.CONNECTED:
                await _part(socket)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._sockets),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 3600},
        }

    def _take_ack(self, frame: str) -> None:
        try:
            ack = json.loads(frame)
        except ValueError:
            return  # Slack ignores what it does not understand
        if not isinstance(ack, dict):
            return
        waiting = self._unacked.get(str(ack.get("envelope_id")))
        if waiting is not None and not waiting.done():
            waiting.set_result(ack.get("payload"))


async def _part(socket: WebSocket) -> None:
    try:
        await socket.send_json({"type": "disconnect", "reason": "link_disabled"})
        await socket.close()
    except (WebSocketDisconnect, RuntimeError):
        return  # the app was faster
