"""Who is called, who answers, and what do other systems hear and say?"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.clock import Clock
from bot.hooks import signing
from tests.flows.story import TITLE
from tests.hooks.receiver import Receiver, receiving
from tests.room import (
    ELENA,
    GENERAL,
    IDRIS,
    INCIDENTS,
    JUN,
    MARA,
    NOOR,
    SANDBOX_CONTENT,
    Room,
    until,
    war_room,
)
from tests.screen import shown

SECRET = "whsec_" + base64.b64encode(b"a secret of some length").decode()
ALERT = {"title": "Refusal rate dropped", "source": "grafana", "severity": "critical"}


def _content(folder: Path) -> Path:
    """The sandbox's policy, with a pager for the legal role and a webhook for privacy."""
    policy = folder / "policy"
    policy.mkdir(parents=True)
    for path in (SANDBOX_CONTENT / "policy").glob("*.yaml"):
        text = path.read_text()
        if path.name == "paging.yaml":
            text = text.replace(
                "routes: []",
                "routes:\n"
                "  - {role: legal, adapter: pagerduty, routing_key_env: PD_LEGAL}\n"
                "  - {role: privacy, adapter: webhook, url_env: HOOK_URL, secret_env: HOOK_KEY}",
            )
        (policy / path.name).write_text(text)
    return folder


@pytest.fixture
async def pager() -> AsyncIterator[Receiver]:
    """PagerDuty and a webhook of one's own, on this machine."""
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def called(
    sqlite_url: str, tmp_path: Path, pager: Receiver, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Room]:
    """A room whose policy calls by pager and webhook, and which other systems can reach."""
    monkeypatch.setenv("PD_LEGAL", "R0UTING")
    monkeypatch.setenv("HOOK_URL", f"{pager.url}/hook")
    monkeypatch.setenv("HOOK_KEY", SECRET)
    async with war_room(
        sqlite_url,
        is_http=True,
        warroom_content=_content(tmp_path / "content"),
        pagerduty_events_url=pager.url,
        warroom_alert_secret=SECRET,
        pagerduty_webhook_secret="pd-secret",
    ) as room:
        yield room


async def _post(room: Room, path: str, body: object, name: str = "one") -> tuple[int, object]:
    text = json.dumps(body)
    headers = signing.headers(SECRET, name, Clock().now(), text)
    return await _raw(room, path, text, headers)


async def _raw(room: Room, path: str, text: str, headers: dict[str, str]) -> tuple[int, object]:
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{room.url}{path}", data=text, headers=headers) as answer,
    ):
        return answer.status, await answer.json()


async def test_a_person_is_called_and_answers(room: Room) -> None:
    await room.declare(TITLE, severity="SEV3")
    await room.settled()
    channel = room.channel(1).id
    told = await room.type(MARA, channel, f"/incident page <@{NOOR}> can you call the customer")
    assert told == f"<@{NOOR}> is being called. The summary shows when they answer."
    await room.settled()
    [message] = room.direct(NOOR)
    assert "can you call the customer" in message.text
    assert NOOR in room.channel(1).members
    assert f"<@{NOOR}> since " in room.summary(1)
    assert "no answer yet" in room.summary(1)
    told = await room.press_direct(NOOR, "answer_call")
    assert told == f"Thank you. The room sees that you are on it. Go to <#{channel}>."
    await room.settled()
    assert f"<@{NOOR}> answered " in room.summary(1)
    assert "You answered " in shown(room.direct(NOOR)[0].blocks)


async def test_nobody_is_called_twice_for_the_same_thing(room: Room) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    before = len(room.facts(1))
    channel = room.channel(1).id
    calls = [fact for fact in room.facts(1) if fact.kind == "PersonCalled"]
    targets = [(fact.payload["about"], fact.payload["target"]) for fact in calls]
    assert len(set(targets)) == len(targets) == 7
    told = await room.type(MARA, channel, "/incident page safety")
    assert told == (
        "They were called just now and have not answered yet. Wait a little, or call somebody else."
    )
    assert len(room.facts(1)) == before


async def test_what_cannot_be_called(room: Room) -> None:
    await room.declare(TITLE, severity="SEV3")
    await room.settled()
    channel, before = room.channel(1).id, len(room.facts(1))
    for line, told in {
        "page": "Say whom: `/incident page @someone`, or a role such as `/incident page legal`.",
        "page wizard": "There is no role wizard. Use one of: IC, Scribe, ",
        "page <@U0LEFT>": "<@U0LEFT> has left the workspace. Name somebody else.",
        "page <@U0WARROOM>": "An app cannot be called; name a person.",
        f"page <@{MARA}>": "You are here already. Call somebody else.",
        "page governance": "The policy names nobody for Governance and Risk. Name a person",
    }.items():
        answer = await room.type(MARA, channel, f"/incident {line}")
        assert answer.startswith(told)
    assert len(room.facts(1)) == before


async def test_a_test_calls_nobody(room: Room) -> None:
    await room.declare(TITLE, severity="SEV1", verb="test")
    await room.settled()
    assert all(room.direct(one) == [] for one in (IDRIS, JUN, ELENA))
    assert "A test calls nobody. It would have called" in room.summary(1)
    told = await room.type(MARA, room.channel(1).id, f"/incident page <@{NOOR}>")
    assert told.startswith("This is a test: nobody is called")
    await room.settled()
    assert room.direct(NOOR) == []


def _answers(room: Room) -> list[dict[str, object]]:
    return [fact.payload for fact in room.facts(1) if fact.kind == "CallAnswered"]


async def test_a_webhook_rings_and_its_answer_shows_by_whom(called: Room, pager: Receiver) -> None:
    await called.declare(TITLE, severity="SEV0")
    await called.settled()
    [(_, headers, text)] = [one for one in pager.requests if one[0] == "/hook"]
    assert signing.check(SECRET, headers, text, Clock().now())
    call = json.loads(text)["data"]["call"]
    answer = await _post(called, "/hooks/ack", {"call": call, "by": "elena@example.test"})
    assert answer == (202, {"incident": "INC-1"})
    [answered] = _answers(called)
    assert answered["by"] == ELENA
    await called.settled()
    assert f"<@{ELENA}> answered <!date" in called.summary(1)


async def test_a_pager_rings_and_its_answer_shows_without_a_name(
    called: Room, pager: Receiver
) -> None:
    await called.declare(TITLE, severity="SEV0")
    await called.settled()
    [event] = [json.loads(text) for path, _, text in pager.requests if path == "/v2/enqueue"]
    assert event["payload"]["summary"].startswith("INC-1: Legal is needed (severity SEV0)")
    assert event["payload"]["severity"] == "critical"
    told = {
        "event": {
            "id": "01", "event_type": "incident.acknowledged",
            "agent": {"id": "PXPGF42", "summary": "Elena", "type": "user_reference"},
            "data": {"incident_key": event["dedup_key"]},
        }
    }  # fmt: skip
    body = json.dumps(told)
    signed = hmac.new(b"pd-secret", body.encode(), hashlib.sha256).hexdigest()
    headers = {"X-PagerDuty-Signature": f"v1={'0' * 64},v1={signed}"}
    for _ in range(2):
        answer = await _raw(called, "/hooks/pagerduty", body, headers)
        assert answer == (202, {"incident": "INC-1"})
    [answered] = _answers(called)
    assert answered.get("by") is None
    await called.settled()
    assert re.search(r": answered <!date[^>]+>, not said by whom", called.summary(1))
    await called.type(MARA, called.channel(1).id, "/incident resolve It is gone, 50 of 50 clean")
    await called.settled()
    assert "resolve" in [json.loads(text).get("event_action") for _, _, text in pager.requests]


async def test_titles_that_stay_in_the_room_do_not_reach_a_pager(
    called: Room, pager: Receiver
) -> None:
    await called.declare(TITLE, severity="SEV0", switches=("person_at_risk",))
    await called.settled()
    assert pager.requests
    assert all(TITLE not in text for _, _, text in pager.requests)


async def test_a_bad_alert_opens_an_incident_and_the_next_folds_into_it(called: Room) -> None:
    assert await _post(called, "/hooks/alert", ALERT) == (202, {"incident": "INC-1"})
    await called.settled()
    assert called.facts(1)[0].payload["declarer"] == MARA
    assert "Refusal rate dropped" in called.summary(1)
    assert MARA in called.channel(1).members
    assert await _post(called, "/hooks/alert", ALERT) == (202, {"incident": "INC-1"})
    assert await _post(called, "/hooks/alert", ALERT, "two") == (202, {"incident": "INC-1"})
    await called.settled()
    assert "Refusal rate dropped (grafana) 2 times, last " in called.summary(1)
    assert len(called.rooms()) == 1


async def test_two_equal_alerts_at_once_open_one_incident(called: Room) -> None:
    answers = await asyncio.gather(
        *(_post(called, "/hooks/alert", ALERT, f"at once {n}") for n in range(5))
    )
    assert answers == [(202, {"incident": "INC-1"})] * 5
    await called.settled()
    assert len(called.rooms()) == 1


async def test_a_mild_alert_is_proposed_and_declared_by_a_person(called: Room) -> None:
    mild = {**ALERT, "severity": "warning", "link": "https://grafana.example/d/1"}
    assert await _post(called, "/hooks/alert", mild) == (202, {"incident": None})
    await called.settled()
    [proposal] = called.announcements()
    assert "Alert from grafana, which would be SEV2" in shown(proposal.blocks)
    await called.press(NOOR, INCIDENTS, "declare_from_alert")
    form = called.open_form(NOOR)
    assert await form.submit() == {}
    await called.settled()
    assert called.facts(1)[0].payload["title"] == "Refusal rate dropped"
    assert called.facts(1)[0].payload["severity"] == "SEV2"
    assert shown(proposal.blocks) == "An alert from grafana was declared as INC-1."
    assert await _post(called, "/hooks/alert", mild, "later") == (202, {"incident": "INC-1"})


async def test_an_alert_can_be_dismissed(called: Room) -> None:
    await _post(called, "/hooks/alert", {**ALERT, "severity": "info"})
    await called.settled()
    told = await called.press(NOOR, INCIDENTS, "dismiss_alert")
    assert told == "It is dismissed. The same alert later is proposed again."
    await called.settled()
    [proposal] = called.announcements()
    assert shown(proposal.blocks) == f"An alert was dismissed by <@{NOOR}>."


async def test_who_does_not_sign_is_not_heard(called: Room) -> None:
    text = json.dumps(ALERT)
    good = signing.headers(SECRET, "one", Clock().now(), text)
    other = signing.headers("another secret", "one", Clock().now(), text)
    for headers in ({}, other, {**good, "webhook-timestamp": "1700000000"}):
        status, _ = await _raw(called, "/hooks/alert", text, headers)
        assert status == 401
    assert (await _raw(called, "/hooks/alert", text + " ", good))[0] == 401
    for body in ("[]", "{", '{"title": ""}', '{"title": "x", "link": "ftp://x"}'):
        headers = signing.headers(SECRET, body, Clock().now(), body)
        status, said = await _raw(called, "/hooks/alert", body, headers)
        assert status == 400, said
    large = json.dumps({**ALERT, "details": "x" * 300_000})
    assert (await _post(called, "/hooks/alert", {"title": large}))[0] == 413
    assert called.rooms() == []


async def test_without_a_secret_there_is_no_way_in(sqlite_url: str) -> None:
    async with war_room(sqlite_url, is_http=True) as room:
        assert (await _post(room, "/hooks/alert", ALERT))[0] == 404
        assert await room.type(MARA, GENERAL, "/incident list") == "No incident is open."
        await until(lambda: room.rooms() == [])
