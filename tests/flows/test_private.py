"""Who hears nothing of a private incident, and of a person at risk?"""

from __future__ import annotations

import pytest

from tests.flows.story import TITLE
from tests.room import GENERAL, MARA, NOOR, TEAM, Room


async def test_a_private_incident_is_announced_to_nobody(any_room: Room) -> None:
    await any_room.declare(TITLE, switches=("private",))
    await any_room.settled()
    channel = any_room.channel(1)
    assert channel.is_private
    assert channel.name == "inc-1-incident"
    assert set(channel.members) == TEAM
    assert channel.topic == "INC-1 · Not sure yet (treated as SEV1) · Investigating"
    assert TITLE in any_room.summary(1)
    assert any_room.announcements() == []


async def test_a_private_incident_is_in_the_list_of_those_in_it_alone(room: Room) -> None:
    await room.declare(TITLE, switches=("private",))
    await room.settled()
    assert TITLE in await room.type(MARA, GENERAL, "/incident list")
    assert await room.type(NOOR, GENERAL, "/incident list") == "No incident is open."


@pytest.mark.parametrize(
    "line", ["resolve {} gone", "resolve {}", "close {} done", "reopen {}", "fill {}"]
)
async def test_to_outsiders_a_private_incident_does_not_exist(room: Room, line: str) -> None:
    await room.declare(TITLE, switches=("private",))
    await room.settled()
    told = await room.type(NOOR, GENERAL, "/incident " + line.format("INC-1"))
    of_none = await room.type(NOOR, GENERAL, "/incident " + line.format("INC-9"))
    assert told == "There is no INC-1."
    assert of_none == "There is no INC-9."
    assert room.sandbox.as_person(NOOR).open_view() is None
    assert [fact.kind for fact in room.deeds(1)] == ["IncidentDeclared"]


async def test_those_in_a_private_room_work_on_it(room: Room) -> None:
    await room.declare(TITLE, switches=("private",))
    await room.settled()
    told = await room.type(MARA, room.channel(1).id, "/incident resolve Access was revoked")
    assert told == "INC-1 is resolved. Summary, topic and announcement follow."
    await room.settled()
    assert "Resolved: Access was revoked" in room.summary(1)
    assert room.announcements() == []


async def test_with_a_person_at_risk_the_title_stays_in_the_room(any_room: Room) -> None:
    await any_room.declare("Bot told Ruth A. to stop her insulin", switches=("person_at_risk",))
    await any_room.settled()
    channel = any_room.channel(1)
    assert channel.name == "inc-1-incident"
    assert not channel.is_private
    assert "insulin" in any_room.summary(1)
    [announced] = any_room.announcements()
    outside = f"{channel.topic} {channel.purpose} {announced.text} {announced.blocks}"
    assert "insulin" not in outside
    listed = await any_room.type(NOOR, GENERAL, "/incident list")
    assert "INC-1" in listed
    assert "insulin" not in listed
    assert "The title is kept in the room: a person may be at risk." in any_room.announcement(1)
    await any_room.press(NOOR, "C0INCIDENTS", "join")
    await any_room.settled()
    assert NOOR in channel.members
