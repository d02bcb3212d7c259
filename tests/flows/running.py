"""How do people run a runbook in a test?"""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from bot.sandbox.model import Json
from tests.flows.story import TITLE
from tests.hooks.receiver import Receiver
from tests.room import ELENA, IDRIS, INCIDENTS, JUN, MARA, NOOR, SAM, SANDBOX_CONTENT, Room
from tests.screen import Form

HARM = "model-output-causing-harm"
ROLES = (
    ("ic", MARA), ("legal", ELENA), ("comms", JUN), ("technical", IDRIS), ("security", NOOR),
)  # fmt: skip
KEPT = ["times", "snapshot", "excerpts", "hold"]
IMPACT: dict[str, object] = {
    "data_classes": ["health"],
    "users_affected.low": "12",
    "users_affected.high": "40",
    "regulatory_triggers.unknown": "counsel has not answered",
    "third_parties.unknown": "nobody has asked the vendor",
    "rubric": "rank1",
    "rubric_reason": "An ordinary prompt brings it about",
    "jurisdictions": "EU",
    "promises": "None",
}


def kinds(room: Room, number: int = 1) -> list[str]:
    """The facts about runs, in their order, but for single answers."""
    about = ("Run", "Step", "Form", "Approval", "Proof", "Target", "Rule", "Review", "Governance")
    return [fact.kind for fact in room.facts(number) if fact.kind.startswith(about)]


def content(receiver: Receiver, folder: Path) -> Path:
    """A policy whose tickets and pages reach the receiver, on purpose."""
    shutil.copytree(SANDBOX_CONTENT, folder)
    shipped = Path("runbooks/policy/webhooks.yaml").read_text()
    for address in ("https://events.pagerduty.com", "https://${secret.site}"):
        shipped = shipped.replace(address, receiver.url)
    policy = yaml.safe_load(shipped)
    policy["private_hosts"] = [receiver.url.removeprefix("http://")]
    (folder / "policy/webhooks.yaml").write_text(yaml.safe_dump(policy))
    return folder


async def begun(room: Room, name: str = HARM, severity: str = "SEV1") -> str:
    """An incident with its roles filled and a runbook begun by Mara; its channel."""
    await room.declare(TITLE, severity=severity)
    await room.settled()
    for person in (NOOR, SAM):
        await room.press(person, INCIDENTS, "join")
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


async def at_files(room: Room) -> str:
    """The step that asks for files is active; the channel."""
    channel = await begun(room)
    await opening_done(room)
    form = await opened(room, NOOR, 2)
    assert await form.submit(checks=KEPT, scope="The chat") == {}
    await room.settled()
    return channel


async def thread_of(room: Room, step: int) -> str:
    """The ts of the message under which a step's talk and proof stand."""
    root = await room.bot.engine.message_of(f"step/1/1/{step}")
    assert root
    return root[1]


async def press_in_form(room: Room, by: str, action_id: str, block_id: str) -> None:
    """Press a button in the form that is open."""
    hands = room.sandbox.as_person(by)
    await hands.press_in_view(room.open_form(by).view.id, block_id, action_id)


async def change(room: Room, by: str, channel: str, **values: object) -> dict[str, str]:
    """Change a step by the checklist's button; the sentences at the inputs."""
    await room.press(by, channel, "step_change_asked")
    form = room.open_form(by)
    if person := values.pop("person", None):
        form.forge_person("person", str(person))
    return await form.submit(**values)


async def add_file(room: Room, by: str, kind: str, name: str, **values: object) -> dict[str, str]:
    """Add a file to step 3 as evidence of a kind; the sentences at the inputs."""
    form = await opened(room, by, 3)
    hands = room.sandbox.as_person(by)
    hands.fill_files(form.view.id, "files", "files", [(name, b"what was seen")])
    errors = await form.submit(kind=kind, note="Mine, from the console, at 03:12", **values)
    await room.settled()
    return errors


async def ready_to_sign(room: Room) -> str:
    """Everything in front of the sign-off is done; the channel."""
    channel = await begun(room)
    await opening_done(room)
    form = await opened(room, NOOR, 2)
    assert await form.submit(checks=KEPT, scope="The chat", note="In the store") == {}
    await room.settled()
    form = await opened(room, ELENA, 4)
    assert await form.submit(**IMPACT) == {}
    left = {"way": "not_applicable", "which": "3", "reason": "Kept elsewhere"}
    assert await change(room, MARA, channel, **left) == {}
    await room.settled()
    return channel


async def ask(room: Room, by: str, text: str = "Roll back to v41") -> dict[str, str]:
    """Ask for the sign-off; the sentences at the inputs."""
    form = await opened(room, by, 5)
    errors = await form.submit(options=["rollback"], text=text)
    await room.settled()
    return errors


async def asked_for(room: Room) -> None:
    """From step 3 on: it is left, the impact is assessed, and the sign-off waits for Noor."""
    left = {"way": "waived", "which": "3", "reason": "The rest is kept elsewhere"}
    assert await change(room, MARA, room.channel(1).id, **left) == {}
    form = await opened(room, ELENA, 4)
    assert await form.submit(**IMPACT) == {}
    await room.settled()
    assert await ask(room, MARA) == {}
