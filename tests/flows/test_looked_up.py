"""Who is called, told, or left alone when a severity is set?"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.story import TITLE
from tests.hooks.receiver import Receiver, receiving
from tests.room import ELENA, IDRIS, JUN, MARA, NOOR, SANDBOX_CONTENT, Room, war_room

ON_CALL = {"oncalls": [{"escalation_level": 1, "user": {"email": "elena@example.test"}}]}


def _content(folder: Path) -> Path:
    """The sandbox's policy; legal stands in a pager's schedule, safety in a user group."""
    policy = folder / "policy"
    policy.mkdir(parents=True)
    for path in (SANDBOX_CONTENT / "policy").glob("*.yaml"):
        text = path.read_text()
        if path.name == "roles.yaml":
            text = text.replace("{person: U0LEGAL}", "{schedule: PLEGAL}", 1)
            text = text.replace("{person: U0SAFETY}", "{group: S0SAFETY}", 1)
        if path.name == "paging.yaml":
            route = "{role: comms, adapter: pagerduty, routing_key_env: PD_COMMS}"
            text = text.replace("routes: []", f"routes:\n  - {route}")
        (policy / path.name).write_text(text)
    return folder


@pytest.fixture
async def pager() -> AsyncIterator[Receiver]:
    """PagerDuty on this machine."""
    async with receiving() as receiver:
        receiver.always["/oncalls"] = ON_CALL
        yield receiver


@pytest.fixture
async def room(
    sqlite_url: str, tmp_path: Path, pager: Receiver, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Room]:
    """A room whose policy looks up who stands for two roles."""
    monkeypatch.setenv("PD_COMMS", "R0UTING")
    async with war_room(
        sqlite_url,
        warroom_content=_content(tmp_path / "content"),
        pagerduty_events_url=pager.url,
        pagerduty_api_url=pager.url,
        pagerduty_api_token="pd-token",
    ) as room:
        yield room


def _calls(room: Room) -> list[tuple[object, object, object]]:
    return [
        (fact.payload.get("role"), fact.payload.get("person"), fact.payload["via"])
        for fact in room.facts(1)
        if fact.kind == "PersonCalled"
    ]


def _sent(pager: Receiver) -> list[str]:
    events = [json.loads(text) for path, _, text in pager.requests if path == "/v2/enqueue"]
    return [str(event["event_action"]) for event in events]


async def test_whom_a_schedule_or_a_user_group_names_is_called(room: Room) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.comes(lambda: ("legal", ELENA, "direct message") in _calls(room))
    await room.comes(lambda: ("safety", IDRIS, "direct message") in _calls(room))
    await room.settled()
    assert {ELENA, IDRIS} <= set(room.channel(1).members)
    assert room.direct(ELENA)[0].text.startswith("You are called as Legal in INC-1 (SEV1)")
    assert len([one for one in _calls(room) if one[0] in {"legal", "safety"}]) == 2
    await room.press_direct(ELENA, "accept_role")
    await room.settled()
    assert f"Legal: <@{ELENA}>" in room.summary(1)


async def test_a_schedule_that_does_not_answer_is_recorded_and_is_a_gap(
    room: Room, pager: Receiver
) -> None:
    pager.always["/oncalls"] = {"oncalls": []}
    await room.declare(TITLE, severity="SEV1")
    await room.comes(lambda: ("legal", None, "nobody") in _calls(room))
    await room.settled()
    assert "nobody to call for Product Owner, Legal" in room.summary(1)


async def test_a_role_with_a_schedule_is_paged_at_any_time_with_the_words(room: Room) -> None:
    await room.declare(TITLE, severity="SEV3")
    await room.settled()
    told = await room.type(MARA, room.channel(1).id, "/incident page legal call the hospital now")
    assert told == "It is looked up who stands for that role; they are called at once."
    await room.comes(lambda: ("legal", ELENA, "direct message") in _calls(room))
    await room.settled()
    [message] = room.direct(ELENA)
    assert "call the hospital now" in message.text


async def test_accepting_the_role_silences_the_pager(room: Room, pager: Receiver) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    assert _sent(pager) == ["trigger"]
    await room.press_direct(JUN, "accept_role")
    await room.settled()
    assert _sent(pager) == ["trigger", "acknowledge"]


async def test_a_milder_severity_calls_nobody_and_a_worse_one_nobody_again(
    room: Room, pager: Receiver
) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.comes(lambda: ("legal", ELENA, "direct message") in _calls(room))
    await room.settled()
    before = _calls(room)
    channel = room.channel(1).id
    told = await room.type(MARA, channel, "/incident severity sev2 because one tenant is left")
    assert told == "INC-1 is SEV2. Nobody else is called; the summary follows."
    await room.settled()
    assert _calls(room) == before
    await room.type(MARA, channel, "/incident severity sev1 because of two tenants")
    await room.settled()
    assert [one for one in _calls(room)[len(before) :] if one[2] != "nobody"] == []
    assert _sent(pager) == ["trigger"]


async def test_whom_a_severity_informs_is_told_and_asked_for_nothing(room: Room) -> None:
    await room.declare(TITLE, severity="SEV2")
    await room.comes(lambda: room.direct(IDRIS))
    await room.settled()
    [message] = room.direct(IDRIS)
    assert message.text == (
        f"INC-1 (SEV2) was declared. {TITLE}. You are told as Safety Lead; nothing is asked of "
        f"you. The room is <#{room.channel(1).id}>."
    )
    assert "safety" not in [role for role, _, _ in _calls(room)]
    assert f"Informed: <@{IDRIS}>" in room.summary(1)
    assert IDRIS not in room.channel(1).members
    await room.pass_time(minutes=30)
    assert len(room.direct(IDRIS)) == 1


async def test_of_a_private_incident_only_those_let_in_are_informed(room: Room) -> None:
    await room.declare(TITLE, severity="SEV2", switches=("private",))
    await room.settled()
    await room.comes(lambda: IDRIS in room.channel(1).members)
    await room.settled()
    assert len(room.direct(IDRIS)) == 1


async def test_several_people_are_called_at_once(room: Room) -> None:
    await room.declare(TITLE, severity="SEV3")
    await room.settled()
    line = f"/incident page <@{NOOR}> <@{ELENA}> <@{MARA}> call the customer"
    told = await room.type(MARA, room.channel(1).id, line)
    assert told.splitlines() == [
        f"<@{NOOR}> is being called. The summary shows when they answer.",
        f"<@{ELENA}> is being called. The summary shows when they answer.",
        "You are here already. Call somebody else.",
    ]
    await room.settled()
    assert all("call the customer" in room.direct(one)[-1].text for one in (NOOR, ELENA))


async def test_who_declined_or_was_never_reached_can_be_called_at_once(room: Room) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    channel = room.channel(1).id
    await room.press_direct(JUN, "decline_role")
    await room.settled()
    told = await room.type(MARA, channel, "/incident page comms we need you")
    assert told == f"<@{JUN}> is being called. The summary shows when they answer."
    told = await room.type(MARA, channel, "/incident page product")
    assert told == ("The policy names nobody for Product Owner. Name a person: `page @someone`.")
