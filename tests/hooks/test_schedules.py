"""Who is on call, and who is nobody?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web

from bot.clock import Clock
from bot.hooks import send
from bot.hooks.schedules import Schedules
from tests.hooks.receiver import Receiver, receiving

FIRST = {"escalation_level": 1, "user": {"email": "a@example.com"}}
SECOND = {"escalation_level": 2, "user": {"email": "b@example.com"}}


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """PagerDuty, on this machine."""
    async with receiving() as receiver:
        yield receiver


async def _asked(receiver: Receiver, answer: web.Response) -> str | None:
    receiver.answers.append(answer)
    async with send.session() as http:
        return await Schedules(http, Clock(), "t0ken", receiver.url).on_call("PABC")


async def test_a_schedule_names_who_is_on_call_first(receiver: Receiver) -> None:
    assert await _asked(receiver, web.json_response({"oncalls": [SECOND, FIRST]})) == (
        "a@example.com"
    )
    [(path, headers, _)] = receiver.requests
    assert path.replace("%5B%5D", "[]") == "/oncalls?schedule_ids[]=PABC&include[]=users"
    assert headers["Authorization"] == "Token token=t0ken"


async def test_an_answer_holds_for_a_minute_and_no_longer(receiver: Receiver) -> None:
    clock = Clock()
    receiver.answers.append(web.json_response({"oncalls": [FIRST]}))
    async with send.session() as http:
        schedules = Schedules(http, clock, "t0ken", receiver.url)
        assert await schedules.on_call("PABC") == "a@example.com"
        receiver.answers.append(web.Response(status=500))
        clock.move(timedelta(seconds=50))
        assert await schedules.on_call("PABC") == "a@example.com"
        clock.move(timedelta(seconds=11))
        assert await schedules.on_call("PABC") is None
        receiver.answers.append(web.json_response({"oncalls": [SECOND]}))
        assert await schedules.on_call("PABC") == "b@example.com"


@pytest.mark.parametrize(
    "body",
    [
        "null", "[]", "{}", "3", "{", '"oncalls"',
        '{"oncalls": null}', '{"oncalls": []}', '{"oncalls": {}}', '{"oncalls": [null]}',
        '{"oncalls": [3]}', '{"oncalls": [{}]}', '{"oncalls": [{"escalation_level": null}]}',
        '{"oncalls": [{"escalation_level": 1}]}',
        '{"oncalls": [{"escalation_level": 1, "user": null}]}',
        '{"oncalls": [{"escalation_level": 1, "user": {}}]}',
        '{"oncalls": [{"escalation_level": 1, "user": {"email": null}}]}',
        '{"oncalls": [{"escalation_level": 1, "user": {"email": ""}}]}',
        '{"oncalls": [{"escalation_level": 1, "user": {"email": ["a@example.com"]}}]}',
    ],
)  # fmt: skip
async def test_an_answer_without_a_person_names_nobody(receiver: Receiver, body: str) -> None:
    assert await _asked(receiver, web.Response(text=body, content_type="application/json")) is None


@pytest.mark.parametrize("status", [301, 401, 404, 429, 500])
async def test_a_refusal_names_nobody(receiver: Receiver, status: int) -> None:
    answer = web.json_response({"oncalls": [FIRST]}, status=status, headers={"Location": "/"})
    assert await _asked(receiver, answer) is None


async def test_a_page_instead_of_json_names_nobody(receiver: Receiver) -> None:
    assert await _asked(receiver, web.Response(text="<p>", content_type="text/html")) is None


async def test_who_does_not_answer_within_a_second_names_nobody(receiver: Receiver) -> None:
    receiver.trouble = "is silent"
    async with asyncio.timeout(2):
        assert await _asked(receiver, web.Response()) is None


async def test_nobody_is_asked_without_a_token(receiver: Receiver) -> None:
    async with send.session() as http:
        assert await Schedules(http, Clock(), None, receiver.url).on_call("PABC") is None
    assert receiver.requests == []
