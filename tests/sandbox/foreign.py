"""What would another Slack app, written with plain Bolt, need to talk to the sandbox?"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import listen, serving

Json = dict[str, Any]
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVERY_SCOPE = (
    "commands chat:write channels:manage groups:write channels:join channels:read groups:read "
    "im:read channels:history groups:history im:history im:write pins:write pins:read "
    "bookmarks:write bookmarks:read reactions:write reactions:read users:read users:read.email "
    "team:read app_mentions:read dnd:read usergroups:read mpim:read mpim:write mpim:history "
    "canvases:write canvases:read emoji:read files:read files:write"
).split()
_EVENTS = (
    "message.channels message.groups message.im member_joined_channel app_mention "
    "app_home_opened channel_archive channel_unarchive group_archive channel_left "
    "member_left_channel reaction_added reaction_removed pin_added pin_removed "
    "file_created file_shared file_deleted"
).split()


class HandMovedClock:
    """Time as the test wants it: a date, and the seconds that pass on the wall."""

    def __init__(self) -> None:
        self.date = START
        self.seconds = 1000.0

    def now(self) -> datetime:
        return self.date

    def monotonic(self) -> float:
        return self.seconds

    def move(self, by: timedelta) -> None:
        self.date += by
        self.seconds += by.total_seconds()


def write_manifest(
    folder: Path, *, without: tuple[str, ...] = (), plus: tuple[str, ...] = ()
) -> Path:
    """A manifest with every scope the sandbox knows, but for those in `without`."""
    content = {
        "display_information": {"name": "Helper"},
        "features": {
            "app_home": {"home_tab_enabled": True},
            "bot_user": {"display_name": "helper"},
            "slash_commands": [
                {"command": "/help-me", "description": "Asks", "should_escape": True},
                {"command": "/raw", "description": "Asks, unescaped"},
            ],
            "shortcuts": [
                {"name": "Ask", "type": "global", "callback_id": "ask", "description": "Asks"},
                {"name": "Keep", "type": "message", "callback_id": "keep", "description": "Keeps"},
            ],
        },
        "oauth_config": {
            "scopes": {"bot": [scope for scope in (*EVERY_SCOPE, *plus) if scope not in without]}
        },
        "settings": {"event_subscriptions": {"bot_events": _EVENTS}},
    }
    path = folder / "manifest.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


class Api:
    """The Web API, called without an SDK so that every refusal can be looked at."""

    def __init__(self, base_url: str, session: aiohttp.ClientSession) -> None:
        self._base_url = base_url
        self._session = session

    async def __call__(self, method: str, token: str = "xoxb-sandbox", **arguments: Any) -> Json:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"{self._base_url}/api/{method}"
        async with self._session.post(url, json=arguments, headers=headers) as answer:
            assert answer.status == 200
            body: Json = await answer.json()
            return body

    async def ok(self, method: str, **arguments: Any) -> Json:
        """Call a method that must succeed."""
        answer = await self(method, **arguments)
        assert answer["ok"], (method, answer)
        return answer

    async def error(self, method: str, **arguments: Any) -> str:
        """Call a method that must be refused; the code it is refused with."""
        answer = await self(method, **arguments)
        assert not answer["ok"], (method, answer)
        return str(answer["error"])

    async def respond(self, url: str, **body: Any) -> int:
        """Post to a response_url; the HTTP status."""
        async with self._session.post(url, json=body) as answer:
            return answer.status


@dataclass
class Meeting:
    """A sandbox with a foreign app connected to it."""

    sandbox: Sandbox
    app: AsyncApp
    base_url: str


@contextlib.asynccontextmanager
async def over_socket_mode(manifest: Path, clock: HandMovedClock) -> AsyncIterator[Meeting]:
    sandbox = Sandbox(manifest, now=clock.now)
    async with sandbox.running() as base_url:
        app = _app(base_url)
        handler = AsyncSocketModeHandler(app, "xapp-sandbox")
        handler.client.web_client.base_url = f"{base_url}/api/"
        await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt has no types there
        try:
            yield Meeting(sandbox, app, base_url)
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]


@contextlib.asynccontextmanager
async def over_http(manifest: Path, clock: HandMovedClock) -> AsyncIterator[Meeting]:
    listener = listen(0)
    app_url = f"http://127.0.0.1:{listener.getsockname()[1]}/slack/events"
    sandbox = Sandbox(manifest, now=clock.now, app_url=app_url)
    async with sandbox.running() as base_url:
        app = _app(base_url)
        adapter = AsyncSlackRequestHandler(app)

        async def take(request: Request) -> Response:
            return await adapter.handle(request)

        routes = [Route("/slack/events", take, methods=["POST"])]
        async with serving(Starlette(routes=routes), listener, lifespan=False):
            yield Meeting(sandbox, app, base_url)


def _app(base_url: str) -> AsyncApp:
    app = AsyncApp(token="xoxb-sandbox", signing_secret="sandbox", process_before_response=True)
    app.client.base_url = f"{base_url}/api/"
    return app


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def modal(callback_id: str = "form", **more: Any) -> Json:
    """A modal that asks one question."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain("Question"),
        "submit": plain("Send"),
        "blocks": [
            {
                "type": "input",
                "block_id": "question",
                "label": plain("What happened?"),
                "element": {"type": "plain_text_input", "action_id": "answer", "max_length": 20},
            }
        ],
        **more,
    }


def button(action_id: str = "go", value: str = "1") -> Json:
    """An actions block with one button."""
    element = {"type": "button", "action_id": action_id, "text": plain("Go"), "value": value}
    return {"type": "actions", "block_id": "row", "elements": [element]}


async def made(api: Api, name: str = "room", **more: Any) -> str:
    """A new channel; its id."""
    channel = (await api.ok("conversations.create", name=name, **more))["channel"]
    return str(channel["id"])


async def posted(api: Api, channel: str, **message: Any) -> str:
    """A new message; its ts."""
    return str((await api.ok("chat.postMessage", channel=channel, **message))["ts"])


def answer(text: str) -> Json:
    """What a person typed into a text input."""
    return {"type": "plain_text_input", "value": text}
