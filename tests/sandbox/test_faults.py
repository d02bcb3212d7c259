"""What does the app meet when something goes wrong on purpose?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck

from bot.sandbox.faults import Fault
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Api, HandMovedClock, Meeting, over_socket_mode, write_manifest

MARA, GENERAL = "U0ONCALL", "C0GENERAL"


@pytest.fixture
async def met(tmp_path: Path, clock: HandMovedClock) -> AsyncIterator[Meeting]:
    """A plain Bolt app over Socket Mode."""
    async with over_socket_mode(write_manifest(tmp_path), clock) as meeting:
        yield meeting


class Caller:
    """Calls whatever comes of them."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self._url = sandbox.workspace.url
        self._session = session

    async def __call__(self, method: str, **arguments: Any) -> aiohttp.ClientResponse:
        headers = {"Authorization": "Bearer xoxb-sandbox"}
        limit = aiohttp.ClientTimeout(total=1)
        url = f"{self._url}/api/{method}"
        async with self._session.post(url, json=arguments, headers=headers, timeout=limit) as got:
            await got.read()
            return got


@pytest.fixture
async def call(sandbox: Sandbox) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(sandbox, session)


def names(sandbox: Sandbox) -> set[str]:
    return {channel.name for channel in sandbox.workspace.channels.values()}


async def test_429_comes_as_often_as_asked_and_names_its_seconds(
    call: Caller, sandbox: Sandbox
) -> None:
    sandbox.faults.add("auth.test:429:2:seconds=7")

    got = [await call("auth.test") for _ in range(3)]

    assert [one.status for one in got] == [429, 429, 200]
    assert got[0].headers["Retry-After"] == "7"
    assert await got[0].json() == {"ok": False, "error": "ratelimited"}
    assert [one.fault for one in sandbox.calls] == ["429", "429", None]
    assert sandbox.faults.listing() == []


async def test_500_does_nothing(call: Caller, sandbox: Sandbox) -> None:
    sandbox.faults.add("conversations.*:500:1")
    assert (await call("conversations.create", name="room")).status == 500
    assert "room" not in names(sandbox)
    assert (sandbox.calls[-1].status, sandbox.calls[-1].error) == (500, "HTTP 500")


@pytest.mark.rule("webapi.fatal_error")
@pytest.mark.parametrize("error", ["internal_error", "fatal_error"])
async def test_an_error_comes_after_the_effect(call: Caller, sandbox: Sandbox, error: str) -> None:
    sandbox.faults.add(f"conversations.create:{error}:1")
    got = await call("conversations.create", name="room")
    assert (got.status, await got.json()) == (200, {"ok": False, "error": error})
    assert "room" in names(sandbox)


@pytest.mark.parametrize(("what", "is_done"), [("timeout", False), ("timeout_after", True)])
async def test_a_call_hangs_until_the_client_gives_up(
    call: Caller, sandbox: Sandbox, what: str, is_done: bool
) -> None:
    sandbox.faults.add(Fault("conversations.create", what, times=1))
    with pytest.raises(TimeoutError):
        await call("conversations.create", name="room")
    assert ("room" in names(sandbox)) is is_done
    assert (sandbox.calls[-1].status, sandbox.calls[-1].error) == (0, "no answer")


async def test_a_call_that_hangs_ends_after_its_seconds(call: Caller, sandbox: Sandbox) -> None:
    sandbox.faults.add("auth.test:timeout:1:seconds=0.05")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await call("auth.test")


@pytest.mark.parametrize(("what", "is_done"), [("drop", False), ("drop_after", True)])
async def test_a_connection_is_dropped_before_or_after_the_effect(
    call: Caller, sandbox: Sandbox, what: str, is_done: bool
) -> None:
    sandbox.faults.add(Fault("conversations.create", what, times=1))
    with pytest.raises(aiohttp.ClientConnectionError):
        await call("conversations.create", name="room")
    assert ("room" in names(sandbox)) is is_done
    assert (await call("auth.test")).status == 200


async def test_latency_adds_up_and_passes_before_the_effect(call: Caller, sandbox: Sandbox) -> None:
    sandbox.faults.add("auth.test:latency:1:seconds=0.03")
    sandbox.faults.add("*:latency:1:seconds=0.03")
    await call("auth.test")
    took = sandbox.calls[-1].ended_at - sandbox.calls[-1].started_at
    assert took >= 0.06
    assert sandbox.calls[-1].fault == "latency"


async def test_chance_strikes_the_same_calls_with_the_same_seed(
    call: Caller, sandbox: Sandbox
) -> None:
    async def struck(seed: int) -> list[int]:
        sandbox.faults.add(Fault("auth.test", "500", chance=0.5, seed=seed))
        found = [(await call("auth.test")).status for _ in range(20)]
        sandbox.faults.clear()
        return found

    first = await struck(7)
    assert first == await struck(7)
    assert {200, 500} == set(first)


async def test_a_response_url_goes_wrong_like_a_call(met: Meeting) -> None:
    urls: list[str] = []

    @met.app.command("/help-me")
    async def _answer(ack: AsyncAck, body: dict[str, str]) -> None:
        urls.append(body["response_url"])
        await ack()

    await met.sandbox.as_person(MARA).slash(GENERAL, "/help-me")
    met.sandbox.faults.add("response_url:500:1")
    async with aiohttp.ClientSession() as session:
        api = Api(met.base_url, session)
        assert [await api.respond(urls[0], text="x") for _ in range(2)] == [500, 200]


async def test_an_outage_answers_nothing_sends_nothing_and_ends(
    met: Meeting, clock: HandMovedClock
) -> None:
    sandbox = met.sandbox
    sandbox.faults.add("*:outage:seconds=600")

    async with aiohttp.ClientSession() as session:
        call = Caller(sandbox, session)
        with pytest.raises(aiohttp.ClientConnectionError):
            await call("auth.test")
        await sandbox.as_person(MARA).slash(GENERAL, "/help-me")
        clock.move(timedelta(minutes=10))
        assert (await call("auth.test")).status == 200

    assert '/help-me failed with the error "dispatch_failed"' in told(sandbox)
    assert [one.fault for one in sandbox.deliveries] == ["outage"]
    assert sandbox.faults.listing() == []


async def test_an_app_in_an_outage_comes_back_by_itself(met: Meeting) -> None:
    answered = asyncio.Event()

    @met.app.command("/help-me")
    async def _answer(ack: AsyncAck) -> None:
        await ack()
        answered.set()

    outage = met.sandbox.faults.add("*:outage")
    await gone(met.sandbox)
    met.sandbox.faults.clear(outage)
    await back(met.sandbox)

    await met.sandbox.as_person(MARA).slash(GENERAL, "/help-me")
    assert answered.is_set()


async def test_a_delivery_that_is_lost_is_not_repeated(met: Meeting) -> None:
    heard = await hearing(met)
    met.sandbox.faults.add("message:lost:1")

    await met.sandbox.as_person(MARA).say(GENERAL, "one")
    await met.sandbox.as_person(MARA).say(GENERAL, "two")
    await met.sandbox.deliver.settle()

    assert heard == ["two"]
    lost = [one for one in met.sandbox.deliveries if one.error]
    assert [(one.error, one.fault) for one in lost] == [("lost", "lost")]


async def test_a_delivery_comes_twice(met: Meeting) -> None:
    heard = await hearing(met)
    met.sandbox.faults.add("events_api:doubled")

    await met.sandbox.as_person(MARA).say(GENERAL, "one")
    await met.sandbox.deliver.settle()
    async with asyncio.timeout(5):
        while len(heard) < 2:
            await asyncio.sleep(0.005)

    assert heard == ["one", "one"]


async def test_a_delivery_comes_late(met: Meeting) -> None:
    heard = await hearing(met)
    met.sandbox.faults.add("message:delayed:1:seconds=0.05")

    await met.sandbox.as_person(MARA).say(GENERAL, "late")
    await met.sandbox.as_person(MARA).say(GENERAL, "prompt")
    await met.sandbox.deliver.settle()

    assert heard == ["prompt", "late"]


async def test_a_command_that_is_lost_times_out_for_the_person(met: Meeting) -> None:
    met.sandbox.faults.add("/help-me:lost:1")
    await met.sandbox.as_person(MARA).slash(GENERAL, "/help-me")
    assert told(met.sandbox) == ['/help-me failed with the error "operation_timeout"']


async def test_a_connection_that_breaks_is_opened_anew_by_the_app(met: Meeting) -> None:
    heard = await hearing(met)
    met.sandbox.faults.add("message:disconnect:1")

    await met.sandbox.as_person(MARA).say(GENERAL, "one")
    await gone(met.sandbox)
    await back(met.sandbox)
    await met.sandbox.as_person(MARA).say(GENERAL, "two")
    async with asyncio.timeout(10):
        while "two" not in heard:
            await asyncio.sleep(0.005)

    assert "disconnect" in [one.fault for one in met.sandbox.deliveries]


async def test_faults_are_listed_counted_cleared_and_watched(
    call: Caller, sandbox: Sandbox
) -> None:
    topics: list[str] = []
    sandbox.workspace.watch(topics.append)
    first = sandbox.faults.add("auth.test:500:3")
    second = sandbox.faults.add("*:outage:seconds=60")
    assert sandbox.faults.clear(second)
    await call("auth.test")

    assert sandbox.faults.listing() == [
        {
            "id": first,
            "struck": 1,
            "on": "auth.test",
            "what": "500",
            "times": 3,
            "seconds": None,
            "chance": 1.0,
            "seed": 0,
        }
    ]
    assert sandbox.faults.clear()
    assert not sandbox.faults.clear("F99")
    assert sandbox.faults.listing() == []
    assert set(topics) == {"faults", "journal"}


async def hearing(met: Meeting) -> list[str]:
    """What the app hears from now on in #general."""
    heard: list[str] = []

    @met.app.event("message")
    async def _listen(event: dict[str, Any]) -> None:
        if "subtype" not in event:
            heard.append(event["text"])

    met.sandbox.workspace.channels[GENERAL].members.append("U0HELPER")
    return heard


async def gone(sandbox: Sandbox) -> None:
    async with asyncio.timeout(10):
        while sandbox.link.is_open:
            await asyncio.sleep(0.005)


async def back(sandbox: Sandbox) -> None:
    async with asyncio.timeout(20):
        while not sandbox.link.is_open:
            await asyncio.sleep(0.005)


def told(sandbox: Sandbox) -> list[str]:
    return [notice.text for notice in sandbox.workspace.notices.get(MARA, [])]
