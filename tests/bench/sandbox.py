"""How many calls does the sandbox workspace answer, how fast, and how soon after its start?"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import aiohttp
import psutil
from playwright.async_api import async_playwright
from rich.console import Console
from rich.table import Table

from tests.bench.figures import Figure, machine
from tests.prepare import chromium_path
from tests.processes import start

Json = dict[str, Any]
_A_SECOND = 500
_SECONDS = 10
_CONNECTIONS = 10
_STARTS = 5
_PAGES, _WRITTEN = 10, 10
_CHANNELS = ("C0GENERAL", "C0INCIDENTS", "C0SUPPORT", "C0EXEC", "C0SUPPORTUP", "C0ENG")
_BOT = {"Authorization": "Bearer xoxb-sandbox"}
_APP = {"Authorization": "Bearer xapp-sandbox"}
_MANIFEST = {
    "display_information": {"name": "Bench"},
    "features": {"bot_user": {"display_name": "bench"}, "app_home": {"home_tab_enabled": True}},
    "oauth_config": {
        "scopes": {
            "bot": (
                "chat:write channels:read channels:join channels:history reactions:write "
                "users:read channels:manage"
            ).split()
        }
    },
    "settings": {"event_subscriptions": {"bot_events": ["message.channels", "reaction_added"]}},
}
_TEXT = {"type": "mrkdwn", "text": "*INC-12* The chatbot gives unsafe dosage advice. " * 4}


@dataclass
class Load:
    """What came of the calls: seconds each took from when it was due, and what was refused."""

    took: list[float]
    refused: list[str]
    seconds: float

    @property
    def p99(self) -> float:
        """99 of 100 took no longer, in seconds."""
        return quantiles(self.took, n=100)[98]


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
        channel = _CHANNELS[number % len(_CHANNELS)]
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


async def under_load(calls: Calls, a_second: int, seconds: int) -> Load:
    """So many calls a second, each at its time whether the one before is answered or not."""
    load = Load([], [], 0.0)
    began = time.perf_counter()

    async def one(due: float) -> None:
        refused = await calls.one()
        load.took.append(time.perf_counter() - due)
        if refused:
            load.refused.append(refused)

    async with asyncio.TaskGroup() as group:
        for number in range(a_second * seconds):
            due = began + number / a_second
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(due))
    load.seconds = time.perf_counter() - began
    return load


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


@contextlib.asynccontextmanager
async def served(folder: Path, *words: str) -> AsyncIterator[str]:
    """The address of the workspace in a process of its own, on one core where that can be had."""
    manifest = folder / "app.json"
    manifest.write_text(json.dumps(_MANIFEST), encoding="utf-8")
    command = ["-m", "bot", "sandbox", "--manifest", str(manifest), *words]
    process = await start(command, folder / "sandbox.log", {})
    try:
        said = await process.said("SLACK_API_URL=")
        on_one_core(process.child.pid)
        yield next(word for word in said.split() if "=http" in word).split("=")[1][:-5]
    finally:
        await process.kill()


def on_one_core(pid: int) -> None:
    """Keep a process on the first core."""
    affinity = getattr(psutil.Process(pid), "cpu_affinity", None)
    if affinity is not None and len(os.sched_getaffinity(0)) > 1:
        affinity([min(os.sched_getaffinity(0))])


async def starts(folder: Path, session: aiohttp.ClientSession) -> list[float]:
    """Seconds from the start of the process to its first answer, a few times."""
    found = []
    for number in range(_STARTS):
        began = time.perf_counter()
        words = ["-m", "bot", "sandbox", "--headless"]
        process = await start(words, folder / f"start-{number}.log", {})
        try:
            said = await process.said("SLACK_API_URL=")
            url = next(word for word in said.split() if "=http" in word).split("=", 1)[1]
            async with session.post(f"{url}api.test") as answer:
                await answer.read()
            found.append(time.perf_counter() - began)
        finally:
            await process.kill()
    return found


async def on_pages(session: aiohttp.ClientSession, url: str) -> list[float]:
    """Seconds until every open page shows a message a person writes, a few times."""
    found = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"]
        )
        pages = [await browser.new_page() for _ in range(_PAGES)]
        await asyncio.gather(*(page.goto(f"{url}/?channel={_CHANNELS[0]}") for page in pages))
        for number in range(_WRITTEN):
            words = f"Message number {number}."
            said = {"channel_id": _CHANNELS[0], "words": words}
            began = time.perf_counter()
            async with session.post(f"{url}/control/people/U0EXEC/say", json=said) as answer:
                answer.raise_for_status()
            await asyncio.gather(*(page.get_by_text(words).wait_for() for page in pages))
            found.append(time.perf_counter() - began)
        await browser.close()
    return found


async def measure(folder: Path) -> list[Figure]:
    """Everything that has a target."""
    unlimited = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=unlimited) as session:
        started = await starts(folder, session)
        async with served(folder, "--no-rates") as url:
            shown = await on_pages(session, url)
        async with served(folder, "--no-rates", "--headless") as url:
            calls, sockets = Calls(session, url), Sockets()
            await sockets.open(calls, session, _CONNECTIONS)
            for channel in _CHANNELS:
                await calls.call("conversations.join", channel=channel)
            await under_load(calls, 100, 1)
            _settle()
            load = await under_load(calls, _A_SECOND, _SECONDS)
            lost = _CONNECTIONS - sockets.held
    if load.refused:
        raise AssertionError(f"Refused: {sorted(set(load.refused))}")
    rate = len(load.took) / load.seconds
    return [
        Figure("Sandbox: from start to first answer", median(started), 1.5, "s"),
        Figure(
            f"Sandbox: p99 of {_A_SECOND} calls a second on one core",
            load.p99 * 1000,
            20.0,
            "ms",
            f"{rate:.0f} a second, p50 {median(load.took) * 1000:.1f} ms, {sockets.heard} events",
        ),
        Figure(f"Sandbox: Socket Mode connections lost of {_CONNECTIONS}", lost, 0),
        Figure(
            f"Sandbox: a message on all of {_PAGES} open pages, slowest of {_WRITTEN}",
            max(shown),
            2.0,
            "s",
            f"p50 {median(shown) * 1000:.0f} ms",
        ),
    ]


def _settle() -> None:
    # What is measured is the workspace, not the garbage collector of whoever measures it.
    gc.collect()
    gc.freeze()
    gc.disable()


async def main() -> int:
    """Measure and show; 1 when a target is missed."""
    with tempfile.TemporaryDirectory(prefix="sandbox-bench-") as folder:
        found = await measure(Path(folder))
    table = Table("What", "Measured", "Wanted", "", "Detail")
    for figure in found:
        table.add_row(*figure.cells(), style=None if figure.holds else "bold red")
    Console().print(table)
    Console().print(machine())
    return 0 if all(figure.holds for figure in found) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
