"""Do people run a runbook to its end?"""

from __future__ import annotations

from tests.flows import running
from tests.flows.deciding import press
from tests.room import ELENA, IDRIS, JUN, MARA, SAM, Room
from tests.screen import shown


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
        await _change(room, MARA, channel, way="not_applicable", which="3", reason="No vault yet")
    )
    await room.settled()
    form = await running.opened(room, IDRIS, 5)
    await room.settled()
    await room.type(JUN, channel, "/incident take sponsor")
    await room.settled()
    for one in room.direct(JUN):
    await room.press_direct(JUN, "approval_refused")
    form = room.open_form(JUN)
    await room.settled()
    form = await running.opened(room, MARA, 5)
    await room.settled()
    await room.press_direct(JUN, "approval_conditions")
    form = room.open_form(JUN)
    await room.settled()
    for one in room.posts(room.channel(1)):
    assert running.kinds(room)[-1] == "StepDone"
