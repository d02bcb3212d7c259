"""Are prompt, context, output and versions of one answer linked together?"""

from __future__ import annotations

import pytest

from tests.flows.vaulting import opened, preserve, recorded
from tests.room import GENERAL, IDRIS, MARA, SAM, Room

LINK = "/incident evidence trace prompt E-1 context E-2 output E-3 versions model 4.1, prompt 12"
LINKED = "prompt E-1, retrieval context E-2, output E-3"


async def three(room: Room) -> str:
    """What was asked, what was looked up and what came of it are preserved; the channel."""
    channel = (await opened(room)).id
    for words in ("How much may I take?", "The leaflet, page 3"):
        form = await room.form(MARA, f"/incident evidence add {words}", channel)
        assert await form.submit(kind="trace") == {}
    said = await room.sandbox.as_person(IDRIS).say(channel, "Take four at once")
    await preserve(room, channel, said)
    return channel


async def test_each_part_of_a_trace_names_the_others_and_the_versions(room: Room) -> None:
    channel = await three(room)
    assert LINKED in await room.type(MARA, channel, LINK)
    [fact] = recorded(room, "TraceLinked")
    numbers = [fact.payload[part] for part in ("prompt", "context", "output")]
    assert numbers == [1, 2, 3]
    for reference in ("E-1", "E-2", "E-3"):
        await room.type(MARA, channel, f"/incident evidence {reference}")
        page = room.open_form(MARA).text
        assert f"One trace: {LINKED}" in page
        assert "Versions: model 4.1, prompt 12" in page
        assert f"linked as one trace: {LINKED}" in page  # in the chain of custody
    assert f"linked as one trace: {LINKED}" in await room.type(
        MARA, channel, "/incident timeline evidence"
    )
    assert await room.type(MARA, channel, LINK) == "They are linked so already."
    without = LINK.replace(" context E-2", "")
    assert "prompt E-1, output E-3" in await room.type(MARA, channel, without)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("prompt E-1 output E-3", "Say which is which, and the versions"),
        ("prompt E-1 versions model 4.1", "Say which is which, and the versions"),
        ("E-1 E-2 E-3 versions model 4.1", "Say which is which, and the versions"),
        ("prompt E-1 output E-1 versions model 4.1", "Each part of a trace is an item of its own"),
        ("prompt E-1 output E-9 versions model 4.1", "INC-1 has no E-9 that you may see"),
    ],
)
async def test_what_cannot_be_linked_is_said_and_nothing_changes(
    room: Room, words: str, told: str
) -> None:
    channel = await three(room)
    assert told in await room.type(MARA, channel, f"/incident evidence trace {words}")
    assert recorded(room, "TraceLinked") == []


async def test_nobody_outside_the_room_links_anything(room: Room) -> None:
    await three(room)
    told = await room.type(SAM, GENERAL, LINK.replace("evidence", "evidence INC-1"))
    assert "E-1" not in told
    assert recorded(room, "TraceLinked") == []
