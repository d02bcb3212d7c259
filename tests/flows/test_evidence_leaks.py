"""Does evidence stay with those in the room, whatever is typed, pressed, sent or looked at?"""

from __future__ import annotations

import json
from dataclasses import replace

import aiohttp

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

SECRETS = ("wombat", MAIL, "numbat.bin")
SURFACES = {
    "buttons": {
        "evidence_open", "evidence_older", "evidence_show", "evidence_original",
        "evidence_transfer", "evidence_label", "evidence_seal", "evidence_hold",
        "evidence_lift", "evidence_erase", "proof_kind_0", "step_file_upload",
    },
    "submits": {"evidence", "evidence_act", "proof"},
    "shortcuts": {"preserve_evidence"},
}  # fmt: skip
VERBS = ("evidence", "preserve", "hold", "unhold")
ABOUT = {"number": 1, "evidence": 1, "page": 0, "is_warned": True, "act": "erase", "run": 1,
         "step": 3, "items": [2], "kind": "dashboards"}  # fmt: skip
VALUE = json.dumps(ABOUT)


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


async def test_an_outsider_a_guest_and_a_former_member_get_nothing_by_any_way(room: Room) -> None:
    channel = await _with_evidence(room)
    said = await room.sandbox.as_person(MARA).say(GENERAL, "Good morning")
    messages = room.sandbox.workspace.channels[channel].messages
    [inside, *_] = [replace(one, text="Hello", blocks=[]) for one in messages if not one.bot_id]
    names = leaks.registered(room)
    assert SURFACES["buttons"] <= set(names.buttons)
    assert SURFACES["submits"] <= set(names.submits)
    assert SURFACES["shortcuts"] <= set(names.shortcuts)
    before = kinds(room)
    for person in (SAM, KOFI, NOOR):
        stranger, answers = Stranger(room, person), list[str]()
        for verb in VERBS:
            for place in (GENERAL, channel):
                for words in ("INC-1", "INC-1 E-1", "INC-1 because of this", "INC-1 add x"):
                    answers.append(await stranger.line(f"{verb} {words}", place))
        for action_id in sorted(SURFACES["buttons"]):
            answers.append(await stranger.press(action_id, VALUE, said))
        for callback_id in sorted(SURFACES["submits"]):
            answers.append(await stranger.submit(callback_id, json.loads(VALUE), {}))
        for place, message in ((channel, inside), (GENERAL, said)):
            answers.append(await stranger.shortcut("preserve_evidence", place, message))
        assert leaks.leaks(answers, SECRETS, None) == [], person
        read = leaks.readable(room, person, but=channel)
        assert leaks.leaks(read, SECRETS, None) == [], person
    await room.settled()
    assert kinds(room) == before


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
