"""What remains of a near miss?"""

from __future__ import annotations

from tests.room import GENERAL, MARA, Room


async def test_a_near_miss_is_an_entry_in_the_log_and_no_room(any_room: Room) -> None:
    form = await any_room.form(MARA, "/incident nearmiss Prompt leaked a key in staging")
    errors = await form.submit(caught_by="The output filter")
    assert errors == {}
    assert "Recorded as near miss NM-1. No room was opened and nobody was called." in form.text
    [reported] = any_room.chain("near-misses")
    assert reported.kind == "NearMissReported"
    assert reported.payload["what"] == "Prompt leaked a key in staging"
    assert reported.payload["caught_by"] == "The output filter"
    assert any_room.rooms() == []
    assert any_room.owed("pending", "claimed", "done", "failed") == []
    assert await any_room.type(MARA, GENERAL, "/incident list") == "No incident is open."


async def test_near_misses_have_numbers_of_their_own(room: Room) -> None:
    await room.declare("An incident")
    for number in (1, 2):
        form = await room.form(MARA, "/incident near-miss It nearly happened")
        await form.submit(caught_by="Luck")
        assert f"NM-{number}" in form.text
    assert [fact.payload["number"] for fact in room.chain("near-misses")] == [1, 2]


async def test_the_same_report_submitted_twice_is_one_entry(room: Room) -> None:
    form = await room.form(MARA, "/incident nearmiss It nearly happened")
    await form.submit(caught_by="Luck")
    again = room.sandbox.deliveries[-1].payload
    assert "NM-1" in str(await room.sandbox.deliver.ask("interactive", again))
    assert len(room.chain("near-misses")) == 1
