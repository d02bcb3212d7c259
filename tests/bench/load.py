"""What does a busy app ask of a workspace, call by call, and what does it hear from it?"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

Json = dict[str, Any]
CHANNELS = ("C0GENERAL", "C0INCIDENTS", "C0SUPPORT", "C0EXEC", "C0SUPPORTUP", "C0ENG")
_BOT = {"Authorization": "Bearer xoxb-sandbox"}
_APP = {"Authorization": "Bearer xapp-sandbox"}
_TEXT = {"type": "mrkdwn", "text": "*INC-12* The chatbot gives unsafe dosage advice. " * 4}


@dataclass
class Load:
    """What came of the calls: seconds each took from when it was due, and what was refused."""

    took: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Calls:
    """What an app in a busy hour calls: posts, edits, looks, reactions, Homes."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url
        self._posted: list[tuple[str, str]] = []
        self._numbers = itertools.count()

    async def one(self) -> str:
        """The next call; the error's code, empty when it was done."""
        number = next(self._numbers)
        channel = CHANNELS[number % len(CHANNELS)]
        kinds: tuple[Callable[[int, str], tuple[str, Json]], ...] = (
            self._post,
            self._edit,
            self._look,
            self._react,
            self._home,
        )
        method, arguments = kinds[number % len(kinds)](number, channel)
        answer = await self.call(method, **arguments)
        if method == "chat.postMessage" and answer["ok"]:
            self._posted.append((channel, answer["ts"]))
        return str(answer.get("error", ""))

    async def call(self, method: str, headers: dict[str, str] = _BOT, **arguments: Any) -> Json:
        """One call with its answer."""
        url = f"{self._url}/api/{method}"
        async with self._session.post(url, json=arguments, headers=headers) as answer:
            body: Json = await answer.json()
            return body

    def _post(self, number: int, channel: str) -> tuple[str, Json]:
        blocks = [{"type": "section", "text": _TEXT}, {"type": "divider"}] * 3
        return "chat.postMessage", {"channel": channel, "text": f"No. {number}", "blocks": blocks}

    def _edit(self, number: int, channel: str) -> tuple[str, Json]:
        if not self._posted:
            return self._post(number, channel)
        there, ts = self._posted[-1]
        return "chat.update", {"channel": there, "ts": ts, "text": f"No. {number}, edited"}

    def _look(self, _: int, channel: str) -> tuple[str, Json]:
        return "conversations.history", {"channel": channel, "limit": 15}

    def _react(self, number: int, channel: str) -> tuple[str, Json]:
        if not self._posted:
            return self._post(number, channel)
        there, ts = self._posted.pop()
        return "reactions.add", {"channel": there, "timestamp": ts, "name": "eyes"}

    def _home(self, _: int, __: str) -> tuple[str, Json]:
        view = {"type": "home", "blocks": [{"type": "section", "text": _TEXT}]}
        return "views.publish", {"user_id": "U0ONCALL", "view": view}


async def under_load(calls: Calls, a_second: int, seconds: float, load: Load) -> None:
    """So many calls a second, each at its time whether the one before is answered or not."""
    began = time.perf_counter()

    async def one(due: float) -> None:
        refused = await calls.one()
        load.took.append(time.perf_counter() - due)
        if refused:
            load.refused.append(refused)

    async with asyncio.TaskGroup() as group:
        for number in range(int(a_second * seconds)):
            due = began + number / a_second
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(due))
    load.seconds += time.perf_counter() - began


class Sockets:
    """Socket Mode connections that ack what they get."""

    def __init__(self) -> None:
        self.heard = 0
        self._listeners: list[asyncio.Task[None]] = []

    async def open(self, calls: Calls, session: aiohttp.ClientSession, count: int) -> None:
        """Open so many."""
        for _ in range(count):
            url = (await calls.call("apps.connections.open", _APP))["url"]
            socket = await session.ws_connect(url)
            await socket.receive_json()
            self._listeners.append(asyncio.create_task(self._listen(socket)))

    @property
    def held(self) -> int:
        """How many are open still."""
        return sum(not listener.done() for listener in self._listeners)

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            envelope = json.loads(frame.data)
            self.heard += 1
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
