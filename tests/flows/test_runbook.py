"""Do people run a runbook to its end?"""

from __future__ import annotations

from datetime import timedelta

from tests.flows.story import TITLE
from tests.room import ELENA, IDRIS, JUN, MARA, Room
from tests.screen import shown

HARM = "model-output-causing-harm"
ALL = ["record", "severity", "legal_owner", "comms_owner", "technical_owner", "decider"]


async def _room(room: Room, severity: str = "SEV1") -> str:
    await room.declare(TITLE, severity=severity)
    await room.settled()
    return room.channel(1).id


def _kinds(room: Room) -> list[str]:
    about = ("Run", "Step", "Form", "Approval", "Prereq", "Rule", "Review")
    return [fact.kind for fact in room.facts(1) if fact.kind.startswith(about)]


async def test_a_runbook_is_begun(room: Room) -> None:
    channel = await _room(room)
    form = await room.form(MARA, f"/incident runbook {HARM}", channel)
    assert await form.submit(channel="yes", overview="not_yet") == {}
    await room.settled()
    for one in room.posts(room.channel(1)):
    assert not room.owed("failed", "undeliverable")
    await room.press(MARA, channel, "step_manual")
    form = room.open_form(MARA)
    for role, who in (("legal", ELENA), ("comms", JUN), ("technical", IDRIS), ("security", IDRIS)):
    await room.settled()
    for one in room.posts(room.channel(1)):
    assert "StepDone" in _kinds(room)
