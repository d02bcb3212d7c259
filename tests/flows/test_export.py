"""How does the record reach somebody in Slack, once, and nobody who may not have it?"""

from __future__ import annotations

import hashlib
import json

import pytest

from bot.export import verify
from bot.sandbox.model import File
from storage import log, outbox
from tests.flows.story import TITLE
from tests.room import GENERAL, IDRIS, JUN, MARA, NOOR, Room

BROUGHT = (
    "The record of INC-1 comes to you by direct message as a ZIP. "
    "That you took it along is on the timeline."
)


def files_of(room: Room, person: str) -> list[File]:
    """The files that were brought to one person privately."""
    files = room.sandbox.workspace.files
    return [files[one] for message in room.direct(person) for one in message.files]


async def declared(room: Room, *switches: str) -> str:
    await room.declare(TITLE, severity="SEV2", switches=switches)
    await room.settled()
    return room.channel(1).id


async def test_the_record_comes_privately_and_is_what_the_log_says_it_is(
    any_room: Room, tmp_path: object
) -> None:
    channel = await declared(any_room)
    assert await any_room.type(MARA, channel, "/incident export") == BROUGHT
    await any_room.settled()
    [file] = files_of(any_room, MARA)
    [fact] = [one for one in any_room.facts(1) if one.kind == "RecordExported"]
    assert hashlib.sha256(file.content).hexdigest() == fact.payload["archive"]
    assert (fact.actor, fact.payload["is_to_slack"]) == (MARA, True)
    [before] = [one for one in any_room.facts(1) if one.seq == fact.payload["seq"]]
    assert before.hash == fact.payload["head"]
    assert fact.seq == before.seq + 1
    assert file.name == f"INC-1-record-{fact.payload['archive'][:12]}.zip"
    said = next(one.text for one in any_room.direct(MARA) if one.files)
    assert fact.payload["manifest"] in said
    assert "up to fact" in said
    rows = any_room.database.read_now(lambda conn: outbox.listing(conn, ["done"]))
    assert any(row.name.startswith("incident/1 export") for row in rows)
    assert any_room.database.read_now(log.verify).broken is None


async def test_the_file_that_came_is_whole(
    room: Room, tmp_path_factory: pytest.TempPathFactory
) -> None:
    channel = await declared(room)
    await room.type(MARA, channel, "/incident export")
    await room.settled()
    [file], place = files_of(room, MARA), tmp_path_factory.mktemp("taken") / "record.zip"
    place.write_bytes(file.content)
    assert verify.faults(verify.Place(place), hashlib.sha256(file.content).hexdigest()) == []


@pytest.mark.parametrize(
    "fault",
    [
        "files.completeUploadExternal:drop_after:1",
        "files.completeUploadExternal:internal_error:1",
        "files.completeUploadExternal:500:1",
        "files.getUploadURLExternal:drop_after:1",
        "conversations.open:drop:1",
    ],
)
async def test_a_file_of_which_nobody_knows_whether_it_came_comes_once(
    quiet_room: Room, fault: str
) -> None:
    quiet_room.sandbox.faults.add(fault)
    await quiet_room.type(MARA, quiet_room.channel(1).id, "/incident export")
    await quiet_room.settled()
    assert len(files_of(quiet_room, MARA)) == 1
    assert quiet_room.owed("failed", "undeliverable") == []


async def test_each_export_is_a_file_and_a_fact_of_its_own(room: Room) -> None:
    channel = await declared(room)
    for _ in range(2):
        await room.type(MARA, channel, "/incident export")
        await room.settled()
    facts = [one for one in room.facts(1) if one.kind == "RecordExported"]
    assert len({one.payload["archive"] for one in facts}) == 2
    assert len({file.name for file in files_of(room, MARA)}) == 2


async def test_who_has_no_right_to_it_is_told_whom_to_ask(room: Room) -> None:
    channel = await declared(room)
    told = await room.type(IDRIS, channel, "/incident export")
    assert told.startswith(f"To export the record is up to the Incident Commander: ask <@{MARA}>.")
    await room.settled()
    assert files_of(room, IDRIS) == []
    assert "RecordExported" not in [one.kind for one in room.facts(1)]


async def test_to_outsiders_there_is_nothing_to_export(room: Room) -> None:
    await declared(room, "private")
    assert await room.type(NOOR, GENERAL, "/incident export INC-1") == "There is no INC-1."
    assert await room.type(NOOR, GENERAL, "/incident export INC-9") == "There is no INC-9."


async def test_where_a_person_may_be_at_risk_only_those_in_the_room_export(room: Room) -> None:
    await declared(room, "person_at_risk")
    told = await room.type(JUN, GENERAL, "/incident export INC-1")
    assert "stays in its room" in told or "is up to" in told
    assert files_of(room, JUN) == []


async def test_what_was_brought_is_not_kept_in_the_outbox(room: Room) -> None:
    channel = await declared(room)
    await room.type(MARA, channel, "/incident export")
    await room.settled()
    bodies = room.database.read_now(
        lambda conn: (
            conn.exec_driver_sql("SELECT body FROM outbox WHERE name LIKE 'incident/1 export%'")
            .scalars()
            .all()
        )
    )
    assert all("content" not in (json.loads(body) if body else {}) for body in bodies)


async def test_line_ends_of_unicode_in_what_was_pasted_break_no_export(
    room: Room, tmp_path_factory: pytest.TempPathFactory
) -> None:
    channel = await declared(room)
    await room.type(MARA, channel, "/incident note one\u2028two\u2029three\x85four")
    await room.type(MARA, channel, "/incident export")
    await room.settled()
    [file] = files_of(room, MARA)
    place = tmp_path_factory.mktemp("export") / file.name
    place.write_bytes(file.content)
    assert verify.faults(verify.Place(place)) == []
