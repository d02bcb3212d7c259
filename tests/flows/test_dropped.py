"""Are files taken that people put into the thread of a step?"""

from __future__ import annotations

from datetime import timedelta

from bot.features.fetching import slack as fetching
from tests.flows import running
from tests.flows.vaulting import fetched, recorded
from tests.room import IDRIS, JUN, KOFI, MARA, NOOR, SAM, Room, until
from tests.screen import shown

LEAK = "data-leakage"


async def _replies(room: Room, channel: str, step: int) -> list[str]:
    """What the bot wrote for everybody under a step's message."""
    root = await running.thread_of(room, step)
    messages = room.posts(room.sandbox.workspace.channels[channel])
    return [shown(one.blocks) for one in messages if one.thread_ts == root and one.ts != root]


async def _drop(room: Room, by: str, channel: str, *names: str, words: str = "") -> None:
    root = await running.thread_of(room, 3)
    files = [(name, b"what was seen") for name in names]
    await room.sandbox.as_person(by).attach(channel, files, words, root)


async def test_files_are_taken_as_what_they_plainly_are_and_the_thread_says_so_once(
    any_room: Room,
) -> None:
    room = any_room
    channel = await running.at_files(room)
    before = len(room.direct(IDRIS)), len(room.whispers(channel, IDRIS))
    await _drop(room, IDRIS, channel, "dashboards-0340.png", "queries.sql")
    await fetched(room, 2)
    await _drop(room, IDRIS, channel, "notes.txt", words="The custody notes")
    await fetched(room, 3)
    awaited = [(one.payload["kind"], one.payload["source"], one.actor)
               for one in recorded(room, "FileAwaited")]  # fmt: skip
    assert awaited == [
        ("dashboard", "dropped", IDRIS),
        ("query", "dropped", IDRIS),
        ("custody_note", "dropped", IDRIS),
    ]
    added = [(one.payload["kind"], one.payload["numbers"]) for one in recorded(room, "ProofAdded")]
    assert added == [("dashboards", [1]), ("queries", [2]), ("custody", [3])]
    [told] = await _replies(room, channel, 3)
    assert told.splitlines() == [
        "✓ Dashboards: E-1",
        "✓ Queries that were run: E-2",
        "☐ Redacted samples",
        "✓ Custody notes: E-3",
    ]
    assert (len(room.direct(IDRIS)), len(room.whispers(channel, IDRIS))) == before


async def test_where_it_is_not_plain_the_kind_is_asked_privately_and_the_answer_takes_its_place(
    room: Room,
) -> None:
    channel = await running.at_files(room)
    await _drop(room, IDRIS, channel, "export.bin")
    await fetched(room)
    asked = room.direct(IDRIS)[-1]
    assert "You put E-1 export.bin into the thread of step 3 of runbook 1 in INC-1" in asked.text
    assert "Press one of: Dashboards, Queries that were run, Redacted samples" in asked.text
    [told] = await _replies(room, channel, 3)
    assert "Nobody said yet what this is: E-1" in told
    count = len(room.direct(IDRIS))
    hands, talk = room.sandbox.as_person(IDRIS), room.talk_with(IDRIS)
    await hands.press(talk, asked.ts, str(asked.blocks[1]["block_id"]), "proof_kind_2")
    await room.comes(lambda: recorded(room, "EvidenceSorted"))
    await room.settled()
    assert recorded(room, "EvidenceSorted")[0].payload["kind"] == "exchange"
    [told] = await _replies(room, channel, 3)
    assert "✓ Redacted samples: E-1" in told
    assert len(room.direct(IDRIS)) == count
    now = "E-1: with step 3 of runbook 1 in INC-1. Its thread says what is there."
    assert room.direct(IDRIS)[-1].text == now


async def test_what_cannot_be_had_gets_a_sentence_each(room: Room) -> None:
    channel = await running.at_files(room)
    stumbling = room.sandbox.faults.add("files.info:500:1")
    await _drop(room, NOOR, channel, "dashboards.png", "queries.sql", "custody.txt")
    await until(lambda: len(recorded(room, "FileAwaited")) == 3)
    await until(lambda: len([1 for one in room.sandbox.calls if one.method == "files.info"]) == 3)
    files = room.sandbox.workspace.files
    empty, gone, foreign = (
        files[str(one.payload["file_id"])] for one in recorded(room, "FileAwaited")
    )
    empty.content = b""
    await room.sandbox.as_person(NOOR).delete_file(gone.id)
    foreign.shared.clear()
    foreign.user = SAM
    room.sandbox.faults.clear(stumbling)
    room.clock.move(timedelta(minutes=6))
    await fetching.Fetching(room.bot.engine, room.bot.desk.files).collect()
    await fetched(room, 3)
    told = "\n".join(one.text for one in room.direct(NOOR))
    assert "E-1 (dashboards.png) is not kept. It is empty, 0 bytes" in told
    assert "E-2 (queries.sql) is not kept. It was deleted in Slack" in told
    assert "E-3 (custody.txt) is not kept. Slack does not show it to the bot" in told
    [said] = await _replies(room, channel, 3)
    assert "☐ Dashboards: E-1 did not come" in said


async def test_a_step_that_is_over_and_a_guest_get_a_sentence_and_nothing_is_taken(
    room: Room,
) -> None:
    channel = await running.at_files(room)
    await room.type(MARA, channel, f"/incident add <@{KOFI}>")
    await room.comes(lambda: KOFI in room.channel(1).members)
    await room.settled()
    await _drop(room, KOFI, channel, "dashboards.png")
    told = "Your files are not with this step. You are a guest here."
    await room.comes(lambda: any(told in one.text for one in room.whispers(channel, KOFI)))
    left = {"way": "not_applicable", "which": "3", "reason": "Kept elsewhere"}
    assert await running.change(room, MARA, channel, **left) == {}
    await room.settled()
    await _drop(room, NOOR, channel, "dashboards.png")
    told = "Step 3 of runbook 1 is said not to apply already."
    await room.comes(lambda: any(told in one.text for one in room.whispers(channel, NOOR)))
    assert recorded(room, "FileAwaited") == []


async def test_files_elsewhere_are_left_alone(room: Room) -> None:
    channel = await running.at_files(room)
    hands = room.sandbox.as_person(NOOR)
    said = await hands.attach(channel, [("dashboards.png", b"x")], "In the room")
    await hands.attach(channel, [("queries.sql", b"x")], "In a thread of our own", said.ts)
    other = await running.thread_of(room, 4)
    await hands.attach(channel, [("queries.sql", b"x")], "At a form", other)
    await room.settled()
    assert recorded(room, "FileAwaited") == []


async def test_what_a_restricted_step_takes_is_for_the_named_group_and_should_leave_the_thread(
    room: Room,
) -> None:
    channel = await running.begun(room, LEAK)
    left = {"way": "not_applicable", "which": "1", "reason": "Frozen before"}
    assert await running.change(room, MARA, channel, **left) == {}
    await room.settled()
    root = await running.thread_of(room, 4)
    hands = room.sandbox.as_person(NOOR)
    said = await hands.attach(channel, [("traces.bin", b"\x00" * 9)], "", root)
    await fetched(room)
    [awaited] = recorded(room, "FileAwaited")
    assert (awaited.payload["label"], awaited.payload["is_misplaced"]) == ("red", True)
    assert [one.payload["number"] for one in recorded(room, "EvidenceSealed")] == [1]
    told = room.direct(NOOR)[-1].text
    assert "E-1 (traces.bin) is kept for a named group alone. Please delete it in Slack" in told
    assert "E-1" not in await room.type(JUN, channel, "/incident evidence")
    assert "file still in Slack: E-1" in room.summary(1)
    lines = (await _replies(room, channel, 4))[0].splitlines()
    line, then = [one for one in lines if "E-1" in one]
    assert line.startswith("☐ Trace set")
    assert line.endswith("E-1 (sealed, not redacted)")
    assert "press Add files, then add a redacted copy" in then
    await hands.delete(channel, said.ts)
    await room.comes(lambda: recorded(room, "SourceCleared"))
    await room.settled()
    assert "still in Slack" not in room.summary(1)
