"""Is every request signed, in the form Slack has for it, and acked as Slack wants it?"""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.sandbox import modals
from bot.sandbox.over_http import signature
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import HandMovedClock, modal
from tests.sandbox.requests.listener import Listener, asked_over_http

GENERAL, MARA = "C0GENERAL", "U0ONCALL"
# The example of docs.slack.dev/authentication/verifying-requests-from-slack.
SECRET, SENT_AT = "8f742231b10e8888abcd99yyyzzz85a5", "1531420618"
BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
    b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
    b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
    b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)


@pytest.mark.rule("requests.signature")
def test_slacks_own_example_is_signed_as_slack_signs_it() -> None:
    assert signature(SECRET, SENT_AT, BODY) == (
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    )


@pytest.mark.rule("requests.signature", "requests.timestamp")
async def test_every_request_is_signed_now_whatever_the_workspaces_clock_says(
    asked: Sandbox, listener: Listener
) -> None:
    mara = asked.as_person(MARA)
    await mara.slash(GENERAL, "/help-me now")
    await mara.use_shortcut("ask")
    await mara.open_home()

    for got in await listener.got(3):
        assert SignatureVerifier("sandbox").is_valid_request(got.body, dict(got.headers))
        assert abs(time.time_ns() / 1e9 - int(got.headers["x-slack-request-timestamp"])) < 300


@pytest.mark.rule("requests.body.command", "requests.body.interaction", "requests.body.event")
async def test_each_kind_comes_in_its_own_form(asked: Sandbox, listener: Listener) -> None:
    mara = asked.as_person(MARA)
    await mara.slash(GENERAL, "/help-me now")
    await mara.use_shortcut("ask")
    await mara.open_home()

    command, interaction, event = await listener.got(3)
    form = "application/x-www-form-urlencoded"
    assert [each.headers["content-type"] for each in listener.requests] == [
        form,
        form,
        "application/json",
    ]
    assert (command.form["command"], command.form["text"]) == ("/help-me", "now")
    assert list(interaction.form) == ["payload"]
    assert json.loads(interaction.form["payload"])["type"] == "shortcut"
    assert event.json["event"]["type"] == "app_home_opened"


@pytest.mark.rule("requests.status")
@pytest.mark.parametrize(
    ("status", "told"),
    [
        (200, []),
        (201, ["http_client_error"]),
        (302, ["http_client_error"]),
        (404, ["http_client_error"]),
        (503, ["http_service_error"]),
    ],
)
async def test_only_200_acks_a_command(
    asked: Sandbox, listener: Listener, status: int, told: list[str]
) -> None:
    onward = {"location": f"{listener.base_url}/elsewhere"} if status == 302 else None
    listener.answers.append(Response(status_code=status, headers=onward))
    await asked.as_person(MARA).slash(GENERAL, "/help-me")

    notices = asked.workspace.notices.get(MARA, [])
    assert [each.text for each in notices] == [
        f'/help-me failed with the error "{code}"' for code in told
    ]
    assert len(listener.requests) == 1


@pytest.mark.rule("requests.ack", "requests.ack.modal", "requests.once")
async def test_who_does_not_ack_in_three_seconds_is_asked_no_second_time(
    asked: Sandbox, listener: Listener
) -> None:
    mara = asked.as_person(MARA)
    listener.answers.extend([None, None])
    before = time.monotonic()
    await asyncio.gather(mara.slash(GENERAL, "/help-me"), mara.use_shortcut("ask"))

    assert 2.9 < time.monotonic() - before < 4
    told = sorted(each.text for each in asked.workspace.notices[MARA])
    assert told == [
        '/help-me failed with the error "operation_timeout"',
        'helper failed with the error "operation_timeout"',
    ]
    assert len(listener.requests) == 2


@pytest.mark.rule("requests.ssl_check")
async def test_an_ssl_check_is_a_form_that_wants_200(asked: Sandbox, listener: Listener) -> None:
    assert await asked.deliver.check_ssl()
    assert listener.requests[0].form == {"ssl_check": "1", "token": "sandbox-verification"}
    listener.answers.append(Response(status_code=401))
    url = f"{asked.workspace.url}/control/ssl_check"
    async with aiohttp.ClientSession() as session, session.post(url) as answer:
        assert await answer.json() == {"ok": True, "answered": False}


@pytest.mark.rule("requests.url_verification")
async def test_a_url_gets_the_challenge_before_the_first_event(
    asked: Sandbox, listener: Listener
) -> None:
    await asked.as_person(MARA).open_home()
    await listener.got(1)

    [challenged] = listener.challenged
    assert challenged.json.keys() == {"token", "challenge", "type"}
    assert challenged.headers["content-type"] == "application/json"
    assert SignatureVerifier("sandbox").is_valid_request(challenged.body, dict(challenged.headers))


@pytest.mark.rule("requests.url_verification")
@pytest.mark.parametrize("form", ["text", "form"])
async def test_the_challenge_may_come_back_as_text_or_form(
    tmp_path: Path, clock: HandMovedClock, listener: Listener, form: str
) -> None:
    def returned(body: bytes) -> Response:
        challenge = json.loads(body)["challenge"]
        if form == "text":
            return PlainTextResponse(challenge)
        return Response(f"challenge={challenge}", media_type="application/x-www-form-urlencoded")

    listener.returned = returned
    async with asked_over_http(tmp_path, clock, listener) as sandbox:
        await sandbox.as_person(MARA).open_home()
        assert len(await listener.got(1)) == 1


@pytest.mark.rule("requests.url_verification")
@pytest.mark.parametrize(
    "wrong", [JSONResponse({"challenge": "another"}), JSONResponse([]), Response(status_code=404)]
)
async def test_a_url_that_does_not_give_the_challenge_back_gets_no_events(
    tmp_path: Path, clock: HandMovedClock, listener: Listener, wrong: Response
) -> None:
    listener.returned = lambda _: wrong
    async with asked_over_http(tmp_path, clock, listener) as sandbox:
        await sandbox.as_person(MARA).open_home()
        await sandbox.deliver.settle()
        await sandbox.as_person(MARA).slash(GENERAL, "/help-me")

    assert [got.form["command"] for got in listener.requests] == ["/help-me"]


@pytest.mark.rule("requests.ack.modal")
async def test_a_modal_whose_app_fails_stays_and_says_so(
    asked: Sandbox, listener: Listener
) -> None:
    view = modals.open_first(asked.workspace, MARA, modal(blocks=[]))
    listener.answers.append(Response(status_code=500))
    mara = asked.as_person(MARA)
    await mara.submit(view.id)

    assert mara.open_view() is view
    assert view.errors == {"": "We had some trouble connecting. Try again?"}
