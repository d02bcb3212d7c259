"""How does an incident end, and how does it begin again?"""

from __future__ import annotations

import pytest

from tests.flows.story import TITLE
from tests.room import GENERAL, INCIDENTS, MARA, Room


async def test_resolving_without_words_asks_for_them(room: Room) -> None:
    await room.declare(TITLE)
    await room.settled()
    form = await room.form(MARA, "/incident resolve", room.channel(1).id)
    assert "How did it end, and how do you know?" in form.text
    told = "Say how it ended and how you know: it is what the review reads first."
    assert await form.submit(reason=" ") == {"reason": told}
    assert await form.submit(reason="Rolled back, 50 probes clean") == {}
    await room.settled()
    assert "Resolved: Rolled back, 50 probes clean" in room.summary(1)
    assert room.channel(1).topic.startswith("INC-1 · Not sure yet (treated as SEV1) · Resolved")


async def test_the_buttons_of_the_summary_lead_to_the_end_and_back(room: Room) -> None:
    await room.declare(TITLE)
    await room.settled()
    for step, reason in (("resolve", "gone"), ("close", "done"), ("reopen", "back")):
        await room.press(MARA, room.channel(1).id, f"{step}_asked")
        assert await room.open_form(MARA).submit(reason=reason) == {}
        await room.settled()
    assert [fact.kind for fact in room.deeds(1)][1:] == [
        "IncidentResolved",
        "IncidentClosed",
        "IncidentReopened",
    ]
    assert [fact.payload["reason"] for fact in room.deeds(1)[1:]] == ["gone", "done", "back"]


async def test_nothing_is_closed_before_it_is_resolved(room: Room) -> None:
    await room.declare(TITLE)
    await room.settled()
    told = await room.type(MARA, room.channel(1).id, "/incident close done")
    assert told == (
        "INC-1 is not resolved yet. Resolve it first, and close it when nothing is left to do."
    )
    assert [fact.kind for fact in room.deeds(1)] == ["IncidentDeclared"]


async def test_what_is_over_or_open_already_says_so(room: Room) -> None:
    await room.declare(TITLE)
    await room.settled()
    channel = room.channel(1).id
    assert await room.type(MARA, channel, "/incident reopen") == "INC-1 is open already."
    await room.type(MARA, channel, "/incident resolve gone")
    told = await room.type(MARA, channel, "/incident resolve gone")
    assert told == "INC-1 is already resolved."
    assert await room.type(MARA, channel, "/incident reopen") == (
        "INC-1 is open again. Summary, topic and announcement follow."
    )


async def test_a_closed_incident_can_be_read_and_not_joined(room: Room) -> None:
    await room.declare(TITLE)
    await room.settled()
    hands = room.sandbox.as_person("U0EXEC")
    await hands.join(INCIDENTS)
    await room.press("U0EXEC", INCIDENTS, "join")
    click = room.sandbox.deliveries[-1].payload
    channel = room.channel(1).id
    await room.type(MARA, channel, "/incident resolve gone")
    await room.type(MARA, channel, "/incident close done")
    await room.settled()
    [announced] = room.announcements()
    assert "join" not in str(announced.blocks).casefold()
    assert announced.edited_ts is not None
    before = len(room.deeds(1))
    await room.sandbox.deliver.ask("interactive", {**click, "trigger_id": "1.2.late"})
    await room.settled()
    assert len(room.deeds(1)) == before


async def test_outside_its_room_an_incident_has_to_be_named(room: Room) -> None:
    await room.declare(TITLE)
    assert await room.type(MARA, GENERAL, "/incident resolve it is gone") == (
        "Which incident? Say it in its room, or name it: `/incident resolve INC-12`."
    )
    told = await room.type(MARA, GENERAL, "/incident resolve inc-1 it is gone")
    assert told.startswith("INC-1 is resolved.")
    assert room.deeds(1)[-1].payload["reason"] == "it is gone"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2 prompts were blocked", "2 prompts were blocked"),
        ("1 prompt was blocked", "1 prompt was blocked"),
        ("INC-1 blocked", "blocked"),
    ],
)
async def test_a_number_in_the_room_is_a_part_of_the_reason(
    room: Room, typed: str, kept: str
) -> None:
    await room.declare(TITLE)
    await room.declare("Another one")
    await room.settled()
    await room.type(MARA, room.channel(1).id, f"/incident resolve {typed}")
    assert room.deeds(1)[-1].payload.get("reason") == kept
    assert [fact.kind for fact in room.deeds(2)] == ["IncidentDeclared"]


async def test_another_incident_can_be_named_from_a_room(room: Room) -> None:
    await room.declare(TITLE)
    await room.declare("Another one")
    await room.settled()
    told = await room.type(MARA, room.channel(1).id, "/incident resolve INC-2 blocked")
    assert told.startswith("INC-2 is resolved.")


async def test_what_was_archived_reopened_and_unarchived_is_archived_again(room: Room) -> None:
    await room.declare(TITLE, severity="SEV3")
    await room.settled()
    channel = room.channel(1)
    for times in (1, 2):
        await room.type(MARA, channel.id, "/incident resolve It was noise after all")
        await room.type(MARA, channel.id, "/incident close Nothing is left")
        await room.type(MARA, GENERAL, "/incident archive INC-1")
        await room.settled()
        assert channel.is_archived
        assert [one.kind for one in room.facts(1)].count("RoomArchived") == times
        await room.type(MARA, GENERAL, "/incident reopen INC-1 It is back")
        await room.sandbox.as_person(MARA).unarchive(channel.id)
        await room.settled()
