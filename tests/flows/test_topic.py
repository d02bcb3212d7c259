"""Whose words stand in the topic of a room?"""

from __future__ import annotations

from tests.flows.story import TITLE
from tests.room import MARA, Room


async def test_people_keep_their_own_words_behind_the_topic(room: Room) -> None:
    await room.declare(TITLE, severity="SEV3")
    await room.settled()
    channel = room.channel(1)
    channel.topic += " · bridge: ask Jun"
    await room.type(MARA, channel.id, "/incident title Adult doses")
    await room.settled()
    assert room.channel(1).topic == (
        "INC-1 · SEV3 · Investigating · \u2068Adult doses\u2069 · bridge: ask Jun"
    )
    await room.type(MARA, channel.id, "/incident title Adult doses for children")
    await room.settled()
    assert room.channel(1).topic.endswith("children\u2069 · bridge: ask Jun")


async def test_a_topic_that_was_set_unseen_is_not_taken_for_peoples_words(room: Room) -> None:
    await room.declare(TITLE, severity="SEV2")
    await room.settled()
    channel = room.channel(1)
    channel.topic += " · bridge: ask Jun"
    room.sandbox.faults.add("conversations.setTopic:drop_after:1")
    await room.type(MARA, channel.id, "/incident severity sev1 because doses")
    await room.comes(lambda: channel.topic.startswith("INC-1 · SEV1"))
    await room.comes(lambda: [one for one in room.owed() if one.name == "topic/1" and one.error])
    await room.type(MARA, channel.id, "/incident severity sev0 because of children")
    await room.settled()
    assert channel.topic == f"INC-1 · SEV0 · Investigating · \u2068{TITLE}\u2069 · bridge: ask Jun"
