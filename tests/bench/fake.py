"""What does Slack look like to an app, as far as its speed is concerned?"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import secrets
import sys
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any

from aiohttp import WSMsgType, web

Json = dict[str, Any]
LATENCY_SECONDS = 0.1
CALLS = 8  # create, invite, summary, topic, purpose, view, pin, bookmark
ANNOUNCE_ID = "C0INCIDENTS"
_CHANNEL = re.compile(r"C\d{10}")
_INCIDENTS = {"id": ANNOUNCE_ID, "name": "incidents", "is_archived": False, "is_member": True}


@dataclass(frozen=True)
class Call:
    """One call to the Web API; both times are monotonic seconds."""

    method: str
    channel: str
    started_at: float
    ended_at: float


class Fake:
    """Answers each call after 0.1 s, and passes on over Socket Mode what a person does.

    Each app is known by what follows `xoxb-` and `xapp-` in its tokens.
    """

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._sockets: dict[str, web.WebSocketResponse] = {}
        self._unacked: dict[str, asyncio.Future[tuple[Any, float]]] = {}
        self._titles: dict[str, str] = {}
        self._calls: dict[str, list[Call]] = defaultdict(list)
        self._is_complete: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._views: dict[str, Json] = {}

    def app(self) -> web.Application:
        """The server."""
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_get("/link/{app}", self._link)
        app.router.add_post("/person/does", self._person_does)
        app.router.add_get("/person/view/{trigger}", self._person_view)
        app.router.add_get("/calls/{title}", self._calls_of)
        return app

    async def _call(self, request: web.Request) -> web.Response:
        started_at = time.monotonic()
        given = await _given(request)
        method = request.match_info["method"]
        app = request.headers["Authorization"].rpartition("-")[2]
        answer = {"ok": True, **self._answer(method, given, f"{request.host}/link/{app}")}
        channel = self._channel_meant(method, given, answer)
        await asyncio.sleep(started_at + LATENCY_SECONDS - time.monotonic())
        # Slack takes one message a second in a channel: the twentieth room's announcement comes
        # when people have been at work in it for long.
        if given.get("channel") != ANNOUNCE_ID:
            self._calls[channel].append(Call(method, channel, started_at, time.monotonic()))
        if channel in self._titles and len(self._calls[channel]) >= CALLS:
            self._is_complete[self._titles[channel]].set()
        return web.json_response(answer)

    def _answer(self, method: str, given: Json, link: str) -> Json:
        match method:
            case "auth.test":
                team = {"team_id": "T0BENCH", "url": "https://bench.example/"}
                return {"user_id": "U0APP", "bot_id": "B0APP", **team}
            case "apps.connections.open":
                return {"url": f"ws://{link}"}
            case "conversations.list":
                return {"channels": [_INCIDENTS]}
            case "conversations.create":
                channel = self._room(str(given["name"]))
                return {"channel": {"id": channel, "name": given["name"], "creator": "U0APP"}}
            case "users.info":
                person = given["user"]
                return {"user": {"id": person, "name": person, "real_name": person, "tz": "UTC"}}
            case "chat.postMessage":
                return {"channel": given["channel"], "ts": f"1700000000.{next(self._numbers):06d}"}
            case "views.open":
                view = {**given["view"], "id": f"V{next(self._numbers)}", "hash": "1.a"}
                self._views[given["trigger_id"]] = view
                return {"view": view}
        return {}

    def _room(self, name: str) -> str:
        channel = f"C{next(self._numbers):010d}"
        self._titles[channel] = name.split("-", 2)[2]
        return channel

    def _channel_meant(self, method: str, given: Json, answer: Json) -> str:
        """The room this is about; announcements and views mention it somewhere."""
        if method == "conversations.create":
            return str(answer["channel"]["id"])
        found = _CHANNEL.search(json.dumps(given))
        return found.group() if found else ""

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets[request.match_info["app"]] = socket
        await socket.send_json({"type": "hello", "num_connections": 1})
        async for frame in socket:
            if frame.type is WSMsgType.TEXT and frame.data.startswith("{"):
                acked_at = time.monotonic()
                ack = json.loads(frame.data)
                self._unacked.pop(ack["envelope_id"]).set_result((ack.get("payload"), acked_at))
        return socket

    async def _person_does(self, request: web.Request) -> web.Response:
        asked = await request.json()
        envelope_id = secrets.token_hex(8)
        envelope = {
            "envelope_id": envelope_id,
            "type": asked["kind"],
            "accepts_response_payload": True,
            "payload": asked["payload"],
        }
        acked = asyncio.get_running_loop().create_future()
        self._unacked[envelope_id] = acked
        sent_at = time.monotonic()
        await self._sockets[asked["app"]].send_json(envelope)
        payload, acked_at = await acked
        return web.json_response({"payload": payload, "sent_at": sent_at, "acked_at": acked_at})

    async def _person_view(self, request: web.Request) -> web.Response:
        return web.json_response(self._views[request.match_info["trigger"]])

    async def _calls_of(self, request: web.Request) -> web.Response:
        """The calls about a room, once it is complete; the room by the title in its name."""
        title = request.match_info["title"]
        await self._is_complete[title].wait()
        calls = (
            c for room, named in self._titles.items() if named == title for c in self._calls[room]
        )
        return web.json_response([asdict(call) for call in calls])


async def _given(request: web.Request) -> Json:
    if request.content_type == "application/json":
        given: Json = await request.json()
        return given
    return {**request.query, **await request.post()}


async def main() -> None:
    """Serve on a free port, and say which."""
    runner = web.AppRunner(Fake().app(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sys.stdout.write(f"port {runner.addresses[0][1]}\n")
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main())
