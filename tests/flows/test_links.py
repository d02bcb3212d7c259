"""Is what a preserved link leads to in the vault, and is it said when it is not?"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from aiohttp import web

from tests.flows.vaulting import on_disk, opened, press_in_page, recorded
from tests.hooks.receiver import Receiver, receiving
from tests.room import ELENA, MARA, SANDBOX_CONTENT, Room, until, war_room

PAGE = b"<h1>Dosage advice, 03:40</h1>"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """What the links of these tests lead to, on this machine."""
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def snapped(receiver: Receiver, database_url: str, tmp_path: Path) -> AsyncIterator[Room]:
    """A room whose policy allows one host of this machine, on purpose."""
    content = tmp_path / "content"
    shutil.copytree(SANDBOX_CONTENT, content)
    policy = yaml.safe_load(Path("runbooks/policy/evidence.yaml").read_text())
    policy["links"]["private_hosts"] = [receiver.url.removeprefix("http://")]
    (content / "policy/evidence.yaml").write_text(yaml.safe_dump(policy))
    async with war_room(database_url, warroom_content=content) as room:
        yield room


def _gives(receiver: Receiver, body: bytes, status: int = 200) -> None:
    receiver.answers.append(web.Response(status=status, body=body, content_type="text/html"))


async def _preserve(room: Room, link: str, **values: object) -> str:
    """Preserve a link, and wait for what comes of it; what the person read at once."""
    channel = room.channel(1).id
    form = await room.form(MARA, f"/incident evidence add {link}", channel)
    assert await form.submit(**{"kind": "dashboard", **values}) == {}
    return form.text


async def _known(room: Room) -> None:
    await until(lambda: recorded(room, "SnapshotTaken") or recorded(room, "SnapshotMissed"))
    await room.settled()


async def test_what_a_link_leads_to_is_kept_with_its_hash_status_and_type(
    snapped: Room, receiver: Receiver
) -> None:
    room, channel = snapped, await opened(snapped)
    _gives(receiver, PAGE)
    said = await _preserve(room, f"{receiver.url}/d/1?token=s3cr3t the dosage panel")
    assert "What the link leads to is being fetched; you are told if it fails." in said
    await _known(room)
    [taken] = recorded(room, "SnapshotTaken")
    assert taken.payload["sha256"] == hashlib.sha256(PAGE).hexdigest()
    assert (taken.payload["status"], taken.payload["content_type"]) == (200, "text/html")
    [awaited] = recorded(room, "SnapshotAwaited")
    assert b"".join(room.bot.desk.files.vault.read(str(awaited.payload["item"]))) == PAGE
    assert [path for path, _, _ in receiver.requests] == ["/d/1?token=s3cr3t"]
    await room.type(MARA, channel.id, "/incident evidence E-1")
    page = room.open_form(MARA).text
    assert "Snapshot: HTTP 200 · text/html · 29 bytes" in page
    assert str(taken.payload["sha256"]) in page
    assert "has a snapshot of what E-1 links to in the vault" in page


async def test_the_original_of_a_link_says_how_its_snapshot_is_had(
    snapped: Room, receiver: Receiver
) -> None:
    room, channel = snapped, await opened(snapped)
    _gives(receiver, PAGE)
    await _preserve(room, f"{receiver.url}/d/1")
    await _known(room)
    await room.type(ELENA, channel.id, "/incident evidence E-1")
    await press_in_page(room, ELENA, "evidence_original")
    shown = room.open_form(ELENA).text
    assert f"{receiver.url}/d/1" in shown
    assert "warroom evidence INC-1 E-1 --to FILE" in shown


async def test_a_link_that_leads_nowhere_keeps_its_hash_and_says_why(
    snapped: Room, receiver: Receiver
) -> None:
    room, channel = snapped, await opened(snapped)
    _gives(receiver, b"Who are you", 403)
    await _preserve(room, f"{receiver.url}/private")
    await _known(room)
    why = "It asks to sign in (HTTP 403), and the bot has no account there."
    [missed] = recorded(room, "SnapshotMissed")
    assert str(missed.payload["reason"]).startswith(why)
    told = "\n".join(one.text for one in room.direct(MARA))
    assert f"INC-1: E-1 keeps the link and its hash, and no snapshot. {why}" in told
    await room.type(MARA, channel.id, "/incident evidence E-1")
    page = room.open_form(MARA).text
    assert f"no snapshot: {why}" in page
    [kept] = recorded(room, "EvidencePreserved")
    assert str(kept.payload["sha256"]) in page
    assert len(on_disk(room)) == 1


async def test_a_link_into_the_house_is_kept_and_not_opened(
    snapped: Room, receiver: Receiver
) -> None:
    await opened(snapped)
    own = int(receiver.url.rpartition(":")[2])
    await _preserve(snapped, f"http://127.0.0.1:{own + 1}/latest/meta-data")
    await _known(snapped)
    [missed] = recorded(snapped, "SnapshotMissed")
    assert str(missed.payload["reason"]).startswith("It is not opened: it is not reached by https")
    assert receiver.requests == []


async def test_of_what_is_kept_as_a_hash_the_snapshot_is_one_too(
    snapped: Room, receiver: Receiver
) -> None:
    await opened(snapped)
    _gives(receiver, PAGE)
    await _preserve(snapped, f"{receiver.url}/d/1", raw="hash")
    await _known(snapped)
    [taken] = recorded(snapped, "SnapshotTaken")
    assert taken.payload["sha256"] == hashlib.sha256(PAGE).hexdigest()
    await until(lambda: on_disk(snapped) == [])


async def test_erasing_a_link_destroys_its_snapshot_too(snapped: Room, receiver: Receiver) -> None:
    room, channel = snapped, await opened(snapped)
    _gives(receiver, PAGE)
    await _preserve(room, f"{receiver.url}/d/1")
    await _known(room)
    assert len(on_disk(room)) == 2
    await room.type(ELENA, channel.id, "/incident evidence E-1")
    await press_in_page(room, ELENA, "evidence_erase")
    form = room.open_form(ELENA)
    assert await form.submit(reason="preserved by mistake") == {}
    await until(lambda: on_disk(room) == [])


async def _asked(room: Room, times: int) -> None:
    """Wait until it is on record that the other side was asked so often in vain."""
    await until(lambda: len(recorded(room, "SnapshotDelayed")) == times)


async def test_what_did_not_come_at_once_comes_with_a_later_round(
    snapped: Room, receiver: Receiver
) -> None:
    channel = await opened(snapped)
    _gives(receiver, b"", 503)
    _gives(receiver, PAGE)
    await _preserve(snapped, f"{receiver.url}/d/1")
    await _asked(snapped, 1)
    await snapped.type(MARA, channel.id, "/incident evidence E-1")
    assert "snapshot being fetched; asked once, last HTTP 503" in snapped.open_form(MARA).text
    snapped.clock.move(timedelta(minutes=6))
    await _known(snapped)
    [taken] = recorded(snapped, "SnapshotTaken")
    assert taken.payload["sha256"] == hashlib.sha256(PAGE).hexdigest()


async def test_who_answers_in_vain_is_asked_ever_later_and_at_last_no_more(
    snapped: Room, receiver: Receiver
) -> None:
    channel = await opened(snapped)
    receiver.answers = [web.Response(status=500) for _ in range(9)]
    await _preserve(snapped, f"{receiver.url}/d/1")
    for times, minutes in enumerate((5, 15, 45, 135, 405), start=1):
        await _asked(snapped, times)
        snapped.clock.move(timedelta(minutes=minutes + 1))
    await _known(snapped)
    assert len(receiver.requests) == 6
    [missed] = recorded(snapped, "SnapshotMissed")
    why = "It was asked for 6 times and not given (HTTP 500). Preserve the link anew"
    assert str(missed.payload["reason"]).startswith(why)
    assert why in "\n".join(one.text for one in snapped.direct(MARA))
    await snapped.type(MARA, channel.id, "/incident evidence E-1")
    assert f"no snapshot: {why}" in snapped.open_form(MARA).text


async def test_what_does_not_come_within_a_day_is_waited_for_no_longer(
    snapped: Room, receiver: Receiver
) -> None:
    await opened(snapped)
    receiver.answers = [web.Response(status=503) for _ in range(9)]
    await _preserve(snapped, f"{receiver.url}/d/1")
    await _asked(snapped, 1)
    snapped.clock.move(timedelta(hours=25))
    await _known(snapped)
    [missed] = recorded(snapped, "SnapshotMissed")
    assert missed.payload["reason"] == "The other side did not give it within a day."
