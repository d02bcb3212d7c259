"""Is a room that is left closed step by step, without Slack telling of a step twice?"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator

import pytest

from bot.core import ids
from bot.core.failures import Retryable, TooFast
from bot.core.messages import Content, Post
from bot.sandbox.journal import KEPT, Wanted
from bot.slack import leaving
from tests.flows.story import TITLE
from tests.room import MARA, Room, StillClock, war_room
from tests.test_pacing import claimed

SAID = 70


@pytest.fixture
async def talkative(sqlite_url: str) -> AsyncIterator[Room]:
    """A room in which the bot wrote more than Slack lets it delete in a minute."""
    async with war_room(sqlite_url, clock=StillClock()) as room:
        await room.declare(TITLE, severity="SEV2")
        await room.settled()
        posts = [Post(f"note {n}", ids.room(1), Content(f"Note {n}")) for n in range(SAID)]
        await room.bot.engine.owe(posts)
        await room.settled()
        yield room


def calls(room: Room, *, is_failed: bool) -> Counter[str]:
    """How often which method was called, and did or did not do it."""
    wanted = Wanted(kind="call", is_failed=is_failed, limit=KEPT)
    return Counter(one.name for one in room.sandbox.journal.entries(wanted))


async def leave(room: Room) -> tuple[Counter[str], Counter[str]]:
    """Go on in private; which methods did it meanwhile, and which failed."""
    before = [calls(room, is_failed=one) for one in (False, True)]
    await room.type(MARA, room.channel(1).id, "/incident private because a patient is named")
    await room.settled()
    after = [calls(room, is_failed=one) for one in (False, True)]
    return after[0] - before[0], after[1] - before[1]


async def test_seventy_messages_are_deleted_at_slacks_pace_and_the_topic_set_once(
    talkative: Room,
) -> None:
    old = talkative.channel(1)
    did, failed = await leave(talkative)
    assert old.is_archived
    left = [one.text for one in talkative.posts(old) if not one.subtype]
    assert left == ["INC-1 went on in private."]
    assert failed["chat.delete"] == 0
    assert did["chat.delete"] >= SAID
    lines = Counter(one.subtype for one in old.messages)
    assert lines["channel_name"] == 1
    assert [one.text for one in old.messages if "went on in private" in one.text][1:] == [
        "set the channel topic: INC-1 went on in private."
    ]


async def test_a_step_that_slack_did_and_did_not_own_up_to_is_not_done_again(
    talkative: Room,
) -> None:
    old = talkative.channel(1)
    for method in ("conversations.rename", "conversations.setTopic", "conversations.archive"):
        talkative.sandbox.faults.add(f"{method}:internal_error:1")
    tried = await leave(talkative)
    assert old.is_archived
    assert old.name == "inc-1-incident"
    done = Counter(one.subtype for one in old.messages)
    assert (done["channel_name"], done["channel_archive"]) == (1, 1)
    assert [each["conversations.rename"] for each in tried] == [0, 1]


async def test_what_is_said_in_a_thread_after_it_was_looked_through_is_deleted_too(
    room: Room,
) -> None:
    await room.declare(TITLE, severity="SEV2")
    await room.settled()
    old = room.channel(1)
    root = await room.sandbox.as_person(MARA).say(old.id, "What now?")
    await reply(room, "It is looked at", root.ts)
    leaves = leaving.Leaving(room.bot.calls, room.bot.me)
    body = {"effect": "archive", "but": "Gone"}
    owed = claimed("call", body, needs_value={"channel": old.id})
    room.sandbox.faults.add("conversations.archive:429:1")
    with pytest.raises(TooFast):
        await leaves(owed, body)
    await reply(room, "It is mended", root.ts)
    await leaves(owed, body)
    assert old.is_archived
    assert [one.text for one in room.posts(old) if not one.subtype] == []


async def test_more_threads_than_an_attempt_looks_through_are_gone_on_with(room: Room) -> None:
    await room.declare(TITLE, severity="SEV2")
    await room.settled()
    old, hands = room.channel(1), room.sandbox.as_person(MARA)
    for number in range(leaving.AT_ONCE + 1):
        root = await hands.say(old.id, f"Question {number}")
        await hands.say(old.id, "Answer", thread_ts=root.ts)
    leaves = leaving.Leaving(room.bot.calls, room.bot.me)
    body = {"effect": "archive", "but": "Gone"}
    owed = claimed("call", body, needs_value={"channel": old.id})
    with pytest.raises(Retryable, match="more threads"):
        await leaves(owed, body)
    assert not old.is_archived
    await leaves(owed, body)
    assert old.is_archived


async def reply(room: Room, words: str, thread_ts: str) -> None:
    """Let the bot say something in a thread of the room."""
    await room.bot.engine.owe([Post(words, ids.room(1), Content(words), thread_ts=thread_ts)])
    await room.settled()
