"""How do people preserve and look at evidence in a test?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.sandbox.model import Channel, Message
from storage import log
from tests.flows.leaks import Stranger
from tests.flows.story import TITLE
from tests.room import ELENA, MARA, Room, until
from tests.screen import Form

ABOUT = ("Evidence", "File", "Custody", "Hold", "Source")
CARD = "4111 1111 1111 1111"  # a number of Visa's for tests
MAIL = "patient@clinic.example"


async def opened(room: Room, *, legal: str | None = ELENA, **declared: Any) -> Channel:
    """The room of a new incident, with somebody as Legal; its channel."""
    await room.declare(TITLE, severity="SEV1", **declared)
    await room.settled()
    channel = room.channel(1)
    if legal:
        if legal not in channel.members:
            await room.type(MARA, channel.id, f"/incident add <@{legal}>")
            await room.settled()
        await room.type(legal, channel.id, "/incident take legal")
        await room.settled()
    return channel


def recorded(room: Room, kind: str, number: int = 1) -> list[log.Fact]:
    """The facts of one kind, in their order."""
    return [fact for fact in room.facts(number) if fact.kind == kind]


def kinds(room: Room, number: int = 1) -> list[str]:
    """The kinds of the facts about evidence, in their order."""
    return [fact.kind for fact in room.facts(number) if fact.kind.startswith(ABOUT)]


async def form_on(room: Room, channel: str, message: Message, by: str = MARA) -> Form:
    """The form that the shortcut opens on a message."""
    hands = room.sandbox.as_person(by)
    await hands.use_message_shortcut(channel, message.ts, "preserve_evidence")
    return room.open_form(by)


async def preserve(room: Room, channel: str, message: Message, **values: object) -> str:
    """Preserve a message; what the person reads afterwards."""
    form = await form_on(room, channel, message)
    assert await form.submit(**{"kind": "exchange", **values}) == {}
    await room.settled()
    return form.text


async def fetched(room: Room, count: int = 1, number: int = 1) -> None:
    """Wait until so many files came, or were told not to come."""
    await until(
        lambda: (
            len(recorded(room, "FileTaken", number)) + len(recorded(room, "FileMissed", number))
            == count
        )
    )
    await room.settled()


async def press_in_page(room: Room, person: str, action_id: str) -> None:
    """Press a button of the page in front of a person."""
    hands = room.sandbox.as_person(person)
    view = hands.open_view()
    assert view
    for block in view.content["blocks"]:
        for element in block.get("elements", ()):
            if element.get("action_id") == action_id:
                await hands.press_in_view(view.id, block["block_id"], action_id)
                return
    raise AssertionError(f"no button {action_id} in {room.open_form(person).text}")


def on_disk(room: Room) -> list[Path]:
    """The files of the vault."""
    folder = room.bot.desk.files.vault._folder
    return sorted(path for path in folder.rglob("*") if path.is_file())


async def original_asked(room: Room, person: str, number: int = 1) -> str:
    """What somebody reads who asks for an original by its button, whether they see one or not."""
    value = json.dumps({"number": 1, "evidence": number, "is_warned": True})
    answer = await Stranger(room, person).press("evidence_original", value, room.pinned(1))
    return answer.replace("\\", "")
