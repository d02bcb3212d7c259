"""Which incidents does somebody find, by which words, and never by words they may not know?"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.room import GENERAL, IDRIS, MARA, NOOR, Room, war_room

HIDDEN = "The title is kept in the room."


@pytest.fixture
async def room(sqlite_url: str) -> AsyncIterator[Room]:
    """A workspace with the bot in it."""
    async with war_room(sqlite_url) as room:
        yield room


async def _find(room: Room, person: str, words: str) -> list[str]:
    """The references that a search answers with, or its sentence."""
    told = await room.type(person, GENERAL, f"/incident find {words}")
    return [line.partition(" · ")[0] for line in told.split("\n")]


async def test_an_incident_is_found_by_its_name_status_and_words_in_any_order(room: Room) -> None:
    await room.declare("Chatbot gives unsafe dosage", severity="SEV3")
    await room.declare("Search shows wrong images", severity="SEV3")
    await room.declare("Images of a fire drill", severity="SEV3", verb="test")
    await room.type(MARA, GENERAL, "/incident resolve INC-2 gone")
    await room.type(MARA, GENERAL, "/incident close INC-2 done")
    await room.settled()
    assert await _find(room, IDRIS, "dosage CHATBOT") == ["INC-1"]
    assert await _find(room, IDRIS, "inc-2") == ["INC-2"]
    assert await _find(room, IDRIS, "images") == ["TEST INC-3", "INC-2"]
    assert await _find(room, IDRIS, "images closed") == ["INC-2"]
    assert await _find(room, IDRIS, "images dosage") == ["Nothing found for “images dosage”."]


async def test_words_that_were_looked_for_mention_nobody(room: Room) -> None:
    told = await room.type(MARA, GENERAL, "/incident find <!channel>  & co")
    assert told == "Nothing found for “&lt;!channel&gt; &amp; co”."


async def test_a_search_without_words_says_how_to_search(room: Room) -> None:
    told = await room.type(MARA, GENERAL, "/incident find  ")
    assert told == "Say what to look for: `/incident find dosage`."


async def test_outsiders_cannot_find_a_private_incident_by_any_word(room: Room) -> None:
    await room.declare("Zebrafish weights were copied", switches=("private",))
    await room.settled()
    for words in ("zebrafish", "inc-1", "investigating"):
        assert await _find(room, NOOR, words) == [f"Nothing found for “{words}”."]
    assert await _find(room, MARA, "zebrafish") == ["INC-1"]


async def test_a_title_that_stays_in_the_room_is_found_by_those_in_it_alone(room: Room) -> None:
    await room.declare("Bot told Ruth A. to stop her insulin", switches=("person_at_risk",))
    await room.settled()
    assert await _find(room, NOOR, "insulin") == ["Nothing found for “insulin”."]
    told = await room.type(NOOR, GENERAL, "/incident find inc-1")
    assert told.startswith("INC-1 · ")
    assert told.endswith(f": {HIDDEN}")
    inside = await room.type(MARA, GENERAL, "/incident find insulin")
    assert inside.endswith(": Bot told Ruth A. to stop her insulin")


async def test_the_list_shows_the_newest_fifteen_and_says_how_many_more(room: Room) -> None:
    for number in range(1, 18):
        await room.declare(f"Trouble {number}", severity="SEV3")
        await room.pass_time(seconds=5)  # Slack takes a message a second in a channel
    await room.settled()
    lines = (await room.type(IDRIS, GENERAL, "/incident list")).split("\n")
    assert [line.rpartition(": ")[2] for line in lines[:-1]] == [
        f"Trouble {number}" for number in range(17, 2, -1)
    ]
    assert lines[-1] == "and 2 more"
