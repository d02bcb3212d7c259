"""How fast is a declare without a log, an outbox or a database, in bare Bolt?"""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import sys
from typing import Any

import aiohttp
import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient  # noqa: TID251 (the app to compare with)
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.bench.fake import ANNOUNCE_ID

Json = dict[str, Any]
_TITLE = {
    "type": "input",
    "block_id": "title",
    "label": {"type": "plain_text", "text": "What is wrong?"},
    "element": {"type": "plain_text_input", "action_id": "title"},
}


def _modal(words: str) -> Json:
    return {
        "type": "modal",
        "callback_id": "declare",
        "title": {"type": "plain_text", "text": words},
        "blocks": [_TITLE],
    }


class Bare:
    """The calls of a declare in the depth in which the bot makes them."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.bolt = AsyncApp(
            client=client,
            signing_secret=os.environ.get("SLACK_SIGNING_SECRET", "bare"),
            process_before_response=True,
        )
        self._client = client
        self._numbers = itertools.count(1)
        self._under_way: set[asyncio.Task[None]] = set()
        self.bolt.command("/incident")(self._open)
        self.bolt.view("declare")(self._declare)

    async def _open(self, ack: AsyncAck, body: Json) -> None:
        if body["text"].startswith("note"):
            await ack("It is noted.")
            return
        await self._client.views_open(trigger_id=body["trigger_id"], view=_modal("Declare"))
        await ack()

    async def _declare(self, ack: AsyncAck, body: Json) -> None:
        task = asyncio.create_task(self._set_up(body))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        await ack(response_action="update", view=_modal("Declared"))

    async def _set_up(self, body: Json) -> None:
        client, view = self._client, body["view"]
        title = view["state"]["values"]["title"]["title"]["value"]
        slug = re.sub("[^a-z0-9]+", "-", title.lower())
        name = f"inc-{next(self._numbers)}-{slug}"
        room = (await client.conversations_create(name=name))["channel"]["id"]
        page = _modal(f"Go to {room}")
        await asyncio.gather(
            client.conversations_invite(channel=room, users=body["user"]["id"]),
            self._summarise(room, title),
            client.conversations_setTopic(channel=room, topic=title),
            client.conversations_setPurpose(channel=room, purpose=title),
            client.chat_postMessage(channel=ANNOUNCE_ID, text=f"{title} <#{room}>"),
            client.views_update(view_id=view["id"], view=page),
        )

    async def _summarise(self, room: str, title: str) -> None:
        client = self._client
        ts = (await client.chat_postMessage(channel=room, text=title))["ts"]
        link = f"https://bench.example/archives/{room}/p{ts}"
        await asyncio.gather(
            client.pins_add(channel=room, timestamp=ts),
            client.bookmarks_add(channel_id=room, title="Summary", type="link", link=link),
        )


async def main() -> None:
    """Answer over HTTP on PORT, where it is set, or over Socket Mode until killed."""
    # No limit: the bare app shall be as fast as Slack lets it be.
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        client = AsyncWebClient(
            token=os.environ["SLACK_BOT_TOKEN"],
            base_url=os.environ["SLACK_API_URL"],
            session=session,
        )
        bare = Bare(client)
        if port := os.environ.get("PORT"):
            await _on_http(bare.bolt, int(port))
            return
        handler = AsyncSocketModeHandler(
            bare.bolt, os.environ["SLACK_APP_TOKEN"], web_client=client
        )
        await handler.connect_async()  # type: ignore[no-untyped-call]
        sys.stdout.write("bare is listening\n")
        await asyncio.get_running_loop().create_future()


async def _on_http(bolt: AsyncApp, port: int) -> None:
    handler = AsyncSlackRequestHandler(bolt)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    app = Starlette(routes=[Route("/slack/events", events, methods=["POST"])])
    config = uvicorn.Config(app, port=port, loop="asyncio", log_config=None, access_log=False)
    sys.stdout.write("bare is listening\n")
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(main())
