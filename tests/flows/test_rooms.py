"""Who is in the room, where does it go on, and when does it close?"""

from __future__ import annotations

from tests.flows.story import TITLE
from tests.room import ELENA, EXEC, GENERAL, IDRIS, JUN, KOFI, MARA, NOOR, SUPPORT, Room
from tests.screen import shown


def _facts(room: Room, kind: str, number: int = 1) -> list[dict[str, object]]:
    return [fact.payload for fact in room.facts(number) if fact.kind == kind]


async def test_who_is_added_and_who_comes_by_themselves_is_recorded(room: Room) -> None:
    await room.declare(TITLE, severity="SEV3")
    await room.settled()
    channel = room.channel(1).id
    told = await room.type(MARA, channel, f"/incident add <@{NOOR}>")
    assert told == f"<@{NOOR}> can see the room now."
    await room.settled()
    assert NOOR in room.channel(1).members
    assert await room.type(MARA, channel, f"/incident add <@{NOOR}>") == (
        "They are in the room already."
    )
    await room.sandbox.as_person(IDRIS).join(channel)
    await room.comes(lambda: _facts(room, "PersonCame"))
    assert _facts(room, "PersonCame") == [{"person": IDRIS}]
    await room.sandbox.as_person(IDRIS).leave(channel)
    await room.comes(lambda: _facts(room, "PersonLeft"))
    assert _facts(room, "PersonLeft") == [{"person": IDRIS}]


async def test_who_cannot_be_added(room: Room) -> None:
    await room.declare(TITLE, severity="SEV3")
    await room.settled()
    channel = room.channel(1).id
    told = await room.type(MARA, channel, "/incident add <@U0LEFT>")
    assert told == "<@U0LEFT> has left the workspace. Name somebody else."
    told = await room.type(MARA, channel, "/incident add <@U0WARROOM>")
    assert told == "An app cannot be let in; name a person."
    assert await room.type(MARA, channel, "/incident add") == "Say whom: `/incident add @someone`."


async def test_a_new_title_goes_everywhere_but_into_the_rooms_name(room: Room) -> None:
    await room.declare(TITLE, severity="SEV3")
    await room.settled()
    name = room.channel(1).name
    await room.type(MARA, room.channel(1).id, "/incident title Adult doses for children")
    await room.settled()
    assert "Adult doses for children" in room.summary(1)
    assert "Adult doses for children" in room.channel(1).topic
    assert "Adult doses for children" in room.announcement(1)
    assert room.channel(1).name == name
    told = await room.type(MARA, GENERAL, "/incident find adult closed")
    assert told == "Nothing found for “adult closed”."
    assert "Adult doses for children" in await room.type(NOOR, GENERAL, "/incident find ADULT")


async def test_here_says_what_this_is_and_what_one_owes(room: Room) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    told = await room.type(MARA, room.channel(1).id, "/incident here")
    assert told.startswith(f"*INC-1* · {TITLE}\nSEV1 · Investigating · Harm now: unknown")
    assert "You are Incident Commander" in told
    assert "You owe: " in told
    told = await room.type(NOOR, GENERAL, "/incident here INC-1")
    assert "You hold no role here." in told


async def test_a_verb_behind_the_bots_name_works_in_a_thread(room: Room) -> None:
    await room.declare(TITLE, severity="SEV3")
    await room.settled()
    channel, hands = room.channel(1).id, room.sandbox.as_person(MARA)
    said = await hands.say(channel, "What do we call it?")
    await hands.say(channel, "@warroom title Adult doses", thread_ts=said.ts)
    await room.comes(lambda: _facts(room, "TitleChanged"))
    await room.settled()
    answers = room.whispers(channel, MARA)
    assert answers[-1].text == "INC-1 has its new title everywhere in a moment."
    assert answers[-1].thread_ts == said.ts
    await hands.say(channel, "@warroom update", thread_ts=said.ts)
    await room.comes(lambda: len(room.whispers(channel, MARA)) > len(answers))
    assert room.whispers(channel, MARA)[-1].text == "This takes a form. Press Open the form."
    await room.press(MARA, channel, "continue")
    assert await room.open_form(MARA).submit(happened="Fallback is live") == {}
    assert _facts(room, "UpdatePosted")


async def test_a_public_incident_goes_on_in_private(any_room: Room) -> None:
    room = any_room
    await room.declare(TITLE, severity="SEV2")
    await room.settled()
    old = room.channel(1)
    await room.type(MARA, old.id, f"/incident add <@{NOOR}>")
    await room.settled()
    told = await room.type(MARA, old.id, "/incident private because a patient is named")
    assert told.startswith("INC-1 goes on in a private room")
    await room.settled()
    new = next(one for one in room.rooms() if one.is_private)
    assert MARA in new.members
    assert NOOR not in new.members
    assert old.is_archived
    assert TITLE not in old.topic + old.name
    assert [shown(one.blocks) for one in old.messages if one.ts in old.pins] == [
        "INC-1 went on in private."
    ]
    assert room.announcement(1) == "INC-1 was made private. There is nothing to join."
    for channel in (EXEC, "C0SUPPORTUP", "C0ENG"):
        read = [shown(one.blocks) for one in room.sandbox.workspace.channels[channel].messages]
        assert TITLE not in "".join(read)
    [pinned] = [one for one in new.messages if one.ts in new.pins]
    assert TITLE in shown(pinned.blocks)
    assert await room.type(NOOR, GENERAL, "/incident here INC-1") == "There is no INC-1."
    await room.type(MARA, new.id, "/incident update Nothing new")
    await room.settled()
    assert "Nothing new" in shown(pinned.blocks)
    assert room.owed("failed", "undeliverable") == []


async def test_what_the_bot_wrote_in_the_old_room_is_gone_and_what_people_wrote_stays(
    room: Room,
) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    old = room.channel(1)
    for line in ("decision Tell the wards", "update Ward 7 is told", f"task <@{NOOR}> call ward 7"):
        await room.type(MARA, old.id, f"/incident {line}")
    for _ in range(3):
        await room.pass_time(minutes=8)
    [root, *_] = [one.thread_ts for one in room.posts(old) if one.thread_ts]
    hands = room.sandbox.as_person(MARA)
    await hands.say(old.id, "The patient is Ms Example")
    await hands.say(old.id, "I am on it", thread_ts=root)
    told = await room.type(MARA, old.id, "/incident private because a patient is named")
    assert told == (
        "INC-1 goes on in a private room; whoever works on it is invited. This room is closed, and "
        "what I wrote in it is deleted. What people wrote here stays readable, and so do Slack's "
        "own lines about the old topic and name. If that is too much, ask a workspace owner to "
        "delete the channel."
    )
    await room.settled()
    assert old.is_archived
    left = [one.text for one in room.posts(old) if not one.subtype]
    assert left == ["INC-1 went on in private."]
    said = [one.text for one in old.messages if one.user == MARA and not one.subtype]
    assert said == ["The patient is Ms Example", "I am on it"]
    assert room.owed("failed", "undeliverable") == []


async def test_a_room_that_moves_finds_another_name_where_its_own_is_taken(room: Room) -> None:
    await room.declare(TITLE, severity="SEV3")
    await room.settled()
    old = room.channel(1)
    room.sandbox.workspace.channels[SUPPORT].name = "inc-1-incident"
    await room.type(MARA, old.id, "/incident private because a patient is named")
    await room.settled()
    assert old.is_archived
    assert old.name == "inc-1-incident-2"
    assert room.owed("failed", "undeliverable") == []


async def test_a_side_room_is_seen_by_nobody_else(room: Room) -> None:
    await room.declare(TITLE, severity="SEV2")
    await room.settled()
    channel = room.channel(1).id
    await room.type(MARA, channel, f"/incident sideroom legal <@{ELENA}>")
    await room.settled()
    side = next(one for one in room.rooms() if one.name == "inc-1-side-legal")
    assert side.is_private
    assert set(side.members) == {"U0WARROOM", MARA, ELENA}
    assert "legal" not in room.summary(1).casefold()
    told = await room.type(MARA, channel, f"/incident sideroom legal <@{ELENA}>")
    assert told == "There is a side room legal already."
    told = await room.type(MARA, channel, "/incident sideroom <#C1>")
    assert told.startswith("Give the side room a short name")


async def test_a_duplicate_goes_on_in_the_other(any_room: Room) -> None:
    room = any_room
    await room.declare(TITLE, severity="SEV3")
    await room.declare("Bot gives adult doses", by=NOOR, severity="SEV3")
    await room.settled()
    first, second = room.channel(1).id, room.channel(2).id
    told = await room.type(NOOR, second, "/incident merge INC-1 because same prompt")
    assert told == f"INC-2 goes on in INC-1 <#{first}>."
    await room.settled()
    assert f"It goes on in INC-1 <#{first}>" in room.summary(2)
    assert f"Duplicates: INC-2 <#{second}>" in room.summary(1)
    assert NOOR in room.channel(1).members
    assert "· Merged ·" in room.announcement(2)
    told = await room.type(NOOR, second, "/incident merge INC-1")
    assert told == "INC-2 is over. Reopen it to go on."


async def _two(room: Room) -> tuple[str, str]:
    """Two rooms, Mara's and Noor's; what is found out is that they are about the same."""
    await room.declare(TITLE, severity="SEV3")
    await room.declare("Bot gives adult doses", by=NOOR, severity="SEV3")
    await room.settled()
    return room.channel(1).id, room.channel(2).id


async def test_open_work_goes_along_with_a_merge(any_room: Room) -> None:
    room = any_room
    first, second = await _two(room)
    await room.type(MARA, first, f"/incident task <@{IDRIS}> look at the logs")
    for line in (f"task <@{JUN}> call ward 7", f"task <@{JUN}> call ward 8", "task done 2",
                 "ask how many children"):  # fmt: skip
        await room.type(NOOR, second, f"/incident {line}")
    told = await room.type(NOOR, second, "/incident merge INC-1 because same prompt")
    assert told == (
        f"INC-2 goes on in INC-1 <#{first}>. 1 open task goes along. 1 question is not answered: "
        "ask it again there."
    )
    await room.settled()
    tasks = await room.type(MARA, first, "/incident tasks")
    assert f"Task 2 · <@{JUN}> · from INC-2 · no time: call ward 7" in tasks
    said = [one.text for one in room.direct(JUN)]
    assert any("Task 1 in INC-2" in one and "goes on in INC-1" in one for one in said)
    assert any("Task 2 in INC-1" in one and "which was INC-2" in one for one in said)
    refused = await room.type(JUN, second, "/incident task done 1")
    assert refused == "Task 1 goes on in INC-1. See `/incident tasks` there."
    assert await room.type(JUN, first, "/incident task done 2") == "Task 2 is done."
    assert room.owed("failed", "undeliverable") == []


async def test_a_duplicate_that_is_reopened_is_none_in_either_room(any_room: Room) -> None:
    room = any_room
    first, second = await _two(room)
    await room.type(NOOR, second, "/incident merge INC-1 because same prompt")
    await room.settled()
    assert f"Duplicates: INC-2 <#{second}>" in room.summary(1)
    told = await room.type(NOOR, second, "/incident reopen it is another prompt")
    assert told == "INC-2 is open again. Summary, topic and announcement follow."
    await room.settled()
    assert "Duplicates" not in room.summary(1)
    assert "It goes on in" not in room.summary(2)
    assert "let INC-2 go" in await room.type(MARA, first, "/incident timeline status")


async def test_what_cannot_be_merged(room: Room) -> None:
    await room.declare(TITLE, severity="SEV3")
    await room.declare("Secret", by=ELENA, severity="SEV3", switches=("private",))
    await room.settled()
    channel = room.channel(1).id
    for line, told in {
        "merge": "Say which incident it is the same as: `/incident merge INC-9`.",
        "merge INC-1": "An incident cannot be merged into itself. Name the other one.",
        "merge INC-7": "There is no INC-7.",
        "merge INC-2": "There is no INC-2.",
    }.items():
        assert await room.type(MARA, channel, f"/incident {line}") == told
    told = await room.type(ELENA, room.channel(2).id, "/incident merge INC-1")
    assert told.startswith("A private and a public incident cannot be merged")


async def test_a_quiet_room_is_asked_about_and_a_closed_one_archived(room: Room) -> None:
    await room.declare(TITLE, severity="SEV3")
    await room.settled()
    await room.pass_time(hours=13)
    asked = [one for one in room.direct(MARA) if "Nothing has been recorded in INC-1" in one.text]
    assert len(asked) == 1
    assert "still_going" in str(asked[0].blocks)
    channel = room.channel(1)
    await room.type(MARA, channel.id, "/incident resolve It was noise after all")
    await room.type(MARA, channel.id, "/incident close Nothing is left")
    if _facts(room, "IncidentClosed") == []:
        assert await room.open_form(MARA).submit(reason="Nothing is left") == {}
    await room.pass_time(days=15)
    assert channel.is_archived
    assert _facts(room, "RoomArchived") == [{}]


async def test_a_guest_can_be_let_in(room: Room) -> None:
    await room.declare(TITLE, severity="SEV3")
    await room.settled()
    await room.type(MARA, room.channel(1).id, f"/incident add <@{KOFI}> <@{JUN}>")
    await room.settled()
    assert {KOFI, JUN} <= set(room.channel(1).members)
