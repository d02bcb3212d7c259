"""When does an event come again, and when does it come no more?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.responses import RedirectResponse, Response

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.tally import Tally
from tests.sandbox.foreign import HandMovedClock
from tests.sandbox.requests.listener import Got, Listener, asked_over_http

GENERAL, MARA = "C0GENERAL", "U0ONCALL"


def failing(status: int = 500, **headers: str) -> Response:
    return Response(status_code=status, headers=headers)


def onward(path: str, status: int = 302) -> Response:
    return RedirectResponse(path, status_code=status)


async def opened(sandbox: Sandbox, times: int = 1) -> None:
    """Let an event happen."""
    for _ in range(times):
        await sandbox.as_person(MARA).open_home()
        await sandbox.deliver.settle()


async def journaled(sandbox: Sandbox, number: int) -> None:
    """Wait until the sandbox has read so many answers."""
    async with asyncio.timeout(5):
        while len([one for one in sandbox.deliveries if one.name == "app_home_opened"]) < number:
            await asyncio.sleep(0.005)


def ids(requests: list[Got]) -> set[str]:
    return {str(got.json["event_id"]) for got in requests}


@pytest.mark.rule(
    "events.retries",
    "events.retries.first",
    "events.retries.second",
    "events.retries.third",
    "events.retries.headers",
)
async def test_an_event_comes_again_at_once_then_after_one_and_after_five_minutes_of_the_clock(
    asked: Sandbox, listener: Listener, clock: HandMovedClock
) -> None:
    listener.answers.extend(failing() for _ in range(4))
    await opened(asked)
    await journaled(asked, 2)
    clock.move(timedelta(seconds=59))
    await asyncio.sleep(0.3)
    assert len(listener.requests) == 2
    clock.move(timedelta(seconds=1))
    await journaled(asked, 3)
    clock.move(timedelta(minutes=5))
    await journaled(asked, 4)
    clock.move(timedelta(hours=30))
    await asyncio.sleep(0.3)

    assert [got.retry for got in listener.requests] == [
        (None, None),
        ("1", "http_error"),
        ("2", "http_error"),
        ("3", "http_error"),
    ]
    assert len(ids(listener.requests)) == 1


@pytest.mark.rule("events.delayed")
async def test_delayed_events_come_each_hour_for_a_day(
    asked: Sandbox, listener: Listener, clock: HandMovedClock
) -> None:
    asked.deliver.is_delaying = True
    listener.answers.extend(failing() for _ in range(99))
    await opened(asked)
    await journaled(asked, 2)
    for number, wait in enumerate([60, 300, *[3600] * 24], start=3):
        clock.move(timedelta(seconds=wait))
        await journaled(asked, number)
    clock.move(timedelta(hours=2))
    await asyncio.sleep(0.3)

    assert len(listener.requests) == 1 + 3 + 24


@pytest.mark.rule("events.no_retry")
async def test_an_app_may_say_that_it_wants_no_repeat(asked: Sandbox, listener: Listener) -> None:
    listener.answers.append(failing(404, **{"x-slack-no-retry": "1"}))
    await opened(asked, 2)

    assert len(ids(await listener.got(2))) == 2
    assert [got.retry for got in listener.requests] == [(None, None)] * 2


@pytest.mark.rule("events.status")
async def test_any_2xx_acks_an_event(asked: Sandbox, listener: Listener) -> None:
    listener.answers.extend([failing(201), failing(204)])
    await opened(asked, 2)

    assert [one.error for one in asked.deliveries][-2:] == [None, None]


@pytest.mark.rule("events.redirects")
@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_two_redirects_are_followed(asked: Sandbox, listener: Listener, status: int) -> None:
    listener.answers.extend([onward("/one", status), onward("/two", status)])
    await opened(asked)

    assert [got.path for got in listener.requests] == ["/slack/events", "/one", "/two"]
    assert len(ids(listener.requests)) == 1
    assert asked.deliveries[-1].ok


@pytest.mark.rule("events.redirects", "events.reason.too_many_redirects")
async def test_a_third_redirect_is_one_too_many(asked: Sandbox, listener: Listener) -> None:
    listener.answers.extend(onward("/on") for _ in range(3))
    await opened(asked)

    assert (await listener.got(4))[3].retry == ("1", "too_many_redirects")


@pytest.mark.rule("events.reason.http_error")
@pytest.mark.parametrize("status", [304, 400, 404, 500, 503])
async def test_another_status_is_an_http_error(
    asked: Sandbox, listener: Listener, status: int
) -> None:
    listener.answers.append(failing(status))
    await opened(asked)

    assert (await listener.got(2))[1].retry == ("1", "http_error")


@pytest.mark.rule("events.reason.http_timeout")
async def test_no_answer_in_three_seconds_is_a_timeout(asked: Sandbox, listener: Listener) -> None:
    listener.answers.append(None)
    await opened(asked)

    assert (await listener.got(2))[1].retry == ("1", "http_timeout")
    await journaled(asked, 2)
    assert [one.error for one in asked.deliveries][-2] == "operation_timeout"


@asynccontextmanager
async def speaking(answer: bytes) -> AsyncIterator[str]:
    """A server that says these bytes to whatever it is asked, and hangs up; its URL."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf"


@pytest.mark.parametrize(
    ("answer", "scheme", "reason"),
    [
        pytest.param(
            b"",
            "http",
            "connection_failed",
            marks=pytest.mark.rule("events.reason.connection_failed"),
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\n\r\n",
            "https",
            "ssl_error",
            marks=pytest.mark.rule("events.reason.ssl_error"),
        ),
        pytest.param(
            HALF, "http", "unknown_error", marks=pytest.mark.rule("events.reason.unknown_error")
        ),
    ],
)
async def test_the_reason_says_what_went_wrong_on_the_way(
    asked: Sandbox, listener: Listener, answer: bytes, scheme: str, reason: str
) -> None:
    async with speaking(answer) as url:
        there = url.replace("http://", f"{scheme}://")
        listener.answers.append(RedirectResponse(there, status_code=307))
        await opened(asked)
        assert (await listener.got(2))[1].retry == ("1", reason)


@pytest.mark.rule("events.reason.connection_failed")
async def test_where_nobody_listens_the_connection_failed(
    asked: Sandbox, listener: Listener
) -> None:
    listener.answers.append(RedirectResponse("http://127.0.0.1:1/", status_code=307))
    await opened(asked)

    assert (await listener.got(2))[1].retry == ("1", "connection_failed")


@pytest.mark.rule("events.unordered")
async def test_an_event_may_come_twice_with_one_id(asked: Sandbox, listener: Listener) -> None:
    asked.faults.add("app_home_opened:doubled:1")
    await opened(asked)

    first, second = await listener.got(2)
    assert first.json["event_id"] == second.json["event_id"]
    assert second.retry == (None, None)


@pytest.mark.rule("events.hourly", "events.rate_limited")
async def test_beyond_what_an_hour_allows_only_the_limit_is_told_once_a_minute(
    asked: Sandbox, listener: Listener, clock: HandMovedClock
) -> None:
    asked.deliver.tally = Tally(asked.workspace.elapsed, most=3)
    await opened(asked, 5)
    kinds = [got.json["type"] for got in listener.requests]
    assert kinds == ["event_callback"] * 3 + ["app_rate_limited"]
    told = listener.requests[-1].json
    assert told == {
        "token": "sandbox-verification",
        "type": "app_rate_limited",
        "team_id": "T0SANDBOX",
        "minute_rate_limited": int(clock.now().timestamp()) // 60 * 60,
        "api_app_id": asked.workspace.app.app_id,
    }

    clock.move(timedelta(minutes=1))
    await opened(asked, 2)
    assert [got.json["type"] for got in listener.requests[4:]] == ["app_rate_limited"]
    clock.move(timedelta(hours=1))
    await opened(asked)
    assert listener.requests[-1].json["type"] == "event_callback"


@pytest.mark.rule("events.disabled.share", "events.disabled.least")
async def test_too_many_failures_end_all_events_until_they_are_switched_on_again(
    asked: Sandbox, listener: Listener
) -> None:
    asked.deliver.tally = Tally(asked.workspace.elapsed, least=20)
    no_repeat = {"x-slack-no-retry": "1"}
    listener.answers.extend([Response(), *(failing(404, **no_repeat) for _ in range(40))])
    await opened(asked, 30)

    # 20 of 21 are more than 95 percent, 19 of 20 are not.
    assert (len(listener.requests), asked.deliver.tally.is_disabled) == (21, True)
    asked.deliver.tally.enable()
    await opened(asked)
    assert len(listener.requests) == 22


@pytest.mark.rule("events.hourly", "events.disabled.least")
async def test_the_numbers_are_slacks_own(
    tmp_path: Path, clock: HandMovedClock, listener: Listener
) -> None:
    async with asked_over_http(tmp_path, clock, listener) as sandbox:
        tally = sandbox.deliver.tally
        for _ in range(999):
            tally.lost(tally.sent())
        assert not tally.is_disabled
        tally.lost(tally.sent())
        assert tally.is_disabled
        for _ in range(29_000):
            tally.sent()
        assert not tally.has_room()
        clock.move(timedelta(hours=1))
        assert tally.has_room()
