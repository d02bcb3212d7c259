"""Does `warroom sandbox` serve any app, and say what is wrong with what it was given?"""

from __future__ import annotations

import contextlib
import json
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp, AsyncSay
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.server import listen, serving
from tests.cli.terminal import Running, Terminal

MARA, GENERAL = "U0ONCALL", "C0GENERAL"
MANIFEST = {
    "display_information": {"name": "Echo"},
    "features": {
        "bot_user": {"display_name": "echo"},
        "slash_commands": [{"command": "/echo", "description": "Says it again"}],
    },
    "oauth_config": {
        "scopes": {"bot": ["commands", "chat:write", "chat:write.public", "users:read"]}
    },
}


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """An app that is not this one, as JSON."""
    path = tmp_path / "app.json"
    path.write_text(json.dumps(MANIFEST), encoding="utf-8")
    return path


class Workspace:
    """The workspace of a process, through its control API and its Web API."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self._session = session

    async def person(self, act: str, **given: Any) -> None:
        url = f"{self.url}/control/people/{MARA}/{act}"
        async with self._session.post(url, json=given) as answer:
            assert answer.status == 200, await answer.text()

    async def seen(self) -> list[str]:
        """What stands in #general for Mara."""
        url = f"{self.url}/control/people/{MARA}/channels/{GENERAL}/messages"
        async with self._session.get(url) as answer:
            return [message["text"] for message in (await answer.json())["messages"]]

    async def statuses(self, count: int, method: str) -> list[int]:
        headers = {"Authorization": "Bearer xoxb-sandbox"}
        found = []
        for _ in range(count):
            url = f"{self.url}/api/{method}"
            async with self._session.post(url, headers=headers) as answer:
                found.append(answer.status)
        return found


@contextlib.asynccontextmanager
async def opened(terminal: Terminal, *words: str) -> AsyncIterator[tuple[Workspace, Running]]:
    """The command in a process, without the page."""
    says = "SIGNING_SECRET=sandbox"
    async with (
        terminal.running("sandbox", "--headless", *words, says=says) as running,
        aiohttp.ClientSession() as session,
    ):
        url = next(word for word in running.out.split() if word.startswith("http://"))
        yield Workspace(url, session), running


def echo(url: str) -> AsyncApp:
    """A plain Bolt app that says again what was said to it."""
    app = AsyncApp(token="xoxb-sandbox", signing_secret="sandbox", process_before_response=True)
    app.client.base_url = f"{url}/api/"

    @app.command("/echo")
    async def _echo(ack: Any, command: dict[str, str], say: AsyncSay) -> None:
        await say(command["text"])
        await ack()

    return app


async def test_another_app_is_served_over_socket_mode(terminal: Terminal, manifest: Path) -> None:
    async with opened(terminal, "--manifest", str(manifest)) as (workspace, _):
        handler = AsyncSocketModeHandler(echo(workspace.url), "xapp-sandbox")
        handler.client.web_client.base_url = f"{workspace.url}/api/"
        await handler.connect_async()  # type: ignore[no-untyped-call]
        try:
            await workspace.person("slash", channel_id=GENERAL, line="/echo hello")
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]
        assert (await workspace.seen())[-1] == "hello"


async def test_another_app_is_served_over_http(terminal: Terminal, manifest: Path) -> None:
    listener = listen(0)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/slack/events"
    # The app has to answer before it knows where the workspace is, so it listens first.
    made: list[AsyncApp] = []

    async def take(request: Request) -> Response:
        return await AsyncSlackRequestHandler(made[0]).handle(request)

    routes = [Route("/slack/events", take, methods=["POST"])]
    made.append(echo("http://127.0.0.1:9"))
    async with serving(Starlette(routes=routes), listener, lifespan=False):
        words = ("--manifest", str(manifest), "--app-url", address)
        async with opened(terminal, *words) as (workspace, _):
            made[0] = echo(workspace.url)
            await workspace.person("slash", channel_id=GENERAL, line="/echo hello")
            assert (await workspace.seen())[-1] == "hello"


async def test_the_workspace_is_there_again_after_a_restart(
    terminal: Terminal, tmp_path: Path
) -> None:
    words = ("--state", str(tmp_path / "state.json"))
    async with opened(terminal, *words) as (workspace, _):
        await workspace.person("say", channel_id=GENERAL, words="remember this")
    async with opened(terminal, *words) as (workspace, _):
        assert (await workspace.seen())[-1] == "remember this"


async def test_a_signal_stops_it_and_the_last_words_are_kept(
    terminal: Terminal, tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    async with opened(terminal, "--state", str(state)) as (workspace, running):
        await workspace.person("say", channel_id=GENERAL, words="last words")
        assert (await running.stopped(signal.SIGINT)).code == 0
    assert "last words" in state.read_text()


async def test_faults_and_rates_come_from_the_command_line(terminal: Terminal) -> None:
    async with opened(terminal, "--fault", "auth.test:500:1") as (workspace, _):
        assert await workspace.statuses(2, "auth.test") == [500, 200]
        assert (await workspace.statuses(21, "users.list"))[-1] == 429


async def test_without_rates_an_app_may_call_as_often_as_it_likes(terminal: Terminal) -> None:
    async with opened(terminal, "--no-rates", "--no-unverified") as (workspace, _):
        assert set(await workspace.statuses(30, "users.list")) == {200}


async def test_the_clock_of_the_command_can_be_moved(terminal: Terminal) -> None:
    async with opened(terminal) as (workspace, _), aiohttp.ClientSession() as session:
        url = f"{workspace.url}/control/clock"
        async with session.get(url) as answer:
            before = (await answer.json())["now"]
        async with session.post(url, json={"seconds": 86_400}) as answer:
            assert (await answer.json())["now"][:10] > before[:10]


async def test_a_port_that_is_taken_is_told(terminal: Terminal) -> None:
    listener = listen(0)
    port = str(listener.getsockname()[1])
    with contextlib.closing(listener):
        told = await terminal.refused("sandbox", "--headless", "--port", port)
    assert told == f"Port {port} is taken. Name another with --port, or 0 for a free one."


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--manifest", "none.yaml"), "There is no file none.yaml."),
        (("--manifest", "."), ".: Is a directory."),
        (("--manifest", "odd.yaml"), "odd.yaml is not an app manifest: it is no mapping."),
        (
            ("--manifest", "wrong.json"),
            "wrong.json is not an app manifest: /display_information/name is longer than 35 "
            "characters.",
        ),
        (
            ("--fault", "auth.test"),
            "A fault is written METHOD:WHAT[:TIMES][:seconds=N][:chance=0.5][:seed=N], such as "
            "chat.postMessage:429:3.",
        ),
        (
            ("--app-url", "localhost:3000"),
            "--app-url is such as http://127.0.0.1:3000/slack/events, not localhost:3000.",
        ),
        (
            ("--state", "old.json"),
            "old.json was written by version 0 of the sandbox's state, this is 2. Name another "
            "file, or remove it to begin afresh.",
        ),
        (("--state", "nowhere/state.json"), "There is no folder nowhere."),
    ],
)
async def test_what_cannot_be_served_is_told_in_one_sentence(
    terminal: Terminal, words: tuple[str, ...], told: str
) -> None:
    (terminal.folder / "odd.yaml").write_text("- 1")
    wrong = {**MANIFEST, "display_information": {"name": "x" * 36}}
    (terminal.folder / "wrong.json").write_text(json.dumps(wrong))
    (terminal.folder / "old.json").write_text('{"version": 0}')
    assert await terminal.refused("sandbox", "--headless", *words) == told
