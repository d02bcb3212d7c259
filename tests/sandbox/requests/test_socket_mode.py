"""What goes over a Socket Mode connection, frame by frame?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.sandbox.chosen import Chosen
from bot.sandbox.link import Life
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Api, HandMovedClock, Json

GENERAL, MARA = "C0GENERAL", "U0ONCALL"


class Phone:
    """Connections without any SDK."""

    def __init__(self, sandbox: Sandbox, api: Api, session: aiohttp.ClientSession) -> None:
        self._sandbox, self._api, self._session = sandbox, api, session

    async def url(self) -> str:
        """A ticket."""
        return str((await self._api("apps.connections.open", token="xapp-sandbox"))["url"])

    async def call(self, more: str = "") -> aiohttp.ClientWebSocketResponse:
        """A connection on which nothing was read yet."""
        return await self._session.ws_connect(await self.url() + more)

    async def greeted(self) -> aiohttp.ClientWebSocketResponse:
        """A connection behind its hello."""
        line = await self.call()
        assert (await heard(line))["type"] == "hello"
        return line


async def heard(line: aiohttp.ClientWebSocketResponse) -> Json:
    return dict(await line.receive_json(timeout=5))


async def acked(line: aiohttp.ClientWebSocketResponse, payload: Any = None) -> Json:
    """Take an envelope and ack it."""
    envelope = await heard(line)
    more = {} if payload is None else {"payload": payload}
    await line.send_json({"envelope_id": envelope["envelope_id"], **more})
    return envelope


@pytest.fixture
async def phone(sandbox: Sandbox, api: Api) -> AsyncIterator[Phone]:
    async with aiohttp.ClientSession() as session:
        yield Phone(sandbox, api, session)


def happen(sandbox: Sandbox) -> None:
    """Let an event happen."""
    sandbox.workspace.emit(
        {"type": "app_home_opened", "user": MARA, "channel": "D1", "tab": "home"}
    )


@pytest.mark.rule("socket.open", "socket.token")
async def test_the_apps_own_token_opens_a_connection_and_only_in_the_header(
    api: Api, sandbox: Sandbox
) -> None:
    url = (await api.ok("apps.connections.open", token="xapp-sandbox"))["url"]
    base = sandbox.workspace.url.replace("http", "ws", 1)
    assert url.startswith(f"{base}/link/?ticket=")
    assert url.endswith(f"&app_id={sandbox.workspace.app.app_id}")
    bot = await api("apps.connections.open", token="xoxb-sandbox")
    assert bot["error"] == "not_allowed_token_type"
    as_argument = await api_with_token_argument(sandbox)
    assert as_argument["error"] == "invalid_arguments"


async def api_with_token_argument(sandbox: Sandbox) -> Json:
    url = f"{sandbox.workspace.url}/api/apps.connections.open"
    async with aiohttp.ClientSession() as session:
        async with session.post(url, data={"token": "xapp-sandbox"}) as answer:
            return dict(await answer.json())


@pytest.mark.rule("socket.hello", "socket.life", "socket.debug_reconnects")
@pytest.mark.parametrize(("more", "seconds"), [("", 3600), ("&debug_reconnects=true", 360)])
async def test_the_first_frame_says_hello(
    phone: Phone, sandbox: Sandbox, more: str, seconds: int
) -> None:
    hello = await heard(await phone.call(more))
    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    assert hello["connection_info"] == {"app_id": sandbox.workspace.app.app_id}
    assert set(hello["debug_info"]) == {
        "host",
        "started",
        "build_number",
        "approximate_connection_time",
    }
    assert hello["debug_info"]["approximate_connection_time"] == seconds


@pytest.mark.rule("socket.envelope", "socket.accepts", "socket.payload")
async def test_commands_and_interactions_take_an_answer(phone: Phone, sandbox: Sandbox) -> None:
    line = await phone.greeted()
    mara = sandbox.as_person(MARA)
    asking = asyncio.create_task(mara.slash(GENERAL, "/raw x"))
    command = await acked(line, {"text": "On it."})
    await asking
    assert set(command) == {"envelope_id", "type", "accepts_response_payload", "payload"}
    assert (command["type"], command["accepts_response_payload"]) == ("slash_commands", True)
    assert sandbox.workspace.messages_seen_by(GENERAL, MARA)[-1].text == "On it."

    asking = asyncio.create_task(mara.use_shortcut("ask"))
    interaction = await acked(line)
    await asking
    assert (interaction["type"], interaction["accepts_response_payload"]) == ("interactive", True)
    assert interaction["payload"]["type"] == "shortcut"


@pytest.mark.rule("socket.envelope", "socket.accepts", "socket.retries")
async def test_an_event_counts_its_repeats_and_takes_no_answer(
    phone: Phone, sandbox: Sandbox, clock: HandMovedClock
) -> None:
    line = await phone.greeted()
    happen(sandbox)
    first = await heard(line)
    assert (first["type"], first["accepts_response_payload"]) == ("events_api", False)
    assert (first["retry_attempt"], first["retry_reason"]) == (0, "")
    again = await heard(line)
    assert (again["retry_attempt"], again["retry_reason"]) == (1, "timeout")
    assert again["payload"]["event_id"] == first["payload"]["event_id"]
    assert again["envelope_id"] != first["envelope_id"]
    await line.send_json({"envelope_id": again["envelope_id"], "payload": {"text": "x"}})
    happen(sandbox)
    clock.move(timedelta(hours=1))
    assert (await acked(line))["payload"]["event_id"] != first["payload"]["event_id"]


@pytest.mark.rule("socket.ack", "socket.seconds")
async def test_what_is_no_ack_is_passed_over(phone: Phone, sandbox: Sandbox) -> None:
    line = await phone.greeted()
    asking = asyncio.create_task(sandbox.as_person(MARA).slash(GENERAL, "/raw x"))
    await heard(line)
    for frame in ("", "no JSON", "[]", "{}", json.dumps({"envelope_id": "another"})):
        await line.send_str(frame)
    await asking

    told = [each.text for each in sandbox.workspace.notices[MARA]]
    assert told == ['/raw failed with the error "operation_timeout"']
    assert not line.closed


@pytest.mark.rule("socket.ticket", "socket.connections", "socket.eleventh")
async def test_a_ticket_opens_one_connection_and_an_eleventh_is_turned_away(
    phone: Phone, sandbox: Sandbox
) -> None:
    url = await phone.url()
    async with aiohttp.ClientSession() as session:
        lines = [await session.ws_connect(url)]
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
        lines += [await phone.call() for _ in range(9)]
        assert [(await heard(line))["num_connections"] for line in lines] == list(range(1, 11))
        told = await heard(await phone.call())
        assert (told["type"], told["reason"]) == ("disconnect", "too_many_websockets")
        sandbox.workspace.chosen = Chosen.none()
        assert (await (await phone.call()).receive()).type is aiohttp.WSMsgType.CLOSE


@pytest.mark.rule("socket.any")
async def test_any_payload_may_go_to_any_connection(phone: Phone, sandbox: Sandbox) -> None:
    lines = [await phone.greeted() for _ in range(3)]
    for _ in lines:
        happen(sandbox)
    got = await asyncio.gather(*(acked(line) for line in lines))

    assert len({envelope["payload"]["event_id"] for envelope in got}) == 3


@pytest.mark.rule("socket.warning", "socket.refresh")
async def test_a_connection_is_warned_before_it_ends(phone: Phone, sandbox: Sandbox) -> None:
    assert sandbox.link.life == Life(3600, 360, warning=10, grace=3)
    sandbox.link.life = Life(seconds=0.2, warning=0.1)
    line = await phone.call()
    frames = [await heard(line) for _ in range(3)]
    assert [frame.get("reason", frame["type"]) for frame in frames] == [
        "hello",
        "warning",
        "refresh_requested",
    ]
    assert all(frame["debug_info"]["host"] for frame in frames)
    assert (await line.receive()).type is aiohttp.WSMsgType.CLOSE
    assert not sandbox.link.is_open


@pytest.mark.rule("socket.refresh")
async def test_an_ack_under_way_is_still_read_when_the_connection_ends(
    phone: Phone, sandbox: Sandbox
) -> None:
    sandbox.link.life = Life(seconds=0.2, warning=0.1)
    line = await phone.greeted()
    asking = asyncio.create_task(sandbox.as_person(MARA).slash(GENERAL, "/raw x"))
    envelope = await heard(line)
    assert [(await heard(line))["reason"] for _ in range(2)] == ["warning", "refresh_requested"]
    await line.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "Done."}})
    await asking

    assert sandbox.workspace.messages_seen_by(GENERAL, MARA)[-1].text == "Done."


@pytest.mark.rule("socket.disabled")
async def test_when_the_workspace_ends_every_connection_is_told(
    phone: Phone, sandbox: Sandbox
) -> None:
    lines = [await phone.greeted() for _ in range(2)]
    await sandbox.link.close()

    assert [(await heard(line))["reason"] for line in lines] == ["link_disabled"] * 2


@pytest.mark.rule("socket.redelivery")
async def test_what_a_broken_connection_lost_comes_over_the_next(
    phone: Phone, sandbox: Sandbox
) -> None:
    line = await phone.greeted()
    happen(sandbox)
    lost = await heard(line)
    await line.close()
    envelope = await acked(await phone.greeted())

    assert envelope["payload"]["event_id"] == lost["payload"]["event_id"]
    assert envelope["retry_attempt"] == 1


@pytest.mark.rule("requests.once")
async def test_a_command_a_broken_connection_lost_comes_no_more(
    phone: Phone, sandbox: Sandbox
) -> None:
    line = await phone.greeted()
    asking = asyncio.create_task(sandbox.as_person(MARA).slash(GENERAL, "/raw x"))
    await heard(line)
    await line.close()
    await asking

    told = [each.text for each in sandbox.workspace.notices[MARA]]
    assert told == ['/raw failed with the error "operation_timeout"']


@pytest.mark.rule("socket.ack", "socket.any")
async def test_an_ack_may_come_over_another_connection(phone: Phone, sandbox: Sandbox) -> None:
    line = await phone.greeted()
    asking = asyncio.create_task(sandbox.as_person(MARA).slash(GENERAL, "/raw x"))
    envelope = await heard(line)
    await line.close()
    other = await phone.greeted()
    await other.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "Done."}})
    await asking

    assert sandbox.workspace.messages_seen_by(GENERAL, MARA)[-1].text == "Done."
