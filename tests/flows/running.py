"""How do people run a runbook in a test?"""

from __future__ import annotations

from bot.sandbox.model import Json
from tests.flows.story import TITLE
from tests.room import ELENA, IDRIS, JUN, MARA, Room
from tests.screen import Form

HARM = "model-output-causing-harm"
ROLES = (("ic", MARA), ("legal", ELENA), ("comms", JUN), ("technical", IDRIS))
KEPT = ["times", "snapshot", "excerpts", "hold"]
IMPACT: dict[str, object] = {
    "data_classes": ["health"],
    "users_affected.low": "12",
    "users_affected.high": "40",
    "regulatory_triggers": [],
    "regulatory_triggers.unknown": "counsel has not answered",
    "third_parties.unknown": "nobody has asked the vendor",
    "rubric": "rank1",
    "rubric_reason": "An ordinary prompt brings it about",
    "jurisdictions": "EU",
    "promises": "None",
}


def kinds(room: Room, number: int = 1) -> list[str]:
    """The facts about runs, in their order, but for single answers."""
    about = ("Run", "Step", "Form", "Approval", "Prereq", "Rule", "Review", "Governance")
    return [fact.kind for fact in room.facts(number) if fact.kind.startswith(about)]


async def begun(room: Room, name: str = HARM, severity: str = "SEV1") -> str:
    """An incident with its roles filled and a runbook begun by Mara; its channel."""
    await room.declare(TITLE, severity=severity)
    await room.settled()
    channel = room.channel(1).id
    for role, who in ROLES:
        await room.type(who, channel, f"/incident take {role}")
    form = await room.form(MARA, f"/incident runbook {name}", channel)
    assert await form.submit() == {}
    await room.settled()
    return channel


async def opened(room: Room, person: str, step: int, run: int = 1) -> Form:
    """The form behind a step's button on the checklist, or in its thread."""
    hands = room.sandbox.as_person(person)
    value = f"1/{run}/{step}"
    for message in reversed(room.sandbox.workspace.messages_seen_by(room.channel(1).id, person)):
        for block, element in _buttons(message.blocks):
            if element.get("value") == value:
                before = hands.open_view()
                await hands.press(room.channel(1).id, message.ts, block, element["action_id"])
                assert hands.open_view() is not before, room.whispers(room.channel(1).id, person)
                return room.open_form(person)
    raise AssertionError(f"no button opens step {step} of run {run}")


def _buttons(blocks: list[Json]) -> list[tuple[str, Json]]:
    return [
        (str(block["block_id"]), element)
        for block in blocks
        for element in [*block.get("elements", ()), block.get("accessory", {})]
        if isinstance(element, dict) and "action_id" in element
    ]


async def opening_done(room: Room, by: str = MARA) -> None:
    """The first step of the source runbook is done as it stands in the record."""
    form = await opened(room, by, 1)
    assert await form.submit(checks=["titles"]) == {}
    await room.settled()
