"""Do Slack's own clients work here as they are?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient as AiohttpClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.builtin import SocketModeClient as BuiltinClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.socket_mode.websockets import SocketModeClient as WebsocketsClient
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.client import WebClient

from bot.sandbox.link import Life
from bot.sandbox.sandbox import Sandbox

GENERAL, MARA = "C0GENERAL", "U0ONCALL"
Took = Callable[[SocketModeRequest], None]


def sync_client(sandbox: Sandbox) -> WebClient:
    return WebClient(token="xoxb-sandbox", base_url=f"{sandbox.workspace.url}/api/")


def async_client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token="xoxb-sandbox", base_url=f"{sandbox.workspace.url}/api/")


async def test_the_blocking_client_posts_reads_and_is_refused(sandbox: Sandbox) -> None:
    client = sync_client(sandbox)

    def talk() -> list[str]:
        client.conversations_join(channel=GENERAL)
        block = {"type": "section", "text": {"type": "mrkdwn", "text": "*It is down*"}}
        ts = client.chat_postMessage(channel=GENERAL, text="It is down", blocks=[block])["ts"]
        client.chat_update(channel=GENERAL, ts=ts, text="It is up")
        with pytest.raises(SlackApiError) as refused:
            client.chat_postMessage(channel="C404", text="x")
        assert refused.value.response["error"] == "channel_not_found"
        pages = client.conversations_history(channel=GENERAL, limit=1)
        return [message["text"] for page in pages for message in page["messages"]]

    assert (await asyncio.to_thread(talk))[0] == "It is up"


async def test_the_async_client_asks_by_get_and_posts(sandbox: Sandbox) -> None:
    client = async_client(sandbox)
    await client.conversations_join(channel=GENERAL)
    sent = await client.chat_postMessage(channel=GENERAL, text="It is down")
    asked = [
        client.auth_test(),
        client.team_info(),
        client.users_info(user=MARA),
        client.users_list(limit=2),
        client.conversations_info(channel=GENERAL),
        client.conversations_list(limit=2, types=["public_channel"]),
        client.conversations_members(channel=GENERAL),
        client.conversations_history(channel=GENERAL, oldest="0"),
        client.conversations_replies(channel=GENERAL, ts=sent["ts"]),
        client.chat_getPermalink(channel=GENERAL, message_ts=sent["ts"]),
        client.pins_list(channel=GENERAL),
        client.reactions_get(channel=GENERAL, timestamp=sent["ts"]),
        client.usergroups_list(include_users=True),
        client.dnd_teamInfo(users=[MARA]),
    ]
    assert all([(await each)["ok"] for each in asked])
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_info(channel="C404")
    assert refused.value.response["error"] == "channel_not_found"


@contextlib.asynccontextmanager
async def builtin(sandbox: Sandbox, took: Took) -> AsyncIterator[None]:
    client = BuiltinClient(app_token="xapp-sandbox", web_client=sync_client(sandbox))

    def take(one: BaseSocketModeClient, request: SocketModeRequest) -> None:
        took(request)
        one.send_socket_mode_response(SocketModeResponse(request.envelope_id, _reply(request)))

    client.socket_mode_request_listeners.append(take)
    await asyncio.to_thread(client.connect)
    try:
        yield
    finally:
        await asyncio.to_thread(client.close)


def threadless(make: Callable[..., Any]) -> Any:
    """The clients that run inside the loop."""

    @contextlib.asynccontextmanager
    async def connected(sandbox: Sandbox, took: Took) -> AsyncIterator[None]:
        client = make(app_token="xapp-sandbox", web_client=async_client(sandbox))

        async def take(one: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
            took(request)
            reply = SocketModeResponse(request.envelope_id, _reply(request))
            await one.send_socket_mode_response(reply)

        client.socket_mode_request_listeners.append(take)
        await client.connect()
        try:
            yield
        finally:
            await client.close()

    return connected


def _reply(request: SocketModeRequest) -> dict[str, Any] | None:
    return {"text": "On it."} if request.type == "slash_commands" else None


async def until(is_so: Callable[[], Any]) -> None:
    """Wait for what happens in another thread or task."""
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.01)


@pytest.mark.rule("socket.refresh", "socket.warning")
@pytest.mark.parametrize(
    "connected",
    [builtin, threadless(AiohttpClient), threadless(WebsocketsClient)],
    ids=["builtin", "aiohttp", "websockets"],
)
async def test_each_socket_client_takes_acks_and_comes_back_after_a_disconnect(
    sandbox: Sandbox, connected: Any
) -> None:
    took: list[SocketModeRequest] = []
    sandbox.link.life = Life(seconds=0.4, warning=0.1)
    async with connected(sandbox, took.append):
        await until(lambda: sandbox.link.is_open)
        sandbox.link.life = Life()
        await sandbox.as_person(MARA).slash(GENERAL, "/raw x")
        assert sandbox.workspace.messages_seen_by(GENERAL, MARA)[-1].text == "On it."

        opened = "apps.connections.open"
        await until(lambda: [call.method for call in sandbox.calls].count(opened) > 1)
        await until(lambda: sandbox.link.is_open)
        await sandbox.as_person(MARA).open_home()
        await until(lambda: "app_home_opened" in [one.name for one in sandbox.deliveries if one.ok])

    assert [request.type for request in took][0] == "slash_commands"
    assert "events_api" in [request.type for request in took]
