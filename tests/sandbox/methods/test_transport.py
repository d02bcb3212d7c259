"""How does the Web API take a call, and how does it say no?"""

from __future__ import annotations

import dataclasses

import aiohttp
import pytest

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Api, Json
from tests.sandbox.methods.world import GENERAL, World

TOKEN = "xoxb-sandbox"


async def _sent(sandbox: Sandbox, method: str, verb: str = "POST", **request: object) -> Json:
    url = f"{sandbox.workspace.url}/api/{method}"
    async with (
        aiohttp.ClientSession() as session,
        session.request(verb, url, **request) as answer,  # type: ignore[arg-type]
    ):
        assert answer.status == 200
        body: Json = await answer.json()
        return body


@pytest.mark.rule("webapi.verbs", "webapi.bodies", "webapi.token")
async def test_every_way_to_say_the_same_gets_the_same_answer(sandbox: Sandbox) -> None:
    fields = {"channel": GENERAL, "include_num_members": "true"}
    with_token = {**fields, "token": TOKEN}
    header = {"Authorization": f"Bearer {TOKEN}"}
    multipart = aiohttp.FormData(with_token, default_to_multipart=True)
    ways: list[tuple[str, Json]] = [
        ("GET", {"params": with_token}),
        ("GET", {"params": fields, "headers": header}),
        ("POST", {"params": with_token}),
        ("POST", {"data": with_token}),
        ("POST", {"data": fields, "headers": header}),
        ("POST", {"data": multipart}),
        ("POST", {"json": with_token}),
        ("POST", {"json": fields, "headers": header}),
    ]

    answers = [await _sent(sandbox, "conversations.info", verb, **way) for verb, way in ways]

    assert answers[0]["channel"]["num_members"] == 6
    assert answers == [answers[0]] * len(ways)


@pytest.mark.rule("webapi.status", "webapi.unknown_method")
async def test_an_unknown_method_is_refused_with_http_200(sandbox: Sandbox) -> None:
    answer = await _sent(sandbox, "no.such", data={"token": TOKEN})
    assert answer == {"ok": False, "error": "unknown_method", "req_method": "no.such"}


@pytest.mark.rule(
    "webapi.not_authed",
    "webapi.invalid_auth",
    "webapi.not_allowed_token_type",
    "apps.connections.open.token",
    "apps.connections.open.invalid_auth",
    "search.messages.token",
)
@pytest.mark.parametrize(
    ("method", "token", "code"),
    [
        ("auth.test", "", "not_authed"),
        ("auth.test", "xoxb-other", "invalid_auth"),
        ("auth.test", "xapp-sandbox", "not_allowed_token_type"),
        ("apps.connections.open", TOKEN, "not_allowed_token_type"),
        ("apps.connections.open", "xapp-other", "invalid_auth"),
        ("search.messages", TOKEN, "not_allowed_token_type"),
    ],
)
async def test_tokens_are_told_apart(api: Api, method: str, token: str, code: str) -> None:
    assert await api(method, token=token, query="x") == {"ok": False, "error": code}


@pytest.mark.rule("apps.connections.open.token")
async def test_the_app_token_among_the_arguments_is_an_error(sandbox: Sandbox) -> None:
    answer = await _sent(sandbox, "apps.connections.open", data={"token": "xapp-sandbox"})
    assert answer["error"] == "invalid_arguments"


@pytest.mark.rule("webapi.token_revoked")
async def test_after_auth_revoke_the_token_is_good_for_nothing(api: Api) -> None:
    assert await api("auth.revoke", test=True) == {"ok": True, "revoked": False}
    assert (await api("auth.test"))["ok"]
    assert await api("auth.revoke") == {"ok": True, "revoked": True}
    assert await api("auth.test") == {"ok": False, "error": "token_revoked"}


@pytest.mark.rule("webapi.invalid_json", "webapi.invalid_form_data", "webapi.missing_post_type")
@pytest.mark.parametrize(
    ("content_type", "body", "code"),
    [
        ("application/json", b"{", "invalid_json"),
        ("application/json", b'{"a": NaN}', "invalid_json"),
        ("application/json", b"\xff\xfe", "invalid_json"),
        ("application/json", b"[" * 100_000, "invalid_json"),
        ("application/json", b"[]", "json_not_object"),
        ("multipart/form-data", b"--x", "invalid_form_data"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense\r\n\r\n--x--", "invalid_form_data"),
        ("text/plain", b"channel=C1", "missing_post_type"),
    ],
)
async def test_a_body_slack_cannot_read_is_refused(
    sandbox: Sandbox, content_type: str, body: bytes, code: str
) -> None:
    headers = {"Content-Type": content_type, "Authorization": f"Bearer {TOKEN}"}
    answer = await _sent(sandbox, "conversations.info", data=body, headers=headers)
    assert answer == {"ok": False, "error": code}


@pytest.mark.rule("webapi.invalid_arguments")
async def test_what_is_missing_or_of_a_wrong_type_is_told_in_a_sentence(world: World) -> None:
    for arguments, told in (
        ({"channel": "ROOM"}, "[ERROR] missing required field: user"),
        (
            {"channel": {"a": 1}, "user": "U0EXEC"},
            "[ERROR] must provide a string [json-pointer:/channel]",
        ),
    ):
        answer = await world("chat.postEphemeral", {**arguments, "text": "x"})
        assert answer == {
            "ok": False,
            "error": "invalid_arguments",
            "response_metadata": {"messages": [told]},
        }


@pytest.mark.rule("webapi.account_inactive", "webapi.token_expired")
@pytest.mark.parametrize("code", ["account_inactive", "token_expired"])
async def test_a_token_can_go_bad(sandbox: Sandbox, api: Api, code: str) -> None:
    sandbox.workspace.token_trouble = code
    assert await api("auth.test") == {"ok": False, "error": code}
    opened = await api("apps.connections.open", token="xapp-sandbox")
    assert opened["ok"]


@pytest.mark.rule("webapi.internal_error")
async def test_an_internal_error_can_be_had_on_purpose(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add("auth.test:internal_error:1")
    assert await api("auth.test") == {"ok": False, "error": "internal_error"}
    assert (await api("auth.test"))["ok"]


async def test_what_was_chosen_here_can_be_switched_off_whole(sandbox: Sandbox) -> None:
    switched_off = type(sandbox.workspace.chosen).none()
    assert not any(dataclasses.asdict(switched_off).values())
