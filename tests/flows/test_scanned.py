"""What is seen in text files that are preserved, and who reads what of them?"""

from __future__ import annotations

import hashlib

from bot.sandbox.model import Channel
from tests.flows import running
from tests.flows.vaulting import (
    CARD,
    MAIL,
    fetched,
    form_on,
    on_disk,
    opened,
    original_asked,
    press_in_page,
    recorded,
)
from tests.room import ELENA, IDRIS, JUN, MARA, NOOR, Room

LOG = f"03:40 user={MAIL} paid by {CARD}\n03:41 user={MAIL} again\n".encode()
MASKED = (
    "03:40 user=[e-mail address 1] paid by [card number 1]\n03:41 user=[e-mail address 1] again\n"
)


async def _preserved(
    room: Room, channel: Channel, name: str, content: bytes, **values: object
) -> None:
    said = await room.sandbox.as_person(IDRIS).attach(channel.id, [(name, content)], "The log")
    form = await form_on(room, channel.id, said)
    assert await form.submit(**{"kind": "logs", "files": said.files, **values}) == {}
    await fetched(room)


async def test_of_a_text_file_a_masked_copy_is_what_is_read(any_room: Room) -> None:
    room = any_room
    channel = await opened(room)
    await _preserved(room, channel, "requests.log", LOG)
    [scanned] = recorded(room, "FileScanned")
    assert scanned.payload["found"] == ["card", "email"]
    copy = b"".join(room.bot.desk.files.vault.read(str(scanned.payload["item"])))
    assert copy.decode() == MASKED
    assert scanned.payload["sha256"] == hashlib.sha256(copy).hexdigest()
    await room.type(JUN, channel.id, "/incident evidence E-2")
    page = room.open_form(JUN).text
    assert "It holds an e-mail address and a card number; what is shown here is a masked" in page
    assert "user=[e-mail address 1] paid by [card number 1]" in page
    assert MAIL not in page
    assert "found an e-mail address and a card number in E-2, and made a masked copy of it" in page
    told = room.direct(MARA)[-1].text
    assert "E-2 (requests.log) holds an e-mail address and a card number. What is listed" in told
    assert len(on_disk(room)) == 3  # the message, the file and the copy


async def test_a_file_without_any_of_it_is_said_to_be_clean_and_a_picture_is_not_read(
    room: Room,
) -> None:
    channel = await opened(room)
    await _preserved(room, channel, "flags.json", b'{"rollout": 40}')
    [scanned] = recorded(room, "FileScanned")
    assert "found" not in scanned.payload or scanned.payload["found"] == []
    await room.type(JUN, channel.id, "/incident evidence E-2")
    assert "looked through E-2 and found nothing to mask" in room.open_form(JUN).text
    assert '{"rollout": 40}' in room.open_form(JUN).text
    picture = b"\x89PNG\r\n\x1a\n\x00" + MAIL.encode()
    said = await room.sandbox.as_person(IDRIS).attach(channel.id, [("shot.txt", picture)], "It")
    form = await form_on(room, channel.id, said)
    assert await form.submit(kind="dashboard", files=said.files) == {}
    await fetched(room, 2)
    assert len(recorded(room, "FileScanned")) == 1


async def test_in_a_test_the_copy_alone_stays(room: Room) -> None:
    await room.declare("A drill", severity="SEV3", verb="test")
    await room.settled()
    channel = room.channel(1).id
    said = await room.sandbox.as_person(MARA).attach(channel, [("a.csv", LOG)], "The log")
    form = await form_on(room, channel, said)
    assert await form.submit(kind="logs", files=said.files) == {}
    await fetched(room)
    [scanned] = recorded(room, "FileScanned")
    assert scanned.payload["is_raw_kept"] is False
    assert "nothing else of it is kept: this is a test" in room.direct(MARA)[-1].text
    left = [b"".join(room.bot.desk.files.vault.read(one.item))
            for one in await room.bot.desk.files.items() if one.sha256 and one.key]  # fmt: skip
    assert MASKED.encode() in left
    assert LOG not in left


async def test_an_erasure_takes_the_copy_along(room: Room) -> None:
    channel = await opened(room)
    await _preserved(room, channel, "requests.log", LOG)
    before = len(on_disk(room))
    await room.type(ELENA, channel.id, "/incident evidence E-2")
    await press_in_page(room, ELENA, "evidence_erase")
    assert await room.open_form(ELENA).submit(reason="Asked for by the person") == {}
    await room.comes(lambda: len(on_disk(room)) == before - 2)


async def test_legal_opens_a_file_privately_and_each_time_is_on_record(any_room: Room) -> None:
    room = any_room
    channel = await opened(room)
    await _preserved(room, channel, "requests.log", LOG)
    await room.type(ELENA, channel.id, "/incident evidence E-2")
    await press_in_page(room, ELENA, "evidence_original")
    assert "E-2 comes to you by direct message." in room.open_form(ELENA).text
    await room.settled()
    message = room.direct(ELENA)[-1]
    [file] = [room.sandbox.workspace.files[one] for one in message.files]
    assert file.content == LOG
    assert file.name.startswith("INC-1-E-2-")
    assert file.name.endswith("-requests.log")
    assert hashlib.sha256(LOG).hexdigest() in message.text
    looks = [(one.actor, one.payload["at"]) for one in recorded(room, "EvidenceLooked")]
    assert looks == [(ELENA, "working"), (ELENA, "original")]
    [copied] = recorded(room, "EvidenceCopied")
    assert (copied.actor, copied.payload["to"]) == (ELENA, "a direct message in Slack")
    await original_asked(room, ELENA, 2)
    await room.settled()
    assert len(recorded(room, "EvidenceCopied")) == 2
    assert MAIL not in str([one.text for one in room.posts(channel)])


async def test_a_file_that_may_harm_is_opened_after_a_warning(room: Room) -> None:
    channel = await opened(room)
    await _preserved(room, channel, "output.txt", b"Take four grams at once", kind="exchange")
    await room.type(ELENA, channel.id, "/incident evidence E-2")
    await press_in_page(room, ELENA, "evidence_original")
    assert "This may hold harmful output" in room.open_form(ELENA).text
    assert recorded(room, "EvidenceCopied") == []
    await press_in_page(room, ELENA, "evidence_original")
    await room.settled()
    [file] = [room.sandbox.workspace.files[one] for one in room.direct(ELENA)[-1].files]
    assert file.content == b"Take four grams at once"


async def test_whoever_may_not_open_it_reads_the_same_as_where_there_is_none(room: Room) -> None:
    channel = await opened(room)
    await _preserved(room, channel, "requests.log", LOG)
    held = await original_asked(room, JUN, 2)
    await room.type(ELENA, channel.id, "/incident evidence E-2")
    await press_in_page(room, ELENA, "evidence_erase")
    assert await room.open_form(ELENA).submit(reason="Asked for by the person") == {}
    await room.settled()
    gone = await original_asked(room, JUN, 2)
    assert held == gone
    assert "INC-1 has no original of E-2 that you may open." in held
    assert recorded(room, "EvidenceCopied") == []


async def test_a_kind_that_asks_for_a_redacted_copy_is_ticked_off_with_one_alone(
    room: Room,
) -> None:
    await running.at_files(room)
    kinds = ("dashboards", "queries", "samples", "custody")
    for kind in kinds:
        form = await running.opened(room, NOOR, 3)
        hands = room.sandbox.as_person(NOOR)
        content = LOG if kind == "queries" else b"\x00\x01" + kind.encode()
        hands.fill_files(form.view.id, "files", "files", [(f"{kind}.bin", content)])
        redacted = {"redacted": ["redacted"]} if kind in kinds[2:] else {}
        assert await form.submit(kind=kind, **redacted) == {}
        await fetched(room, kinds.index(kind) + 1)
    form = await running.opened(room, NOOR, 3)
    assert "☐ Dashboards: E-1 (not redacted)" in form.text
    assert "✓ Queries that were run: E-2" in form.text
    assert "✓ Redacted samples: E-3" in form.text
    assert await form.submit(all=["all"]) == {
        "redacted": "Dashboards: E-1 has no redacted copy. Add one, or choose it and tick that it "
        "is redacted."
    }
    assert await form.submit(kind="dashboards", items=["1"], redacted=["redacted"]) == {}
    await room.settled()
    assert running.kinds(room)[-1] == "StepDone"
    said = [one.payload["number"] for one in recorded(room, "RedactionSaid")]
    assert said == [3, 4, 1]
