"""Are incidents announced together where one announcement after the other would come late?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from bot.engine import Existing
from bot.sandbox import rooms
from bot.sandbox.journal import KEPT, Wanted
from bot.sandbox.model import Call, Message
from tests.room import INCIDENTS, MARA, SAM, Room, StillClock, until, war_room
from tests.screen import shown

DECLARED, ALONE = 12, 4


@pytest.fixture
async def away(database_url: str) -> AsyncIterator[Room]:
    """A bot that delivers to nobody yet: Slack is away."""
    async with war_room(database_url, delivers=False, clock=StillClock()) as room:
        yield room


async def back(room: Room, count: int = DECLARED, then: str = "") -> Message:
    """The roll, after so many were declared while Slack took nothing, and all is delivered.

    `then` is what goes wrong from then on, in the sandbox's words.
    """
    for number in range(1, count + 1):
        await room.declare(f"Unsafe dosage advice, case {number}", severity="SEV2")
    # People reach the bot, and the bot does not reach Slack.
    room.sandbox.faults.add("*:drop")
    await room.start_delivering()
    await until(lambda: room.sandbox.journal.entries(Wanted(kind="call", is_failed=True)))
    room.sandbox.faults.clear()
    if then:
        room.sandbox.faults.add(then)
    await room.settled()
    return rolls(room)[-1]


def rolls(room: Room) -> list[Message]:
    """The announcements of several incidents at once."""
    return [one for one in room.announcements() if "announced together" in one.text]


def lines(message: Message) -> list[str]:
    """What a roll says of each incident, as it is read aloud."""
    return message.text.split("\n")[1:]


def posted(room: Room) -> int:
    """How many messages were posted where incidents are announced."""
    calls = room.sandbox.journal.entries(Wanted(kind="call", name="chat.postMessage", limit=KEPT))
    return sum(
        isinstance(one, Call) and one.ok and one.args.get("channel") == INCIDENTS for one in calls
    )


async def test_after_an_outage_all_but_the_first_are_announced_in_one_message(away: Room) -> None:
    roll = await back(away)
    alone = [one for one in away.announcements() if one is not roll]
    assert len(alone) == ALONE
    assert posted(away) == ALONE + 1
    assert roll.text.startswith("Incidents announced together, 8 so far:\n")
    numbers = range(ALONE + 1, DECLARED + 1)
    for number, line in zip(numbers, lines(roll), strict=True):
        room = f"<#{away.channel(number).id}>"
        title = f"\u2068Unsafe dosage advice, case {number}\u2069"
        assert line == f"INC-{number} · SEV2 · Investigating · {room}: {title}"
        assert line in shown(roll.blocks)
    assert away.owed("pending", "claimed", "failed", "undeliverable") == []
    answer = await away.press("U0EXEC", INCIDENTS, "join")
    assert answer.startswith("You are invited to <#")


async def test_what_becomes_of_an_incident_is_edited_into_its_roll(away: Room) -> None:
    roll = await back(away)
    before = posted(away)
    await away.type(MARA, away.channel(7).id, "/incident resolve gone")
    await away.settled()
    assert lines(roll)[2].startswith("INC-7 · SEV2 · Resolved · <#")
    assert lines(roll)[1].startswith("INC-6 · SEV2 · Investigating · <#")
    assert posted(away) == before


async def test_an_incident_made_private_leaves_nothing_of_itself_in_its_roll(away: Room) -> None:
    roll = await back(away)
    channel = away.channel(8).id
    await away.type(MARA, channel, "/incident private A customer is named")
    await away.settled()
    assert lines(roll)[3] == "INC-8 was made private. There is nothing to join."
    assert "case 8" not in f"{roll.text}{roll.blocks}"
    assert channel not in f"{roll.text}{roll.blocks}"


async def test_words_that_are_erased_leave_the_roll_too(away: Room) -> None:
    roll = await back(away)
    erase = partial(away.bot.engine.erase, Existing(9), ["1.title"], "it names a patient", MARA)
    assert await asyncio.to_thread(erase) == 1
    await until(lambda: lines(roll)[4].endswith(": \u2068[erased]\u2069"))
    assert "case 9" not in f"{roll.text}{roll.blocks}"


async def test_a_title_that_stays_in_the_room_is_in_no_roll(away: Room) -> None:
    for number in range(1, ALONE + 1):
        await away.declare(f"Case {number}")
    await away.declare("A patient is named", switches=("person_at_risk",))
    await away.declare("Nobody may know", switches=("private",))
    await away.start_delivering()
    await away.settled()
    [roll] = rolls(away)
    [line] = lines(roll)
    assert line.endswith("\u2068The title is kept in the room: a person may be at risk.\u2069")
    assert "patient" not in f"{roll.text}{roll.blocks}"


async def test_a_roll_has_at_most_twenty_five_incidents(away: Room) -> None:
    await back(away, ALONE + 26)
    assert [len(lines(one)) for one in rolls(away)] == [25, 1]
    assert posted(away) == ALONE + 2


async def test_who_declares_much_later_is_announced_alone_again(away: Room) -> None:
    await back(away)
    await away.pass_time(minutes=6)
    number = await away.declare("Another one", severity="SEV2")
    await away.settled()
    assert "\nAnother one" in away.announcement(number)
    assert len(rolls(away)) == 1


async def test_a_roll_of_which_nobody_knows_whether_it_arrived_is_not_posted_again(
    away: Room,
) -> None:
    roll = await back(away, ALONE + 2, "chat.postMessage:internal_error")  # it does each
    assert [roll] == rolls(away)
    assert len(away.announcements()) == ALONE + 1
    assert len(lines(roll)) == 2


async def test_an_archived_channel_costs_those_who_command_a_private_word_each(away: Room) -> None:
    workspace = away.sandbox.workspace
    rooms.archive(workspace, workspace.channels[INCIDENTS], SAM)
    for number in range(1, ALONE + 3):
        await away.declare(f"Case {number}")
    await away.start_delivering()
    await away.settled()
    told = [one.text for one in away.direct(MARA) if "Slack refused the announcement" in one.text]
    assert len(told) == ALONE + 2
