"""Who promised what, and who reminds them?"""

from __future__ import annotations

from datetime import timedelta

from tests.flows.story import TITLE
from tests.room import JUN, MARA, NOOR, Room
from tests.screen import shown


async def _room(room: Room) -> str:
    await room.declare(TITLE, severity="SEV3")
    await room.settled()
    return room.channel(1).id


def _kinds(room: Room) -> list[str]:
    return [fact.kind for fact in room.facts(1) if fact.kind.startswith("Task")]


async def test_a_task_is_given_reminded_of_passed_on_and_done(any_room: Room) -> None:
    room = any_room
    channel = await _room(room)
    told = await room.type(MARA, channel, f"/incident task <@{NOOR}> call the customer in 30 min")
    assert told.startswith(f"Task 1 is <@{NOOR}>'s by ")
    assert told.endswith("(Europe/Stockholm).")
    await room.settled()
    assert NOOR in room.channel(1).members
    assert "call the customer" in room.direct(NOOR)[0].text
    assert f"Tasks: 1 open, next <@{NOOR}> by " in room.summary(1)
    await room.pass_time(minutes=31)
    assert any("*Task 1* is owed by <@U0AGENT>" in shown(one.blocks)
               for one in room.posts(room.channel(1)))  # fmt: skip
    told = await room.type(MARA, channel, f"/incident task reassign 1 <@{JUN}> in 1 h")
    assert told.startswith(f"Task 1 is <@{JUN}>'s by ")
    await room.settled()
    assert f"is <@{JUN}>'s now" in room.direct(NOOR)[0].text
    await room.press_direct(JUN, "task_done")
    await room.settled()
    assert "is done." in room.direct(JUN)[-1].text
    assert "Tasks:" not in room.summary(1)
    assert _kinds(room) == ["TaskGiven", "TaskReassigned", "TaskDone"]
    assert "done" in await room.type(MARA, channel, "/incident tasks")


async def test_a_message_becomes_a_task(room: Room) -> None:
    channel = await _room(room)
    hands = room.sandbox.as_person(MARA)
    said = await hands.say(channel, "Somebody should pull the logs of chat 88213")
    await hands.use_message_shortcut(channel, said.ts, "make_task")
    form = room.open_form(MARA)
    assert form.view.state["text"]["text"]["value"].startswith("Somebody should pull the logs")
    form.forge("owner", {"type": "users_select", "selected_user": JUN})
    due = room.clock.now() - timedelta(minutes=1)
    assert await form.submit(due_at=due) == {"due_at": "That time is over. Give a later one."}
    later = room.clock.now() + timedelta(hours=1)
    assert await form.submit(due_at=later) == {}
    assert form.text.startswith(f"Task 1 is <@{JUN}>'s by ")
    assert _kinds(room) == ["TaskGiven"]


async def test_what_cannot_be_a_task_is_a_sentence(room: Room) -> None:
    channel = await _room(room)
    await room.type(MARA, channel, f"/incident task <@{NOOR}> one")
    await room.settled()
    before = _kinds(room)
    for line, told in {
        "task words alone": "Say who does it: `/incident task @someone words by 04:30`.",
        f"task <@{NOOR}>": "Say what is to be done: `/incident task @someone words by 04:30`.",
        "task <@U0LEFT> x": "<@U0LEFT> has left the workspace. Name somebody else.",
        "task <@U0WARROOM> x": "An app cannot do it; name a person.",
        f"task <@{NOOR}> {'x' * 1001}": "That is 1,001 characters; keep a task to 1,000.",
        "task done 9": "There is no task 9 in INC-1. `/incident tasks` lists them.",
        "task done": "Say which task: `/incident task done 3`. `/incident tasks` lists them.",
        "task reassign 1": "Say who does it: `/incident task reassign 1 @someone`.",
        f"task reassign 1 <@{NOOR}>": f"<@{NOOR}> does it already.",
    }.items():
        assert await room.type(MARA, channel, f"/incident {line}") == told
    await room.type(MARA, channel, f"/incident add <@{JUN}>")
    await room.settled()
    told = await room.type(JUN, channel, "/incident task done 1")
    assert told == f"Task 1 is <@{NOOR}>'s; they say when it is done."
    assert _kinds(room) == before
    await room.type(NOOR, channel, "/incident task done 1")
    assert await room.type(NOOR, channel, "/incident task done 1") == "Task 1 is done already."


async def test_whoever_gets_a_task_back_is_told_anew(room: Room) -> None:
    channel = await _room(room)
    await room.type(MARA, channel, f"/incident task <@{NOOR}> call the customer")
    await room.type(MARA, channel, f"/incident task reassign 1 <@{JUN}>")
    await room.settled()
    rung = len(room.sandbox.workspace.notifications(NOOR))
    await room.type(MARA, channel, f"/incident task reassign 1 <@{NOOR}>")
    await room.settled()
    first, second = room.direct(NOOR)
    assert "came back to you. See the newer message." in first.text
    assert "call the customer. Press Done." in second.text
    assert len(room.sandbox.workspace.notifications(NOOR)) == rung + 1
    await room.type(MARA, channel, f"/incident task reassign 1 <@{NOOR}> in 2 h")
    await room.settled()
    assert len(room.direct(NOOR)) == 2
    await room.press_direct(NOOR, "task_done")
    await room.settled()
    assert room.direct(NOOR)[-1].text.endswith("is done.")
