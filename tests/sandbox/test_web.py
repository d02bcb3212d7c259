"""Is there a Slack-shaped answer whatever is sent, and whatever breaks?"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.sandbox import Sandbox

_JSON = {"Content-Type": "application/json", "Authorization": "Bearer xoxb-sandbox"}
_FORM = {"Authorization": "Bearer xoxb-sandbox"}


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"{", "invalid_json"),
        (b"[" * 100_000, "invalid_json"),
        (b'{"user": NaN}', "invalid_json"),
        (b"\xff\xfe", "invalid_json"),
        (b"[]", "json_not_object"),
        (b'"x"', "json_not_object"),
        (json.dumps({"user": "x" * 10_000_000}).encode(), "user_not_found"),
        (b'{"user": "\\ud800"}', "user_not_found"),
    ],
    ids=["cut", "deep", "nan", "bytes", "list", "text", "10 MB", "surrogate"],
)
async def test_any_json_has_an_answer(
    sandbox: Sandbox, session: aiohttp.ClientSession, body: bytes, error: str
) -> None:
    url = f"{sandbox.workspace.url}/api/users.info"
    async with session.post(url, data=body, headers=_JSON) as answer:
        assert answer.status == 200
        assert (await answer.json())["error"] == error


@pytest.mark.parametrize(
    ("kind", "body", "error"),
    [
        ("text/plain", b"user=U1", "missing_post_type"),
        ("multipart/form-data; boundary=x", b"--y\r\nnothing", "invalid_form_data"),
        ("multipart/form-data", b"--y\r\nnothing", "invalid_form_data"),
        ("application/x-www-form-urlencoded", b"%%%=&&&==;" * 100, "invalid_arguments"),
        ("APPLICATION/JSON; charset=utf-8", b'{"user": "U9"}', "user_not_found"),
    ],
)
async def test_any_form_has_an_answer(
    sandbox: Sandbox, session: aiohttp.ClientSession, kind: str, body: bytes, error: str
) -> None:
    url = f"{sandbox.workspace.url}/api/users.info"
    headers = {**_FORM, "Content-Type": kind}
    async with session.post(url, data=body, headers=headers) as answer:
        assert answer.status == 200
        assert (await answer.json())["error"] == error


async def test_a_file_in_a_form_is_told_by_its_name(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    form = aiohttp.FormData()
    form.add_field("user", b"\x00\xff", filename="u9.png")
    url = f"{sandbox.workspace.url}/api/users.info"
    async with session.post(url, data=form, headers=_FORM) as answer:
        assert (await answer.json())["error"] == "user_not_found"
    assert sandbox.calls[-1].args == {"user": "u9.png"}


async def test_a_bug_of_the_workspace_is_answered_in_slacks_form(
    sandbox: Sandbox, session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    broken: Any = None
    sandbox.workspace.people = broken
    url = f"{sandbox.workspace.url}/api/users.list"
    async with session.post(url, headers=_FORM) as answer:
        assert answer.status == 500
        assert await answer.json() == {"ok": False, "error": "fatal_error"}
    assert "Exception in ASGI application" in caplog.text
