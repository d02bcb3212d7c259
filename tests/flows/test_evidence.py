"""How does something become evidence, and who looks at it?"""

from __future__ import annotations

import hashlib
import json

from bot.sandbox.model import File
from tests.flows.vaulting import (
    CARD,
    MAIL,
    fetched,
    form_on,
    kinds,
    on_disk,
    opened,
    original_asked,
    preserve,
    press_in_page,
    recorded,
)
from tests.room import ELENA, GENERAL, IDRIS, JUN, MARA, NOOR, SAM, Room


async def test_a_message_is_preserved_with_its_hash_and_the_masked_copy_is_what_people_read(
    room: Room,
) -> None:
    channel = await opened(room)
    said = await room.sandbox.as_person(NOOR).say(GENERAL, f"{MAIL} was told to take 4 g")
    form = await form_on(room, GENERAL, said)
    assert "[e-mail address 1] was told to take 4 g" in form.text
    assert MAIL not in form.text
    errors = await form.submit(incident="1", kind="exchange", contact="ticket 88213")
    assert errors == {}
    [fact] = recorded(room, "EvidencePreserved")
    assert fact.payload["working"] == "[e-mail address 1] was told to take 4 g"
    assert fact.payload["contact"] == "ticket 88213"
    assert (fact.payload["found"], fact.payload["author"]) == (["email"], NOOR)
    assert fact.payload["sha256"] in form.text
    kept = b"".join(room.bot.desk.files.vault.read(fact.payload["item"]))
    assert hashlib.sha256(kept).hexdigest() == fact.payload["sha256"]
    assert json.loads(kept)["text"] == f"{MAIL} was told to take 4 g"
    assert said.reactions == {}  # a mark elsewhere would tell of the incident
    assert await room.type(MARA, channel.id, "/incident evidence") != ""


async def test_what_is_left_in_on_purpose_stays_and_is_on_record(room: Room) -> None:
    channel = await opened(room)
    said = await room.sandbox.as_person(IDRIS).say(channel.id, f"support {MAIL} {CARD}")
    form = await form_on(room, channel.id, said)
    assert await form.submit(kind="statement", unmasked=["email"]) == {}
    facts = recorded(room, "EvidencePreserved")
    mine = next(fact for fact in facts if fact.payload["source"] == "message")
    assert MAIL in mine.payload["working"]
    assert "[card number 1]" in mine.payload["working"]
    assert mine.payload["unmasked"] == ["email"]


async def test_the_files_of_a_message_are_fetched_and_hashed(room: Room) -> None:
    channel = await opened(room)
    content = b"\x00\xff" * 700_000
    hands = room.sandbox.as_person(IDRIS)
    said = await hands.attach(channel.id, [("trace.bin", content), ("n.txt", b"x")], "The trace")
    form = await form_on(room, channel.id, said)
    assert await form.submit(kind="trace", files=[said.files[0]], label="green") == {}
    await fetched(room)
    [awaited] = recorded(room, "FileAwaited")
    [taken] = recorded(room, "FileTaken")
    assert (awaited.payload["name"], awaited.payload["label"]) == ("trace.bin", "green")
    assert taken.payload["sha256"] == hashlib.sha256(content).hexdigest()
    assert taken.payload["size_bytes"] == len(content)
    assert b"".join(room.bot.desk.files.vault.read(awaited.payload["item"])) == content
    listed = await room.type(MARA, channel.id, "/incident evidence")
    assert "trace.bin" in listed
    assert "1,400,000 bytes" in listed
    assert said.reactions == {"card_file_box": ["U0WARROOM"]}


async def test_each_file_that_cannot_be_had_gets_a_sentence(room: Room) -> None:
    channel = await opened(room)
    workspace = room.sandbox.workspace
    hands = room.sandbox.as_person(MARA)
    long = "ö" * 296 + ".txt"
    names = ["empty.txt", "gone.txt", "foreign.txt", long]
    said = await hands.attach(channel.id, [(name, b"x") for name in names], "Files")
    empty, gone, foreign, kept = (workspace.files[file_id] for file_id in said.files)
    form = await form_on(room, channel.id, said)
    empty.content = b""
    await hands.delete_file(gone.id)
    foreign.shared.clear()
    foreign.user = SAM
    assert await form.submit(kind="other", files=said.files) == {}
    await fetched(room, 4)
    reasons = {
        fact.payload["number"]: fact.payload["reason"] for fact in recorded(room, "FileMissed")
    }
    numbers = {fact.payload["file_id"]: fact.payload["number"] for fact in
               recorded(room, "FileAwaited")}  # fmt: skip
    assert reasons[numbers[empty.id]] == "It is empty, 0 bytes: there is nothing to keep."
    assert reasons[numbers[gone.id]] == "It was deleted in Slack before it could be kept."
    assert reasons[numbers[foreign.id]].startswith("Slack does not show it to the bot: it belongs")
    [taken] = recorded(room, "FileTaken")
    assert taken.payload["number"] == numbers[kept.id]
    assert long in [fact.payload["name"] for fact in recorded(room, "FileAwaited")]
    told = "\n".join(one.text for one in room.direct(MARA))
    assert "gone.txt) is not kept. It was deleted in Slack before it could be kept." in told
    assert len(on_disk(room)) == 2  # the message and the file that came


async def test_a_file_of_an_unknown_id_is_told_as_one_from_elsewhere(room: Room) -> None:
    channel = await opened(room)
    hands = room.sandbox.as_person(MARA)
    said = await hands.attach(channel.id, [("a.txt", b"x")], "A file")
    form = await form_on(room, channel.id, said)
    del room.sandbox.workspace.files[said.files[0]]
    assert await form.submit(kind="other", files=said.files) == {}
    await fetched(room)
    [missed] = recorded(room, "FileMissed")
    assert "another workspace" in missed.payload["reason"]


async def test_a_file_that_lies_outside_slack_is_told_so(room: Room) -> None:
    channel = await opened(room)
    hands = room.sandbox.as_person(MARA)
    said = await hands.attach(channel.id, [("a.txt", b"x")], "A file")
    form = await form_on(room, channel.id, said)
    file: File = room.sandbox.workspace.files[said.files[0]]
    file.external_id, file.external_url = "x", "https://drive.example/x"
    assert await form.submit(kind="other", files=said.files) == {}
    await fetched(room)
    [missed] = recorded(room, "FileMissed")
    assert missed.payload["reason"].startswith("It lies outside Slack.")


async def test_links_and_configuration_are_typed(room: Room) -> None:
    channel = await opened(room)
    form = await room.form(MARA, "/incident evidence add https://grafana.example/d/1", channel.id)
    assert await form.submit(kind="dashboard") == {}
    form = await room.form(MARA, "/incident evidence add flags: rollout=40%", channel.id)
    assert await form.submit(kind="config", note="as of 03:40") == {}
    sources = [fact.payload["source"] for fact in recorded(room, "EvidencePreserved")]
    assert sources == ["link", "text"]
    listed = await room.type(MARA, channel.id, "/incident evidence")
    assert "flags: rollout=40%" in listed
    assert "Still to preserve: Trace." in listed
    assert "Still to preserve: Configuration." not in listed
    assert "Evidence: 2 kept" in room.summary(1)


async def test_where_raw_is_not_to_be_kept_hash_and_metadata_stay(room: Room) -> None:
    channel = await opened(room)
    said = await room.sandbox.as_person(IDRIS).say(channel.id, "The prompt in full")
    await preserve(room, channel.id, said, raw="hash", note="model 4.1, temperature 0")
    [fact] = recorded(room, "EvidencePreserved")
    assert len(fact.payload["sha256"]) == 64
    assert fact.payload["note"] == "model 4.1, temperature 0"
    assert on_disk(room) == []
    await room.type(MARA, channel.id, "/incident evidence E-1")
    assert "Open the original" not in room.open_form(MARA).text


async def test_what_may_harm_is_shown_after_a_warning_and_a_click(room: Room) -> None:
    channel = await opened(room)
    said = await room.sandbox.as_person(IDRIS).say(channel.id, "Take four grams at once")
    await preserve(room, channel.id, said)
    await room.type(MARA, channel.id, "/incident evidence E-1")
    assert "Take four" not in room.open_form(MARA).text
    await press_in_page(room, MARA, "evidence_label")
    assert "Take four" not in room.open_form(MARA).text
    assert "Take four" not in await room.type(MARA, channel.id, "/incident evidence")
    await room.type(MARA, channel.id, "/incident evidence E-1")
    await press_in_page(room, MARA, "evidence_original")
    assert "This may hold harmful output" in room.open_form(MARA).text
    before = ["working", "list", "working"]
    assert [fact.payload["at"] for fact in recorded(room, "EvidenceLooked")] == before
    await press_in_page(room, MARA, "evidence_original")
    assert room.open_form(MARA).text == "Take four grams at once"
    looks = [fact.payload["at"] for fact in recorded(room, "EvidenceLooked")]
    assert looks == [*before, "original"]


async def test_each_look_is_custody_and_the_original_is_for_the_few(room: Room) -> None:
    channel = await opened(room)
    said = await room.sandbox.as_person(IDRIS).say(channel.id, "Internal only")
    await preserve(room, channel.id, said, kind="statement")
    listed = await room.type(JUN, channel.id, "/incident evidence")
    assert "E-1" in listed
    await room.type(JUN, channel.id, "/incident evidence E-1")
    assert "Open the original" not in room.open_form(JUN).text
    refused = "INC-1 has no original of E-1 that you may open. Originals are for Safety Lead, Legal"
    assert refused in await original_asked(room, JUN)
    await room.type(ELENA, channel.id, "/incident evidence E-1")
    await press_in_page(room, ELENA, "evidence_original")
    assert room.open_form(ELENA).text == "Internal only"
    looks = [(fact.actor, fact.payload["at"]) for fact in recorded(room, "EvidenceLooked")]
    assert looks == [(JUN, "list"), (JUN, "working"), (ELENA, "working"), (ELENA, "original")]


async def test_red_evidence_is_on_the_list_of_the_named_roles_alone(room: Room) -> None:
    channel = await opened(room)
    said = await room.sandbox.as_person(IDRIS).say(channel.id, "The zebrafish sheet")
    await preserve(room, channel.id, said, label="red", note="the zebrafish")
    assert "zebrafish" in await room.type(ELENA, channel.id, "/incident evidence")
    assert "zebrafish" not in await room.type(JUN, channel.id, "/incident evidence")
    refused = await room.type(JUN, channel.id, "/incident evidence E-1")
    assert refused.startswith("INC-1 has no E-1 that you may see.")
    lines = await room.type(JUN, channel.id, "/incident timeline evidence")
    assert "preserved E-1 (Prompt and response, TLP:RED)" in lines
    assert "zebrafish" not in lines


async def test_the_same_message_is_not_preserved_twice(room: Room) -> None:
    channel = await opened(room)
    said = await room.sandbox.as_person(IDRIS).say(channel.id, "Once is enough")
    await preserve(room, channel.id, said)
    form = await form_on(room, channel.id, said)
    errors = await form.submit(kind="exchange")
    assert list(errors.values()) == ["This message is E-1 already. Nothing was changed."]
    assert kinds(room) == ["EvidencePreserved"]


async def test_nobody_outside_the_room_preserves_or_looks(room: Room) -> None:
    channel = await opened(room)
    said = await room.sandbox.as_person(IDRIS).say(channel.id, "Inside")
    await preserve(room, channel.id, said)
    for line in ("evidence INC-1", "evidence INC-1 E-1", "hold INC-1 because I say so"):
        assert "You are not in the room of INC-1" in await room.type(
            SAM, GENERAL, f"/incident {line}"
        )
    assert kinds(room) == ["EvidencePreserved"]


async def test_a_test_keeps_no_real_persons_data(room: Room) -> None:
    await room.declare("A drill", severity="SEV3", verb="test")
    await room.settled()
    channel = room.channel(1)
    said = await room.sandbox.as_person(MARA).say(GENERAL, f"{MAIL} wrote")
    form = await form_on(room, GENERAL, said)
    assert await form.submit(incident="1", kind="statement", unmasked=["email"]) == {}
    [fact] = recorded(room, "EvidencePreserved")
    assert fact.payload["working"] == "[e-mail address 1] wrote"
    assert fact.payload["is_raw_kept"] is False
    assert on_disk(room) == []
    assert channel.id


async def test_the_list_asks_for_longer_log_rotation_and_what_a_log_line_holds(room: Room) -> None:
    channel = await opened(room)
    listed = await room.type(MARA, channel.id, "/incident evidence")
    [line] = [one for one in listed.splitlines() if one.startswith("Still to preserve: Logs.")]
    assert "Ask for a longer log rotation now" in line
    for part in ("model", "prompt template", "safety settings", "retrieval", "tools"):
        assert part in line
