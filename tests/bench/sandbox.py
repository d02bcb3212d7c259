"""How many calls does the sandbox workspace answer, how fast, and how soon after its start?"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import aiohttp
from playwright.async_api import async_playwright

from tests.bench import cores
from tests.bench.figures import Figure, ms, p99
from tests.bench.load import CHANNELS, Calls, Load, Sockets, under_load
from tests.prepare import chromium_path
from tests.processes import Process, start

ABOUT = (
    "Calls are posts with blocks, edits, looks at the history, reactions and Homes in equal parts, "
    "each sent at its time whether the one before is answered or not, and counted from that time; "
    "the app subscribes to every event they cause and acks each over one of ten connections. "
    "Sandbox and bare server (`tests/bench/echo.py`: uvicorn and Starlette, which read the call "
    "and say yes) take turns on one core; whoever measures runs on another. With Slack's rates on, "
    "most of the calls are answered with 429."
)
_A_SECOND = 500
_SECONDS, _TURNS = 2, 5
_CONNECTIONS = 10
_STARTS = 5
_PAGES, _WRITTEN = 10, 10
_SANDBOX = ["-m", "bot", "sandbox"]
_ECHO = ["-m", "tests.bench.echo"]
_EVENTS = "message.channels message.groups reaction_added reaction_removed app_mention"
_SCOPES = (
    "chat:write channels:read channels:join channels:history groups:history reactions:write "
    "reactions:read app_mentions:read users:read channels:manage"
)
_MANIFEST = {
    "display_information": {"name": "Bench"},
    "features": {"bot_user": {"display_name": "bench"}, "app_home": {"home_tab_enabled": True}},
    "oauth_config": {"scopes": {"bot": _SCOPES.split()}},
    "settings": {"event_subscriptions": {"bot_events": _EVENTS.split()}},
}


@dataclass
class Server:
    """A process that answers calls; `used` is the seconds it had of its core for those of `load`.

    `load` is what came of the calls.
    """

    process: Process
    url: str
    calls: Calls
    load: Load = field(default_factory=Load)
    used: float = 0.0

    async def take(self, a_second: int, seconds: float) -> None:
        """Answer so many calls."""
        before = cores.seconds(self.pid)
        await under_load(self.calls, a_second, seconds, self.load)
        self.used += cores.seconds(self.pid) - before

    @property
    def pid(self) -> int:
        """Its process."""
        return self.process.child.pid

    @property
    def a_call(self) -> float:
        """Seconds of its core that a call costs."""
        return self.used / len(self.load.took)


@contextlib.asynccontextmanager
async def served(
    folder: Path, session: aiohttp.ClientSession, words: list[str], says: str
) -> AsyncIterator[Server]:
    """A server as a process of its own."""
    manifest = folder / "app.json"
    manifest.write_text(json.dumps(_MANIFEST), encoding="utf-8")
    process = await start(words, folder / "server.log", {})
    try:
        url = _address(await process.said(says))
        yield Server(process, url, Calls(session, url))
    finally:
        await process.kill()


def _address(said: str) -> str:
    if said.startswith("port "):
        return f"http://127.0.0.1:{said.split()[1]}"
    api = next(word for word in said.split() if word.startswith("SLACK_API_URL="))
    return api.partition("=")[2].removesuffix("/api/")


def _words(folder: Path, *more: str) -> list[str]:
    return [*_SANDBOX, "--manifest", str(folder / "app.json"), *more]


async def starts(folder: Path, session: aiohttp.ClientSession, words: list[str]) -> list[float]:
    """Seconds from the start of the process to its first answer, a few times."""
    found = []
    says = "port " if words == _ECHO else "SLACK_API_URL="
    for _ in range(_STARTS):
        began = time.perf_counter()
        async with served(folder, session, words, says) as server:
            await server.calls.call("api.test")
            found.append(time.perf_counter() - began)
    return found


async def on_pages(session: aiohttp.ClientSession, url: str) -> list[float]:
    """Seconds until every open page shows a message a person writes, a few times."""
    found = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"]
        )
        pages = [await browser.new_page() for _ in range(_PAGES)]
        await asyncio.gather(*(page.goto(f"{url}/?channel={CHANNELS[0]}") for page in pages))
        for number in range(_WRITTEN):
            words = f"Message number {number}."
            said = {"channel_id": CHANNELS[0], "words": words}
            began = time.perf_counter()
            async with session.post(f"{url}/control/people/U0EXEC/say", json=said) as answer:
                answer.raise_for_status()
            await asyncio.gather(*(page.get_by_text(words).wait_for() for page in pages))
            found.append(time.perf_counter() - began)
        await browser.close()
    return found


async def _ready(server: Server, session: aiohttp.ClientSession) -> Sockets:
    sockets = Sockets()
    await sockets.open(server.calls, session, _CONNECTIONS)
    for channel in CHANNELS:
        await server.calls.call("conversations.join", channel=channel)
    await under_load(server.calls, 100, 1, Load())  # what is loaded or looked up once
    return sockets


async def _answering(folder: Path, session: aiohttp.ClientSession) -> list[Figure]:
    headless = _words(folder, "--headless")
    async with (
        served(folder, session, [*headless, "--no-rates"], "SLACK_API_URL=") as sandbox,
        served(folder, session, headless, "SLACK_API_URL=") as strict,
        served(folder, session, _ECHO, "port ") as bare,
    ):
        sockets = await _ready(sandbox, session)
        strict_sockets = await _ready(strict, session)
        with cores.apart(sandbox.pid, strict.pid, bare.pid):
            for _ in range(_TURNS):
                for server in (sandbox, bare, strict):
                    await server.take(_A_SECOND, _SECONDS)
        lost = 2 * _CONNECTIONS - sockets.held - strict_sockets.held
    refused = {*sandbox.load.refused, *strict.load.refused} - {"ratelimited"}
    if refused or sandbox.load.refused:
        raise AssertionError(f"Refused: {sorted(refused | set(sandbox.load.refused))}")
    kept = len(strict.load.refused) / len(strict.load.took)
    return [
        Figure(
            "A call on its core, what it causes included",
            sandbox.a_call * 1000,
            0.8,
            "ms",
            f"{sockets.heard / len(sandbox.load.took):.1f} events a call",
            f"bare server: {ms(bare.a_call)}",
        ),
        _slowest("every call done", sandbox, bare),
        _slowest(f"with Slack's rates on, {kept:.0%} of them 429", strict, bare),
        Figure(f"Socket Mode connections lost of {2 * _CONNECTIONS}", lost, 0),
    ]


def _slowest(what: str, server: Server, bare: Server) -> Figure:
    load = server.load
    return Figure(
        f"p99 of {_A_SECOND} calls a second on one core, {what}",
        p99(load.took) * 1000,
        20.0,
        "ms",
        f"p50 {ms(median(load.took))}, {len(load.took) / load.seconds:.0f} a second",
        f"bare server: {ms(p99(bare.load.took))}",
    )


async def measure(folder: Path) -> list[Figure]:
    """Everything that has a target."""
    unlimited = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=unlimited) as session:
        started = await starts(folder, session, _words(folder, "--headless"))
        bare = await starts(folder, session, _ECHO)
        answering = await _answering(folder, session)
        words = _words(folder, "--no-rates")
        async with served(folder, session, words, "SLACK_API_URL=") as paged:
            shown = await on_pages(session, paged.url)
    return [
        Figure(
            "From start to first answer, without the page",
            median(started),
            1.5,
            "s",
            f"worst {ms(max(started))}",
            f"bare server: {ms(median(bare))}",
        ),
        *answering,
        Figure(
            f"A message on all of {_PAGES} open pages, slowest of {_WRITTEN}",
            max(shown),
            2.0,
            "s",
            f"p50 {ms(median(shown))}",
        ),
    ]
