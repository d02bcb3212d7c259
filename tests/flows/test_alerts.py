"""Is an alert that comes again heard, and one that comes twice heard once?"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.clock import Clock
from bot.hooks import signing
from bot.sandbox.model import Message
from storage import log
from tests.room import INCIDENTS, MARA, NOOR, Room, war_room
from tests.screen import shown

SECRET = "whsec_" + base64.b64encode(b"a secret of some length").decode()
ALERT = {"title": "Refusal rate dropped", "source": "grafana", "severity": "warning"}


@pytest.fixture
async def room(sqlite_url: str) -> AsyncIterator[Room]:
    """A room that other systems can reach."""
    async with war_room(sqlite_url, is_http=True, warroom_alert_secret=SECRET) as room:
        yield room


async def _alert(room: Room, name: str) -> None:
    text = json.dumps(ALERT)
    headers = signing.headers(SECRET, name, Clock().now(), text)
    url = f"{room.url}/hooks/alert"
    async with aiohttp.ClientSession() as http, http.post(url, data=text, headers=headers) as said:
        assert said.status == 202
    await room.settled()


def _proposals(room: Room) -> list[Message]:
    return [one for one in room.announcements() if "alert" in one.text.casefold()]


def _house(room: Room) -> list[log.Fact]:
    return [fact for fact in room.chain("house") if fact.kind.startswith("Alert")]


async def test_the_same_delivery_twice_is_one_proposal_with_one_fact(room: Room) -> None:
    await _alert(room, "one")
    await _alert(room, "one")
    [proposal] = _proposals(room)
    assert "told" not in proposal.text
    assert [fact.kind for fact in _house(room)] == ["AlertProposed"]


async def test_the_same_trouble_counts_up_the_proposal_that_is_open(room: Room) -> None:
    for name in ("one", "two", "three"):
        await _alert(room, name)
    [proposal] = _proposals(room)
    assert "told 3 times, last <!date" in proposal.text


async def test_after_a_dismissal_the_same_trouble_is_a_new_message(room: Room) -> None:
    await _alert(room, "one")
    told = await room.press(NOOR, INCIDENTS, "dismiss_alert")
    assert told == "It is dismissed. The same alert later is proposed again."
    await room.settled()
    await _alert(room, "one")  # the same delivery again reopens nothing
    [first] = _proposals(room)
    assert shown(first.blocks) == f"An alert was dismissed by <@{NOOR}>."
    assert _house(room)[-1].actor == NOOR
    await _alert(room, "two")
    first, second = _proposals(room)
    assert shown(first.blocks) == f"An alert was dismissed by <@{NOOR}>."
    assert "Declare" in shown(second.blocks)


async def test_a_second_click_on_dismiss_says_who_was_first(room: Room) -> None:
    await _alert(room, "one")
    await room.press(NOOR, INCIDENTS, "dismiss_alert")
    clicks = [one for one in room.sandbox.deliveries if one.kind == "interactive"]
    payload = clicks[-1].payload
    late = {
        **payload,
        "trigger_id": "1.2.late",
        "user": {**payload["user"], "id": MARA},
        "actions": [{**payload["actions"][0], "action_ts": "1795258900.000001"}],
    }
    await room.sandbox.deliver.ask("interactive", late)
    told = f"<@{NOOR}> has dismissed it already."
    # The sandbox's address for the answer is hers.
    await room.comes(lambda: told in [one.text for one in room.whispers(INCIDENTS, NOOR)])
    assert len(_house(room)) == 2


async def test_after_the_window_the_same_trouble_is_a_new_message(room: Room) -> None:
    await _alert(room, "one")
    await room.pass_time(hours=25)
    await _alert(room, "two")
    assert len(_proposals(room)) == 2


async def test_after_its_incident_is_over_the_same_trouble_is_a_new_message(room: Room) -> None:
    await _alert(room, "one")
    await room.press(MARA, INCIDENTS, "declare_from_alert")
    assert await room.open_form(MARA).submit() == {}
    await room.settled()
    channel = room.channel(1).id
    form = await room.form(MARA, "/incident false-alarm a load test", channel)
    assert await form.submit(detector_fix="none is needed") == {}
    await room.settled()
    await _alert(room, "two")
    first, second = _proposals(room)
    assert "was declared as INC-1" in shown(first.blocks)
    assert "Declare" in shown(second.blocks)
