"""Does the workspace hold the app to Slack's rates?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.chosen import Chosen
from bot.sandbox.methods import METHODS
from bot.sandbox.pace import Pace, passing
from bot.sandbox.rules import rates
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import HandMovedClock, write_manifest

GENERAL, INCIDENTS = "C0GENERAL", "C0INCIDENTS"


class Caller:
    """Calls whose status and headers matter."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self._sandbox = sandbox
        self._session = session

    async def __call__(self, method: str, **arguments: Any) -> tuple[int, str | None, Any]:
        """Status, Retry-After and body."""
        url = f"{self._sandbox.workspace.url}/api/{method}"
        headers = {"Authorization": "Bearer xoxb-sandbox"}
        async with self._session.post(url, json=arguments, headers=headers) as answer:
            return answer.status, answer.headers.get("Retry-After"), await answer.json()

    async def statuses(self, count: int, method: str, **arguments: Any) -> list[int]:
        """The statuses of so many calls after each other."""
        return [(await self(method, **arguments))[0] for _ in range(count)]


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def still(tmp_path: Path, clock: HandMovedClock) -> AsyncIterator[Sandbox]:
    """A workspace whose time passes only when it is moved."""
    sandbox = Sandbox(write_manifest(tmp_path), now=clock.now, monotonic=clock.monotonic)
    async with sandbox.running():
        for channel_id in (GENERAL, INCIDENTS):
            sandbox.workspace.channels[channel_id].members.append("U0HELPER")
        yield sandbox


@pytest.fixture
def call(still: Sandbox, session: aiohttp.ClientSession) -> Caller:
    return Caller(still, session)


@pytest.mark.rule("rates.refused", "rates.tier2", "rates.burst")
async def test_a_method_spent_is_refused_with_429_and_the_seconds_to_wait(
    call: Caller, still: Sandbox
) -> None:
    assert await call.statuses(20, "users.list") == [200] * 20

    status, wait, answer = await call("users.list")

    assert (status, wait) == (429, "3")
    assert answer == {"ok": False, "error": "ratelimited"}
    assert (still.calls[-1].status, still.calls[-1].error) == (429, "ratelimited")


async def test_nothing_is_done_by_a_call_that_is_refused(call: Caller, still: Sandbox) -> None:
    for number in range(20):
        await call("conversations.create", name=f"room-{number}")
    before = set(still.workspace.channels)

    assert (await call("conversations.create", name="one-more"))[0] == 429
    assert set(still.workspace.channels) == before


async def test_after_the_time_that_was_told_the_call_goes_through(
    call: Caller, clock: HandMovedClock
) -> None:
    await call.statuses(20, "users.list")
    _, wait, _ = await call("users.list")

    clock.move(timedelta(seconds=int(str(wait))))

    assert await call.statuses(2, "users.list") == [200, 429]


@pytest.mark.rule("rates.apart")
async def test_another_method_has_a_rate_of_its_own(call: Caller) -> None:
    await call.statuses(20, "users.list")
    assert (await call("users.list"))[0] == 429
    assert (await call("users.info", user="U0ONCALL"))[0] == 200


@pytest.mark.rule("rates.post", "rates.post_burst")
async def test_a_channel_takes_a_burst_of_five_and_then_a_message_a_second(
    call: Caller, clock: HandMovedClock
) -> None:
    assert await call.statuses(6, "chat.postMessage", channel=GENERAL, text="x") == [200] * 5 + [
        429
    ]
    _, wait, _ = await call("chat.postMessage", channel=GENERAL, text="x")
    assert wait == "1"

    clock.move(timedelta(seconds=1))

    assert await call.statuses(2, "chat.postMessage", channel=GENERAL, text="x") == [200, 429]
    assert (await call("chat.postMessage", channel=INCIDENTS, text="x"))[0] == 200


async def test_a_channel_is_the_same_by_its_name(call: Caller) -> None:
    await call.statuses(5, "chat.postMessage", channel=GENERAL, text="x")
    assert (await call("chat.postMessage", channel="#general", text="x"))[0] == 429
    assert (await call("chat.postMessage", channel="general", text="x"))[0] == 429


@pytest.mark.rule("rates.posts")
async def test_the_workspace_takes_several_hundred_messages_a_minute(clock: HandMovedClock) -> None:
    pace = Pace(clock.monotonic)
    waits = [pace.wait("chat.postMessage", f"C{number}") for number in range(301)]
    assert waits == [0] * 300 + [1]


def test_switched_off_a_burst_is_a_minutes_worth_and_the_workspace_has_no_limit(
    clock: HandMovedClock,
) -> None:
    pace = Pace(clock.monotonic, Chosen.none())
    assert [pace.wait("chat.postMessage", "C1") for _ in range(61)] == [0] * 60 + [1]
    assert [pace.wait("chat.postMessage", f"D{number}") for number in range(400)] == [0] * 400


@pytest.mark.rule("rates.burst")
def test_calls_come_back_one_by_one_or_switched_off_when_the_minute_is_over(
    clock: HandMovedClock,
) -> None:
    steady, whole = Pace(clock.monotonic), Pace(clock.monotonic, Chosen.none())
    for _ in range(20):
        steady.wait("pins.add", "")
        whole.wait("pins.add", "")
    clock.move(timedelta(seconds=3))
    assert [steady.wait("pins.add", "") for _ in range(2)] == [0, 3]
    assert whole.wait("pins.add", "") == 57
    clock.move(timedelta(seconds=57))
    assert [whole.wait("pins.add", "") for _ in range(21)] == [0] * 20 + [60]


@pytest.mark.parametrize(
    ("method", "a_minute", "wait"),
    [
        pytest.param("rtm.start", 1, 60, marks=pytest.mark.rule("rates.tier1")),
        pytest.param("pins.add", 20, 3, marks=pytest.mark.rule("rates.tier2")),
        pytest.param("chat.update", 50, 2, marks=pytest.mark.rule("rates.tier3")),
        pytest.param("views.open", 100, 1, marks=pytest.mark.rule("rates.tier4")),
        pytest.param("auth.test", 600, 1, marks=pytest.mark.rule("rates.special")),
    ],
)
def test_each_tier_has_its_rate(
    method: str, a_minute: int, wait: int, clock: HandMovedClock
) -> None:
    pace = Pace(clock.monotonic)
    assert [pace.wait(method, "") for _ in range(a_minute + 1)] == [0] * a_minute + [wait]


def test_refused_calls_do_not_lengthen_the_wait(clock: HandMovedClock) -> None:
    pace = Pace(clock.monotonic)
    for _ in range(100):
        pace.wait("pins.add", "")
    assert pace.wait("pins.add", "") == 3


def test_time_passes_by_whichever_clock_went_further(clock: HandMovedClock) -> None:
    wall = HandMovedClock()
    passed = passing(lambda: clock.date.timestamp(), wall.monotonic)
    clock.move(timedelta(hours=1))
    assert passed() == 3600
    wall.move(timedelta(seconds=5))
    assert passed() == 3605
    assert passed() == 3605


def test_every_method_that_is_served_has_a_published_rate() -> None:
    known = {*rates.TIERS, *rates.UNLIMITED, "chat.postMessage"}
    assert set(METHODS) - known == set()


async def test_without_rates_the_app_calls_as_often_as_it_likes(
    tmp_path: Path, clock: HandMovedClock, session: aiohttp.ClientSession
) -> None:
    sandbox = Sandbox(write_manifest(tmp_path), now=clock.now, rates=False)
    async with sandbox.running():
        assert set(await Caller(sandbox, session).statuses(30, "users.list")) == {200}
