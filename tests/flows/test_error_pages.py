"""What does the bot make of an error page where Slack's answer should be?"""

from __future__ import annotations

from tests.flows.story import TITLE
from tests.room import Room


async def test_a_call_that_is_answered_with_an_error_page_is_made_again(room: Room) -> None:
    room.sandbox.faults.add("conversations.create:500:1")
    await room.declare(TITLE, severity="SEV3")
    await room.comes(lambda: any(row.attempts == 1 and row.error for row in room.owed("pending")))
    await room.pass_time(seconds=5)
    assert len(room.rooms()) == 1
    assert room.owed("failed", "undeliverable") == []
