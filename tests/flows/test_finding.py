"""How does somebody learn what there is and what to type?"""

from __future__ import annotations

from tests.flows.story import TITLE
from tests.room import GENERAL, IDRIS, MARA, Room


async def test_the_command_alone_offers_a_menu(room: Room) -> None:
    told = await room.type(MARA, GENERAL, "/incident")
    assert told == (
        "warroom. Declare an incident with `/incident declare what happened`, see the open ones "
        "with `/incident list`, or read `/incident help`."
    )
    assert await room.press(MARA, GENERAL, "menu_list") == "No incident is open."
    assert "`/incident close [INC-12] why`" in await room.press(MARA, GENERAL, "menu_help")
    await room.press(MARA, GENERAL, "menu_declare")
    assert await room.open_form(MARA).submit(title=TITLE) == {}
    assert len(room.deeds(1)) == 1


async def test_help_names_every_verb(room: Room) -> None:
    told = await room.type(MARA, GENERAL, "/incident help")
    verbs = [line.split("`")[1].split()[1] for line in told.split("\n")]
    assert verbs == list(dict.fromkeys(verb.name for verb in room.bot.desk.verbs.values()))
    assert {"declare", "severity", "update", "decision", "role"} <= set(verbs)


async def test_the_list_shows_the_newest_first_and_hides_what_is_closed(room: Room) -> None:
    for title in ("First", "Second", "Third"):
        await room.declare(title, severity="SEV2")
    await room.type(MARA, GENERAL, "/incident resolve INC-1 gone")
    await room.type(MARA, GENERAL, "/incident close INC-1 done")
    await room.type(MARA, GENERAL, "/incident resolve INC-2 gone")
    await room.settled()
    third, second = (await room.type(IDRIS, GENERAL, "/incident list")).split("\n")
    assert third.startswith(f"INC-3 · SEV2 · investigating · <#{room.channel(3).id}> · <!date^")
    assert third.endswith("UTC>: Third")
    assert second.startswith("INC-2 · SEV2 · resolved")


async def test_the_nearest_verb_is_suggested(room: Room) -> None:
    told = await room.type(MARA, GENERAL, "/incident declair chatbot is rude")
    assert told == (
        "“declair” is not a command. Did you mean `/incident declare`? "
        "`/incident help` lists them all."
    )
    far = await room.type(MARA, GENERAL, "/incident <!qqqq>")
    assert far == "“&lt;!qqqq&gt;” is not a command. `/incident help` lists them all."
