"""Does one long incident with six people read, minute by minute, as it went?"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from bot.core.facts import Recorded
from bot.core.fold import fold
from bot.core.incident import Incident
from bot.features.timeline import blocks
from storage import log
from tests.flows.long_story import Story
from tests.room import ELENA, IDRIS, JUN, MARA, NOOR, SAM, Room, StillClock, war_room
from tests.timelines import as_text

NAMES = {
    MARA: "Mara",
    IDRIS: "Idris",
    JUN: "Jun",
    ELENA: "Elena",
    SAM: "Sam",
    NOOR: "Noor",
    "S0SAFETY": "the safety team",
}
AS_IT_WENT = Path(__file__).with_name("long_story.txt")
WINDOW = timedelta(minutes=30)


async def test_ninety_five_minutes_read_as_they_went(database_url: str) -> None:
    async with war_room(database_url, clock=StillClock()) as room:
        story = Story(room)
        await story.play()
        recorded = await room.bot.engine.facts(1)
        told = as_text(blocks.entries(recorded, room.bot.engine.policy), NAMES)
        _nothing_is_left(room)
    assert re.sub(r"\d{4}-\d\d-\d\d", "that day", told) == AS_IT_WENT.read_text().strip()
    _one_commanded_throughout(recorded)
    _the_room_stayed_quiet(story)


def _one_commanded_throughout(recorded: list[Recorded]) -> None:
    incident, commanded = Incident(1), []
    for one in recorded:
        incident = fold(incident, one)
        commanded.append(incident.ic)
    turns = [who for at, who in enumerate(commanded) if at == 0 or commanded[at - 1] != who]
    assert turns == [MARA, IDRIS]


def _the_room_stayed_quiet(story: Story) -> None:
    room, end = story.room, (story.began + WINDOW).timestamp()
    posts = [one for one in room.posts(room.channel(1)) if float(one.ts) < end]
    assert 0 < len(posts) <= 12
    for person in NAMES.keys() - {"S0SAFETY"}:
        heard = [
            one
            for one in room.sandbox.workspace.notifications(person)
            if one.channel == story.channel and one.why in {"mention", "group"}
        ]
        assert len([one for one in heard if float(one.ts) < end]) <= 3, person


def _nothing_is_left(room: Room) -> None:
    assert not room.owed("pending", "claimed", "failed")
    verified = room.database.read_now(log.verify)
    assert verified.broken is None
    assert verified.facts > 80
    summary = room.summary(1)
    assert "SEV1" in summary
    assert "Closed" in summary
