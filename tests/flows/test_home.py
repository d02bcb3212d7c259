"""What does somebody see who asks for nothing in particular?"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.engine import Existing
from tests.flows.story import TITLE
from tests.room import ELENA, EXEC, MARA, NOOR, Room, until
from tests.screen import shown

JANE = "Jane Doe"


async def _home(room: Room, person: str) -> str:
    """What a person's Home reads once they looked at it."""
    before = room.sandbox.workspace.homes.get(person)
    stamp = before.hash if before else None
    await room.sandbox.as_person(person).open_home()
    homes = room.sandbox.workspace.homes
    await until(lambda: person in homes and homes[person].hash != stamp)
    return shown(homes[person].content["blocks"])


def _stands(room: Room, person: str) -> str:
    """What a person's Home reads though they do not look at it anew."""
    return shown(room.sandbox.workspace.homes[person].content["blocks"])


async def test_a_home_shows_what_one_owes_and_what_is_open(any_room: Room) -> None:
    room = any_room
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    channel = room.channel(1).id
    home = await _home(room, MARA)
    assert home.startswith("Declare an incident\nHelp\nWhat you owe\n")
    assert "*Status update* · INC-1 · by " in home
    assert f"Your incidents\n{TITLE}\nINC-1 · SEV1 · Investigating · <#{channel}>" in home
    assert "you: Incident Commander" in home
    assert home.count(TITLE) == 1
    assert "No other incident is open." in home
    home = await _home(room, NOOR)
    assert "What you owe\nNothing.\nYour incidents\nYou are in no open incident." in home
    assert f"Other open incidents\n{TITLE}\nINC-1" in home


async def test_a_home_that_was_looked_at_follows_the_incident(room: Room) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    await _home(room, MARA)
    await room.type(MARA, room.channel(1).id, "/incident title Adult doses")
    await room.settled()
    assert "Adult doses" in _stands(room, MARA)


async def test_a_home_of_somebody_outside_loses_what_was_made_private(any_room: Room) -> None:
    room = any_room
    await room.declare(TITLE, severity="SEV2")
    await room.settled()
    assert TITLE in await _home(room, NOOR)
    await room.type(MARA, room.channel(1).id, "/incident private because a patient is named")
    await room.settled()
    assert "INC-1" not in _stands(room, NOOR)


async def test_a_home_of_somebody_who_left_a_private_incident_loses_it(room: Room) -> None:
    await room.declare(TITLE, severity="SEV2", switches=("private",))
    await room.settled()
    channel = room.channel(1)
    await room.type(MARA, channel.id, f"/incident add <@{NOOR}>")
    await room.comes(lambda: NOOR in channel.members)
    await room.settled()
    assert TITLE in await _home(room, NOOR)
    await room.sandbox.as_person(NOOR).leave(channel.id)
    await room.comes(lambda: any(one.kind == "PersonLeft" for one in room.facts(1)))
    await room.settled()
    assert "INC-1" not in _stands(room, NOOR)


async def test_a_home_of_somebody_outside_loses_a_title_that_was_replaced_or_erased(
    room: Room,
) -> None:
    await room.declare(f"{JANE} was given an unsafe dose", severity="SEV2")
    await room.settled()
    assert JANE in await _home(room, NOOR)
    await room.type(MARA, room.channel(1).id, f"/incident title An unsafe dose for {JANE[:4]}")
    await room.settled()
    assert JANE not in _stands(room, NOOR)
    engine = room.bot.engine
    places = [at for at, (_, words) in engine.words_of(Existing(1)).items() if JANE[:4] in words]
    await asyncio.to_thread(engine.erase, Existing(1), places, "It names a patient.", MARA)
    await room.settled()
    assert JANE[:4] not in _stands(room, NOOR)
    assert "INC-1" in _stands(room, NOOR)


async def test_a_button_in_the_home_declares(room: Room) -> None:
    await _home(room, MARA)
    view = room.sandbox.workspace.homes[MARA]
    [block] = [one for one in view.content["blocks"] if one["type"] == "actions"]
    hands = room.sandbox.as_person(MARA)
    await hands.press_in_view(view.id, block["block_id"], "menu_declare")
    assert await room.open_form(MARA).submit(title=TITLE, severity="SEV3") == {}
    assert room.facts(1)


async def test_a_restart_over_the_hour_loses_no_roll_up_and_doubles_none(any_room: Room) -> None:
    room = any_room
    await room.declare(TITLE, severity="SEV2")
    await room.settled()
    now = room.clock.now()
    morning = datetime(now.year, now.month, now.day, 8, 0, tzinfo=UTC) + timedelta(days=1)
    room.clock.move(morning - timedelta(seconds=20) - now)
    assert room.chain("house") == []
    await room.restart(timedelta(seconds=40))
    await until(lambda: room.chain("house"))
    await room.restart(timedelta(minutes=20))
    await room.pass_time(minutes=1)
    assert len(room.chain("house")) == 1
    told = room.posts(room.sandbox.workspace.channels[EXEC])
    assert len([one for one in told if "Open incidents this morning" in one.text]) == 1


async def test_the_roll_up_comes_once_a_day_and_counts_nothing_private(room: Room) -> None:
    await room.declare(TITLE, severity="SEV2")
    await room.declare("Secret matter", by=ELENA, severity="SEV0", switches=("private",))
    await room.settled()
    before = len(room.posts(room.sandbox.workspace.channels[EXEC]))
    now = room.clock.now()
    morning = datetime(now.year, now.month, now.day, 8, 1, tzinfo=UTC) + timedelta(days=1)
    room.clock.move(morning - now)
    await until(lambda: room.chain("house"))
    await room.settled()
    news = [
        one
        for one in room.posts(room.sandbox.workspace.channels[EXEC])[before:]
        if "Open incidents this morning" in one.text
    ]
    assert len(news) == 1
    assert news[0].text.startswith("Open incidents this morning: 1\n*INC-1* " + TITLE)
    assert "Secret" not in news[0].text
    [sent] = room.chain("house")
    assert sent.payload == {"day": f"{morning:%Y-%m-%d}", "incidents": [1]}
