"""How do people decide in a test?"""

from __future__ import annotations

import re

from bot.sandbox.model import Channel, Message
from tests.flows.story import TITLE
from tests.room import IDRIS, MARA, Room, until
from tests.screen import shown

SCROLL = "scroll"


async def opened(room: Room) -> Channel:
    """The room of a new incident, with Idris and Mara in it."""
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    channel = room.channel(1)
    if IDRIS not in channel.members:
        await room.sandbox.as_person(IDRIS).join(channel.id)
        await room.settled()
    return channel


def kinds(room: Room) -> list[str]:
    """The facts about decisions, in their order."""
    about = ("Decision", "Source")
    return [fact.kind for fact in room.facts(1) if fact.kind.startswith(about)]


async def decided(room: Room, count: int) -> None:
    """Wait until there are so many decisions, and nothing else about them."""
    await until(lambda: kinds(room) == ["DecisionRecorded"] * count)


def lines(room: Room, channel: Channel) -> list[str]:
    """What the one list of decisions in the room says of each, the newest first."""
    logs = [one.text for one in room.posts(channel) if one.text.startswith("Decisions so far")]
    assert len(logs) <= 1
    return [line for log in logs for line in re.split(r"\n(?=Decision \d+)", log)[1:]]


async def record(room: Room, message: Message, channel: Channel, by: str = MARA) -> None:
    """Record a message as a decision, as it is."""
    hands = room.sandbox.as_person(by)
    await hands.use_message_shortcut(channel.id, message.ts, "record_decision")
    assert await room.open_form(by).submit() == {}
    await room.settled()


async def press(room: Room, person: str, action_id: str) -> None:
    """Press a button in the modal in front of a person."""
    hands = room.sandbox.as_person(person)
    view = hands.open_view()
    assert view
    for block in view.content["blocks"]:
        for element in block.get("elements", ()):
            if element.get("action_id") == action_id:
                await hands.press_in_view(view.id, block["block_id"], action_id)
                return
    raise AssertionError(f"no button {action_id} in {shown(view.content)}")
