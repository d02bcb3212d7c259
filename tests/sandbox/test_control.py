"""Can a drill be run on the workspace from outside?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Api, HandMovedClock, Json, button, modal, write_manifest

MARA, IDRIS, GENERAL = "U0ONCALL", "U0SAFETY", "C0GENERAL"


class Remote:
    """The control API as a script sees it."""

    def __init__(self, base_url: str, session: aiohttp.ClientSession) -> None:
        self._base = f"{base_url}/control"
        self._session = session

    async def __call__(
        self, verb: str, path: str, headers: dict[str, str] | None = None, **body: Any
    ) -> tuple[int, Json]:
        """Status and body."""
        url, given = f"{self._base}/{path}", body or None
        async with self._session.request(verb, url, json=given, headers=headers) as answer:
            return answer.status, await answer.json()

    async def ok(self, verb: str, path: str, **body: Any) -> Json:
        """What was answered to something that must work."""
        status, answer = await self(verb, path, **body)
        assert (status, answer.pop("ok")) == (200, True), answer
        return answer


@pytest.fixture
async def movable(tmp_path: Path, clock: HandMovedClock) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(write_manifest(tmp_path), now=clock.now, move=clock.move)
    async with sandbox.running():
        yield sandbox


@pytest.fixture
async def remote(movable: Sandbox) -> AsyncIterator[Remote]:
    async with aiohttp.ClientSession() as session:
        yield Remote(movable.workspace.url, session)


async def test_faults_are_added_listed_and_cleared(remote: Remote, movable: Sandbox) -> None:
    first = (await remote.ok("POST", "faults", fault="auth.test:429:3"))["id"]
    second = (await remote.ok("POST", "faults", on="*", what="latency", seconds=0.1))["id"]

    listed = (await remote.ok("GET", "faults"))["faults"]
    assert [(one["id"], one["what"], one["times"]) for one in listed] == [
        (first, "429", 3),
        (second, "latency", None),
    ]

    await remote.ok("DELETE", f"faults/{first}")
    assert [one["id"] for one in movable.faults.listing()] == [second]
    await remote.ok("DELETE", "faults")
    assert movable.faults.listing() == []


@pytest.mark.parametrize(
    ("verb", "path", "body", "refusal"),
    [
        ("POST", "faults", {"fault": "x"}, (400, "A fault is written METHOD:WHAT")),
        ("POST", "faults", {"on": "*", "what": "flood"}, (400, "There is no fault 'flood'.")),
        ("POST", "faults", {"colour": 1}, (400, 'Give "fault", or of these: on, what,')),
        ("POST", "faults", {"on": "*", "what": "429", "times": "2"}, (400, 'Give "fault"')),
        ("DELETE", "faults/F9", {}, (404, "There is no fault F9.")),
        ("GET", "journal?after=x", {}, (400, "'x' is no whole number.")),
        ("POST", "clock", {"seconds": -1}, (400, 'Give "seconds"')),
        ("POST", "clock", {"seconds": "60"}, (400, 'Give "seconds"')),
        ("GET", "people/U9/notifications", {}, (404, "Nobody has the id U9.")),
        ("GET", f"people/{MARA}/channels/C9/messages", {}, (404, "U0ONCALL sees no channel C9.")),
        ("POST", f"people/{MARA}/fly", {}, (404, "Nobody can fly. People can: ")),
        ("POST", f"people/{MARA}/_channel", {"channel_id": "C0GENERAL"}, (404, "Nobody can _ch")),
        ("POST", f"people/{MARA}/say", {"words": "x"}, (400, "say(channel_id: str, words")),
        (
            "POST",
            f"people/{MARA}/say",
            {"channel_id": GENERAL, "words": 5},
            (400, "say(channel_id: str, words: str, thread_ts: str | None = None, "),
        ),
        (
            "POST",
            f"people/{MARA}/say",
            {"channel_id": "C9", "words": "x"},
            (404, "U0ONCALL sees no channel C9"),
        ),
    ],
)
async def test_what_cannot_be_done_is_told_in_a_sentence(
    remote: Remote, verb: str, path: str, body: Json, refusal: tuple[int, str]
) -> None:
    status, says = refusal
    got, answer = await remote(verb, path, **body)
    assert (got, answer["ok"]) == (status, False)
    assert str(answer["error"]).startswith(says), answer


async def test_a_body_that_is_no_json_object_is_told_so(remote: Remote, movable: Sandbox) -> None:
    url = f"{movable.workspace.url}/control/faults"
    async with aiohttp.ClientSession() as session:
        for body, says in (("{", "The body is no JSON."), ("[]", "The body is no JSON object.")):
            async with session.post(url, data=body) as answer:
                assert answer.status == 400
                assert (await answer.json())["error"] == says


async def test_the_clock_is_read_and_moved(remote: Remote, clock: HandMovedClock) -> None:
    assert await remote.ok("GET", "clock") == {"now": clock.date.isoformat(), "can_move": True}
    before = clock.date
    moved = await remote.ok("POST", "clock", seconds=900)
    assert clock.date == before + timedelta(minutes=15)
    assert moved["now"] == clock.date.isoformat()


async def test_a_clock_nobody_can_move_says_so(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        remote = Remote(sandbox.workspace.url, session)
        assert (await remote.ok("GET", "clock"))["can_move"] is False
        status, answer = await remote("POST", "clock", seconds=60)
    assert (status, answer["error"]) == (400, "This clock cannot be moved.")


async def test_the_journal_is_read_in_parts(remote: Remote, movable: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        api = Api(movable.workspace.url, session)
        await api("auth.test")
        await api("users.info", user="U9")

    entries = (await remote.ok("GET", "journal?kind=call&ok=false"))["entries"]
    assert [(one["name"], one["error"]) for one in entries] == [("users.info", "user_not_found")]
    after = (await remote.ok("GET", "journal?after=1&limit=5"))["entries"]
    assert [one["number"] for one in after] == [2]
    await remote.ok("DELETE", "journal")
    assert (await remote.ok("GET", "journal"))["entries"] == []


async def test_a_person_acts_and_another_is_notified(remote: Remote) -> None:
    message = (
        await remote.ok("POST", f"people/{MARA}/say", channel_id=GENERAL, words="@idris look")
    )["result"]
    await remote.ok(
        "POST", f"people/{IDRIS}/react", channel_id=GENERAL, ts=message["ts"], name="eyes"
    )

    [rung] = (await remote.ok("GET", f"people/{IDRIS}/notifications"))["notifications"]
    assert (rung["ts"], rung["why"]) == (message["ts"], "mention")
    path = f"people/{IDRIS}/channels/{GENERAL}/messages"
    [seen] = (await remote.ok("GET", path))["messages"]
    assert seen["reactions"] == {"eyes": [IDRIS]}
    channels = (await remote.ok("GET", f"people/{IDRIS}/channels"))["channels"]
    assert GENERAL in [one["id"] for one in channels]
    people = await remote.ok("GET", "people")
    assert MARA in [one["id"] for one in people["people"]]
    assert {"say", "react", "slash", "press", "submit"} <= set(people["acts"])
    assert people["acts"]["say"] == (
        "(channel_id: str, words: str, thread_ts: str | None = None, also_in_channel: bool = False)"
    )


async def test_what_is_not_there_is_told_as_the_rest_is(remote: Remote) -> None:
    for verb, path in (("GET", "nothing"), ("PUT", "faults"), ("DELETE", "clock")):
        status, answer = await remote(verb, path)
        assert (status, answer["ok"]) == (404, False)
        assert answer["error"] == f"There is no {verb} /control/{path} here."


async def test_what_slack_tells_a_person_is_read(remote: Remote) -> None:
    await remote.ok("POST", f"people/{MARA}/slash", channel_id=GENERAL, line="/help-me")
    [notice] = (await remote.ok("GET", f"people/{MARA}/notices"))["notices"]
    assert notice["text"] == '/help-me failed with the error "dispatch_failed"'


async def test_a_button_is_pressed_and_a_modal_seen(remote: Remote, movable: Sandbox) -> None:
    movable.workspace.channels[GENERAL].members.append("U0HELPER")
    async with aiohttp.ClientSession() as session:
        api = Api(movable.workspace.url, session)
        ts = (await api.ok("chat.postMessage", channel=GENERAL, text="x", blocks=[button()]))["ts"]
        trigger = movable.workspace.triggers.give(MARA)
        await api.ok("views.open", trigger_id=trigger, view=modal())

    await remote.ok(
        "POST", f"people/{MARA}/press", channel_id=GENERAL, ts=ts, block_id="row", action_id="go"
    )
    [view] = (await remote.ok("GET", f"people/{MARA}/views"))["views"]

    assert movable.deliveries[-1].name == "block_actions"
    assert view["content"]["callback_id"] == "form"


async def test_only_programs_on_this_machine_reach_it(remote: Remote) -> None:
    for headers in ({"Host": "sandbox.example"}, {"Origin": "https://elsewhere.example"}):
        status, answer = await remote("DELETE", "faults", headers=headers)
        assert (status, answer["error"]) == (403, "This is for programs on this machine.")
    status, _ = await remote("GET", "faults", headers={"Origin": "http://127.0.0.1:1"})
    assert status == 200
