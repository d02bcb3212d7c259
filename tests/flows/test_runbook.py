"""Do people run a runbook to its end?"""

from __future__ import annotations

from tests.flows.deciding import press
from tests.flows.story import TITLE
from tests.room import ELENA, IDRIS, JUN, MARA, Room
from tests.screen import shown

HARM = "model-output-causing-harm"
OPEN = ["record", "severity", "legal_owner", "comms_owner", "technical_owner", "decider"]
ROLES = (("ic", MARA), ("legal", ELENA), ("comms", JUN), ("technical", IDRIS), ("security", IDRIS))


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
    for role, who in ROLES:
        await room.type(who, channel, f"/incident take {role}")
    await room.press(MARA, channel, "step_manual")
    assert await room.open_form(MARA).submit(checks=OPEN) == {}
    await room.settled()
    await room.press(MARA, channel, "step_form")
    form = room.open_form(MARA)
    print(form.text)
    print(await form.submit(**{"data_classes": ["health"], "users_affected.low":"12","users_affected.high":"3"}))
    form.fill(**{"users_affected.high":"40"})
    await press(room, MARA, "form_keep")
    form = room.open_form(MARA)
    print(form.text[-100:])
    print(await form.submit(**{"regulatory_triggers": ["gdpr"], "third_parties.unknown":"nobody asked", "rubric":"sev1","rubric_reason":"because","jurisdictions":"EU","promises":"none"}))
    await room.settled()
    print(_kinds(room))
    for one in room.posts(room.channel(1)):
        print("----", one.text); print(shown(one.blocks))
    assert 0
