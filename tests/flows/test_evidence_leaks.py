"""Does evidence stay with those in the room, whatever is typed, pressed, sent or looked at?"""

from __future__ import annotations

import json
from dataclasses import replace

import aiohttp
import pytest

from bot.slack.payloads import Event
from tests.flows import leaks, running
from tests.flows.leaks import Stranger
from tests.flows.vaulting import (
    MAIL,
    fetched,
    form_on,
    kinds,
    on_disk,
    opened,
    original_asked,
    preserve,
    recorded,
)
from tests.room import ELENA, GENERAL, IDRIS, JUN, KOFI, MARA, NOOR, SAM, Room, until

SECRETS = ("wombat", MAIL, "numbat", "from the console")
OUTSIDER = "U0NOBODY"  # of the workspace, and never in the room
# What shows evidence to whoever may see it: a walk that finds nothing there finds nothing at all.
SHOWING = {"evidence_open", "step_file_upload", "step_approval"}
SELF = {"join", "continue"}  # lets in whom anybody may let in; a line, which is walked by itself
ABOUT = {**leaks.about("1"), "step": 3, "is_warned": True, "decision": "approved", "items": [2]}
VALUE = json.dumps(ABOUT)
LATER = json.dumps({**ABOUT, "evidence": 2, "step": 5})
# What stands behind buttons while files are asked for, and while the sign-off waits.
VALUES = {"files": ("1/1", "1/1/3", VALUE), "sign-off": ("1/1/5", "1/1/5/1", LATER)}
LINES = ((GENERAL, "INC-1 E-1"), ("", "E-2"))
RESTS_ON_FILES = ("approval_", "evidence_", "proof", "step_")  # what the sign-off changes


async def _with_evidence(room: Room) -> str:
    """A public incident with a message, a file and pasted data in its vault; Noor left its room."""
    channel = await opened(room)
    hands = room.sandbox.as_person(IDRIS)
    said = await hands.attach(channel.id, [("numbat.bin", b"x" * 100)], "The wombat said")
    form = await form_on(room, channel.id, said)
    assert await form.submit(kind="exchange", files=said.files, note="a wombat") == {}
    await fetched(room)
    await hands.say(channel.id, f"Call {MAIL}")
    await room.comes(lambda: len(recorded(room, "EvidencePreserved")) == 2)
    await room.type(MARA, channel.id, f"/incident add <@{NOOR}>")
    await until(lambda: NOOR in channel.members)
    await room.settled()
    await room.sandbox.as_person(MARA).remove(channel.id, NOOR)
    await until(lambda: room.facts(1)[-1].kind == "PersonLeft")
    await room.settled()
    return channel.id


async def _with_proofs(room: Room) -> str:
    """The source runbook where files are asked for: one for the few, one dropped; Sam left."""
    channel = await running.at_files(room)
    people = room.sandbox.workspace.people
    people[OUTSIDER] = replace(people[SAM], id=OUTSIDER)
    red = {"label": "red", "redacted": ["redacted"]}
    assert await running.add_file(room, NOOR, "dashboards", "wombat.png", **red) == {}
    await fetched(room)
    root = await running.thread_of(room, 3)
    await room.sandbox.as_person(IDRIS).attach(channel, [("numbat.bin", b"x")], "", root)
    await fetched(room, 2)
    await room.sandbox.as_person(MARA).remove(channel, SAM)
    await until(lambda: room.facts(1)[-1].kind == "PersonLeft")
    await room.settled()
    return channel


async def _walked(room: Room, person: str, stage: str) -> dict[str, list[str]]:
    """What somebody reads who presses and sends everything there is, by its name."""
    stranger, names = Stranger(room, person), leaks.registered(room)
    said = room.sandbox.workspace.channels[GENERAL].messages[-1]
    inside = next(one for one in room.channel(1).messages if not one.bot_id)
    places = ((room.channel(1).id, replace(inside, text="Hello", blocks=[])), (GENERAL, said))
    answers: dict[str, list[str]] = {}
    is_late = stage == "sign-off"
    pressed = [name for name in names.buttons if not is_late or name.startswith(RESTS_ON_FILES)]
    for name in sorted({*pressed} - SELF):
        answers[name] = [await stranger.press(name, value, said) for value in VALUES[stage]]
    for name in names.submits:
        about = json.loads(VALUES[stage][-1])
        answers[f"{name} sent"] = [await stranger.submit(name, about, {})]
    for name in {*names.shortcuts} - {"declare_incident"}:
        answers[name] = [await stranger.shortcut(name, *place) for place in places]
    return answers


async def _typed(room: Room, person: str) -> dict[str, list[str]]:
    """What somebody reads who types every command, outside and as if in the room."""
    stranger, here = Stranger(room, person), room.channel(1).id
    verbs = dict.fromkeys(one.name for one in room.bot.desk.verbs.values())
    return {
        verb: [await stranger.line(f"{verb} {words}", place or here) for place, words in LINES]
        for verb in verbs
    }


async def _shown_to(room: Room, person: str, stage: str) -> set[str]:
    """The buttons that show evidence to somebody, of those that do to whoever may see it."""
    member = Stranger(room, person)
    said = room.sandbox.workspace.channels[GENERAL].messages[-1]
    pressed = ((name, value) for name in SHOWING for value in VALUES[stage])
    return {
        name
        for name, value in pressed
        if leaks.leaks([await member.press(name, value, said)], SECRETS, None)
    }


def _about_evidence(room: Room) -> list[str]:
    """The facts about evidence and its holds; to ask somebody for something is anybody's."""
    return [kind for kind in kinds(room) if kind != "HolderAsked"]


@pytest.mark.parametrize("person", [OUTSIDER, KOFI, SAM], ids=["outsider", "guest", "former"])
async def test_nobody_outside_the_room_gets_evidence_by_any_way(room: Room, person: str) -> None:
    channel = await _with_proofs(room)
    await room.sandbox.as_person(MARA).say(GENERAL, "Good morning")
    shown = await _shown_to(room, NOOR, "files")
    listed = await room.type(NOOR, channel, "/incident evidence")
    assert leaks.leaks([listed], SECRETS, None) == [listed]
    before = _about_evidence(room)
    answers = [await _typed(room, person), await _walked(room, person, "files")]
    assert _about_evidence(room) == before
    await running.asked_for(room)
    shown |= await _shown_to(room, NOOR, "sign-off")
    before = _about_evidence(room)
    answers.append(await _walked(room, person, "sign-off"))
    for name, read in ((name, read) for walk in answers for name, read in walk.items()):
        assert leaks.leaks(read, SECRETS, None) == [], name
    assert leaks.leaks(leaks.readable(room, person, but=channel), SECRETS, None) == []
    await room.settled()
    assert _about_evidence(room) == before
    assert shown == SHOWING


async def test_a_stolen_link_to_a_file_or_an_item_opens_nothing(room: Room) -> None:
    await _with_evidence(room)
    [awaited] = recorded(room, "FileAwaited")
    file = room.sandbox.workspace.files[str(awaited.payload["file_id"])]
    url = f"{room.sandbox.workspace.url}/files-pri/T0SANDBOX-{file.id}/{file.name}"
    async with aiohttp.ClientSession() as session:
        for token in ("", "xoxb-guessed"):
            headers = {"Authorization": f"Bearer {token}"}
            async with session.get(url, headers=headers, allow_redirects=False) as got:
                assert b"xxxx" not in await got.read()
    stranger = Stranger(room, SAM)
    for value in (VALUE, json.dumps({"number": 1, "evidence": 1, "item": awaited.payload["item"]})):
        for action_id in ("evidence_open", "evidence_original"):
            answer = await stranger.press(action_id, value, room.announcements()[0])
            assert leaks.leaks([answer], SECRETS, None) == []


async def test_a_form_is_submitted_by_whom_it_was_opened_for_alone(room: Room) -> None:
    channel = await opened(room)
    form = await room.form(MARA, "/incident preserve The wombat sheet", channel.id)
    about = json.loads(form.view.content["private_metadata"])
    answer = await Stranger(room, IDRIS).submit("evidence", about, {})
    assert "This form was open for too long." in answer
    assert kinds(room) == []


async def test_a_guest_in_the_room_reads_what_its_label_lets_them_and_changes_nothing(
    room: Room,
) -> None:
    channel = await opened(room)
    await room.type(MARA, channel.id, f"/incident add <@{KOFI}>")
    await until(lambda: KOFI in channel.members)
    await room.settled()
    hands = room.sandbox.as_person(IDRIS)
    for words, label in (("A wombat", "amber_strict"), ("A quoll", "amber")):
        said = await hands.say(channel.id, words)
        await preserve(room, channel.id, said, label=label, kind="statement")
    listed = await room.type(KOFI, channel.id, "/incident evidence")
    assert "A quoll" in listed
    assert "wombat" not in listed
    said = await hands.say(channel.id, "More")
    form = await form_on(room, channel.id, said, KOFI)
    errors = await form.submit(kind="other")
    assert next(iter(errors.values())).startswith("You are a guest here.")
    await room.type(KOFI, channel.id, "/incident evidence E-2")
    assert ELENA not in form.text
    assert kinds(room) == ["EvidencePreserved"] * 2 + ["EvidenceLooked"] * 2


async def test_an_original_that_was_brought_to_legal_is_nobody_elses(room: Room) -> None:
    channel = await _with_evidence(room)
    await room.type(MARA, channel, f"/incident add <@{KOFI}>")
    await until(lambda: KOFI in room.channel(1).members)
    await room.settled()
    await original_asked(room, ELENA, 2)
    await room.settled()
    [file] = [room.sandbox.workspace.files[one] for one in room.direct(ELENA)[-1].files]
    assert file.content == b"x" * 100
    before = kinds(room)
    refused, same = "INC-1 has no original of E-2 that you may open.", set[str]()
    for person in (JUN, KOFI):
        answer = await original_asked(room, person, 2)
        assert refused in answer
        same.add(leaks.neutral(answer.partition(refused)[2]))
        assert file.name not in "".join(leaks.readable(room, person))
    assert len(same) == 1
    for person in (NOOR, SAM):
        answer = await original_asked(room, person, 2)
        none = await original_asked(room, person, 99)
        assert leaks.neutral(answer).replace("E-2", "E-*") == (
            leaks.neutral(none).replace("E-99", "E-*").replace("E-#", "E-*")
        )
        read = [answer, *leaks.readable(room, person, but=channel)]
        assert leaks.leaks(read, SECRETS, None) == []
    await room.settled()
    assert kinds(room) == before


async def test_files_dropped_by_whoever_is_not_in_the_room_are_not_taken(room: Room) -> None:
    channel = await running.at_files(room)
    root = await running.thread_of(room, 3)
    await room.sandbox.as_person(MARA).remove(channel, SAM)
    await until(lambda: room.facts(1)[-1].kind == "PersonLeft")
    await room.settled()
    payload = {
        "type": "message", "subtype": "file_share", "channel": channel, "user": SAM, "ts": "1.0",
        "thread_ts": root, "text": "", "files": [{"id": "F0STOLEN", "name": "dashboards.png"}],
    }  # fmt: skip
    event = Event.read({"event": payload, "event_id": "Ev1"})
    for run in room.bot.desk._events["message"]:
        await run(event)
    await room.settled()
    assert recorded(room, "FileAwaited") == []
    assert on_disk(room) == []
