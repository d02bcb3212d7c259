"""What is owed of runbooks, what is decided again, and who is called, in the room?"""

from __future__ import annotations

from tests.flows import running
from tests.room import ELENA, MARA, NOOR, SAM, Room


async def signed(room: Room) -> str:
    """The source runbook, its sign-off asked for by Mara and given by Noor; the channel."""
    channel = await running.ready_to_sign(room)
    assert await running.ask(room, MARA) == {}
    await room.press_direct(NOOR, "approval_approved")
    form = room.open_form(NOOR)
    assert await form.submit(options=["rollback"], reason="The old one is known") == {}
    await room.settled()
    return channel


async def test_a_step_that_is_opened_again_brings_the_sign_off_back_to_its_approver(
    room: Room,
) -> None:
    channel = await signed(room)
    again = {"way": "reopen", "which": "4", "reason": "The numbers were wrong"}
    assert await running.change(room, ELENA, channel, **again) == {}
    await room.settled()
    assert running.kinds(room)[-2:] == ["StepReopened", "ApprovalLapsed"]
    for person in (MARA, NOOR):
        said = [one.text for one in room.direct(person) if "has to be decided again" in one.text]
        assert len(said) == 1
        assert "because step 4 was opened again" in said[0]
    timeline = await room.type(SAM, channel, "/incident timeline runbook")
    assert "put step 5 of runbook 1 up to be decided again" in timeline
    form = await running.opened(room, ELENA, 4)
    assert await form.submit(**running.IMPACT) == {}
    await room.settled()
    assert await running.ask(room, MARA, "Roll back to v41, with the right numbers") == {}
    await room.press_direct(NOOR, "approval_approved")
    form = room.open_form(NOOR)
    assert await form.submit(options=["rollback"], reason="Still known") == {}
    await room.settled()
    assert running.kinds(room)[-2:] == ["ApprovalAnswered", "StepDone"]
    assert room.owed("failed", "undeliverable") == []
