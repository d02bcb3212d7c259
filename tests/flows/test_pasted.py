"""What becomes of personal data that somebody pastes into a room?"""

from __future__ import annotations

import json

from tests.flows.vaulting import CARD, MAIL, kinds, on_disk, opened, recorded
from tests.room import ELENA, GENERAL, IDRIS, JUN, MARA, Room


async def test_pasted_data_is_sealed_at_once_and_its_author_asked_to_delete_it(
    any_room: Room,
) -> None:
    room = any_room
    channel = await opened(room)
    said = await room.sandbox.as_person(IDRIS).say(channel.id, f"She paid with {CARD}, {MAIL}")
    await room.comes(lambda: recorded(room, "EvidencePreserved"))
    await room.settled()
    [fact] = recorded(room, "EvidencePreserved")
    assert (fact.payload["source"], fact.payload["label"]) == ("pasted", "red")
    assert fact.payload["found"] == ["card", "email"]
    assert fact.payload["working"] == "She paid with [card number 1], [e-mail address 1]"
    kept = json.loads(b"".join(room.bot.desk.files.vault.read(fact.payload["item"])))
    assert CARD in kept["text"]
    [talk] = [one for one in room.chain("talk/1") if one.payload.get("ts") == said.ts]
    assert talk.payload["text"] == "She paid with [card number 1], [e-mail address 1]"
    asked = room.direct(IDRIS)[-1].text
    assert "holds an e-mail address and a card number" in asked
    assert "Please delete it in Slack: only you can." in asked
    assert "Our own copy is sealed as E-1." in asked
    assert CARD not in asked
    assert "pasted data still in Slack: E-1" in room.summary(1)
    for each in room.posts(channel):
        assert CARD not in each.text


async def test_it_says_still_in_slack_until_the_message_is_gone(room: Room) -> None:
    channel = await opened(room)
    hands = room.sandbox.as_person(IDRIS)
    said = await hands.say(channel.id, f"Call {MAIL}")
    await room.comes(lambda: recorded(room, "EvidencePreserved"))
    assert "still in Slack" in await room.type(ELENA, channel.id, "/incident evidence")
    await hands.delete(channel.id, said.ts)
    await room.comes(lambda: recorded(room, "SourceCleared"))
    await room.settled()
    assert recorded(room, "SourceCleared")[0].payload["how"] == "deleted"
    assert "still in Slack" not in await room.type(ELENA, channel.id, "/incident evidence")
    assert "still in Slack" not in room.summary(1)


async def test_an_edit_that_takes_it_out_clears_it_and_one_that_puts_it_in_is_noticed(
    room: Room,
) -> None:
    channel = await opened(room)
    hands = room.sandbox.as_person(IDRIS)
    said = await hands.say(channel.id, "Call them")
    await hands.edit(channel.id, said.ts, f"Call {MAIL}")
    await room.comes(lambda: recorded(room, "EvidencePreserved"))
    await hands.edit(channel.id, said.ts, "Call them, ticket 88213")
    await room.comes(lambda: recorded(room, "SourceCleared"))
    assert recorded(room, "SourceCleared")[0].payload["how"] == "edited"
    await room.settled()
    assert MAIL not in str([fact.payload for fact in room.chain("talk/1")])


async def test_under_a_legal_hold_nobody_is_asked_to_delete(room: Room) -> None:
    channel = await opened(room)
    await room.type(ELENA, channel.id, "/incident hold because the regulator asked")
    await room.sandbox.as_person(IDRIS).say(channel.id, f"Call {MAIL}")
    await room.comes(lambda: recorded(room, "EvidencePreserved"))
    await room.settled()
    asked = room.direct(IDRIS)[-1].text
    assert "A legal hold is on, so please leave the message" in asked
    assert "delete it" not in asked


async def test_what_is_no_personal_data_and_what_is_said_elsewhere_is_left_alone(
    room: Room,
) -> None:
    channel = await opened(room)
    for words in ("1,000 mg every 4 hours in chat 88213 at 03:40", "INC-1 to 4.1.2"):
        await room.sandbox.as_person(IDRIS).say(channel.id, words)
    await room.sandbox.as_person(JUN).say(GENERAL, f"Call {MAIL}")
    await room.settled()
    assert kinds(room) == []
    assert on_disk(room) == []


async def test_in_a_test_no_copy_of_it_is_kept(room: Room) -> None:
    await room.declare("A drill", severity="SEV3", verb="test")
    await room.settled()
    await room.sandbox.as_person(MARA).say(room.channel(1).id, f"Call {MAIL}")
    await room.comes(lambda: recorded(room, "EvidencePreserved"))
    await room.comes(lambda: on_disk(room) == [])
    await room.settled()
    assert "We keep no copy of it." in room.direct(MARA)[-1].text
