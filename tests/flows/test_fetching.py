"""Is a file fetched, although Slack stumbles or the bot dies on the way?"""

from __future__ import annotations

from datetime import timedelta

from bot.features.fetching import slack as fetching
from tests.flows.vaulting import fetched, form_on, on_disk, opened, recorded
from tests.room import IDRIS, Room, until


async def _asked(room: Room) -> None:
    channel = await opened(room)
    said = await room.sandbox.as_person(IDRIS).attach(channel.id, [("a.bin", b"x" * 99)], "It")
    form = await form_on(room, channel.id, said)
    assert await form.submit(kind="trace", files=said.files) == {}
    await until(lambda: [one for one in room.sandbox.calls if one.method == "files.info"])
    await room.settled()


async def test_what_slack_did_not_give_at_once_is_fetched_in_a_later_round(room: Room) -> None:
    stumbling = room.sandbox.faults.add("files.info:500:1")
    await _asked(room)
    assert recorded(room, "FileTaken") == []
    room.sandbox.faults.clear(stumbling)
    room.clock.move(timedelta(minutes=6))
    await fetching.Fetching(room.bot.engine, room.bot.desk.files).collect()
    await fetched(room)
    assert recorded(room, "FileTaken")[0].payload["size_bytes"] == 99


async def test_what_a_bot_that_died_left_is_fetched_by_the_next(any_room: Room) -> None:
    room = any_room
    stumbling = room.sandbox.faults.add("files.info:500:1")
    await _asked(room)
    room.sandbox.faults.clear(stumbling)
    await room.restart(timedelta(minutes=6))
    await fetched(room)
    assert recorded(room, "FileMissed") == []
    assert len(on_disk(room)) == 2


async def test_a_file_that_came_and_was_not_recorded_is_recorded_by_the_next_round(
    room: Room,
) -> None:
    stumbling = room.sandbox.faults.add("files.info:500:1")
    await _asked(room)
    room.sandbox.faults.clear(stumbling)
    files = room.bot.desk.files
    [awaited] = recorded(room, "FileAwaited")
    held = await files.fetch(str(awaited.payload["file_id"]), str(awaited.payload["item"]))
    assert recorded(room, "FileTaken") == []  # as if the bot had died here
    room.clock.move(timedelta(minutes=6))
    await fetching.Fetching(room.bot.engine, files).collect()
    await fetched(room)
    assert recorded(room, "FileTaken")[0].payload["sha256"] == held.sha256
