"""Do people run a runbook to its end?"""

from __future__ import annotations

from tests.flows import running
from tests.room import IDRIS, JUN, MARA, Room


async def _change(room: Room, by: str, channel: str, **values: object) -> dict[str, str]:
    await room.press(by, channel, "step_change_asked")
    return await room.open_form(by).submit(**values)


async def test_a_runbook_is_run(room: Room) -> None:
    channel = await running.begun(room)
    await room.type(IDRIS, channel, "/incident take security")
    await running.opening_done(room)
    form = await running.opened(room, IDRIS, 2)
    assert await form.submit(checks=running.KEPT, scope="The chat", note="In the store") == {}
    form = await running.opened(room, MARA, 4)
    assert await form.submit(**running.IMPACT) == {}
    await room.settled()
    left = {"way": "not_applicable", "which": "3", "reason": "No vault yet"}
    assert await _change(room, MARA, channel, **left) == {}
    await room.settled()
    form = await running.opened(room, IDRIS, 5)
    assert await form.submit(options=["rollback"], text="Roll back to v41")
    await room.type(JUN, channel, "/incident take sponsor")
    assert await form.submit(options=["rollback"], text="Roll back to v41") == {}
    await room.settled()
    await room.press_direct(JUN, "approval_refused")
    assert await room.open_form(JUN).submit(reason="Show me the evidence") == {}
    await room.settled()
    form = await running.opened(room, MARA, 5)
    assert await form.submit(options=["rollback"], text="Roll back, see the thread") == {}
    await room.settled()
    await room.press_direct(JUN, "approval_conditions")
    form = room.open_form(JUN)
    assert await form.submit(reason="Fine", conditions="Only EU", options=["rollback"]) == {}
    await room.settled()
    assert running.kinds(room)[-1] == "StepDone"
