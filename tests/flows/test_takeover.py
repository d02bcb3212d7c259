"""Does a role that was accepted ever get stuck?"""

from __future__ import annotations

from tests.flows.story import TITLE
from tests.room import ELENA, GENERAL, IDRIS, JUN, KOFI, MARA, SAM, Room
from tests.screen import shown


async def _commanded(room: Room, by: str = IDRIS, *, switches: tuple[str, ...] = ()) -> str:
    """An incident of Mara's with Idris, Jun and Elena in it, which `by` commands; its channel."""
    await room.declare(TITLE, severity="SEV1", switches=switches)
    await room.settled()
    channel = room.channel(1).id
    await room.type(by, channel, "/incident take ic")
    await room.settled()
    return channel


def _commanders(room: Room) -> list[str]:
    facts = [one.payload for one in room.facts(1) if one.kind == "RoleAccepted"]
    return [str(one["person"]) for one in facts if one["role"] == "ic"]


async def test_whoever_commands_is_asked_and_hands_it_over(any_room: Room) -> None:
    room = any_room
    channel = await _commanded(room)
    told = await room.type(JUN, channel, "/incident take ic because Idris debugs")
    assert told.startswith(f"<@{IDRIS}> is asked. You are Incident Commander by <!date")
    await room.settled()
    question = room.direct(IDRIS)[-1]
    assert question.text.startswith(
        f"<@{JUN}> asks to be Incident Commander in INC-1 in your place: Idris debugs. Answer by "
    )
    told = await room.type(ELENA, channel, "/incident take ic")
    assert told.startswith(f"<@{JUN}> has asked <@{IDRIS}> for it already, and has it <!date")
    await room.press_direct(IDRIS, "takeover_agreed")
    await room.settled()
    assert _commanders(room) == [IDRIS, JUN]
    assert f"IC: <@{JUN}>" in room.summary(1)
    assert shown(question.blocks).endswith("It is settled.")
    assert any("You are free of it." in one.text for one in room.direct(IDRIS))


async def test_without_an_answer_it_goes_over_and_nobody_is_stuck(room: Room) -> None:
    channel = await _commanded(room)
    await room.type(JUN, channel, "/incident take ic")
    await room.settled()
    await room.pass_time(minutes=4)
    assert _commanders(room) == [IDRIS]
    await room.pass_time(minutes=2)
    assert _commanders(room) == [IDRIS, JUN]
    assert f"IC: <@{JUN}>" in room.summary(1)
    await room.pass_time(minutes=10)
    assert _commanders(room) == [IDRIS, JUN]


async def test_only_who_holds_the_role_can_answer_and_only_once(room: Room) -> None:
    channel = await _commanded(room)
    await room.type(JUN, channel, "/incident take ic")
    await room.settled()
    talk = room.talk_with(IDRIS)
    told = await room.press(IDRIS, talk, "takeover_kept")
    assert told == "You keep the role; they are told."
    await room.settled()
    assert f"<@{IDRIS}> stays Incident Commander" in room.direct(JUN)[-1].text
    clicks = [one for one in room.sandbox.deliveries if one.kind == "interactive"]
    payload = clicks[-1].payload
    late = {**payload, "actions": [{**payload["actions"][0], "action_ts": "1795258900.000001"}]}
    await room.sandbox.deliver.ask("interactive", {**late, "trigger_id": "1.2.late"})
    await room.settled()
    assert _commanders(room) == [IDRIS]


async def test_of_whoever_has_left_the_room_nobody_asks(room: Room) -> None:
    channel = await _commanded(room, switches=("private",))
    await room.sandbox.as_person(MARA).remove(channel, IDRIS)
    await room.comes(lambda: room.facts(1)[-1].kind == "PersonLeft")
    await room.settled()
    assert "the Incident Commander has left the room: anybody in it can take" in room.summary(1)
    told = await room.type(ELENA, channel, "/incident take ic")
    assert told.startswith("You are Incident Commander of INC-1.")
    await room.settled()
    assert _commanders(room) == [IDRIS, ELENA]


async def test_the_declarer_takes_the_command_at_once_with_a_reason(room: Room) -> None:
    channel = await _commanded(room)
    told = await room.type(MARA, channel, "/incident take because he does not answer")
    assert told.startswith("You are Incident Commander of INC-1.")
    assert _commanders(room) == [IDRIS, MARA]


async def test_where_there_is_a_sponsor_they_do_and_the_declarer_asks(room: Room) -> None:
    channel = await _commanded(room)
    await room.type(IDRIS, channel, f"/incident role sponsor <@{SAM}>")
    await room.settled()
    await room.press_direct(SAM, "accept_role")
    await room.settled()
    told = await room.type(MARA, channel, "/incident take ic because he does not answer")
    assert told.startswith(f"<@{IDRIS}> is asked.")
    told = await room.type(SAM, channel, "/incident take ic because it takes too long")
    assert told.startswith("You are Incident Commander of INC-1.")


async def test_from_outside_nothing_is_changed_and_what_to_do_is_said(room: Room) -> None:
    await _commanded(room)
    before = len(room.facts(1))
    for line in (
        "update INC-1 All is well",
        "title INC-1 Nothing happened",
        "take INC-1 comms",
        "note INC-1 I was here",
        f"task INC-1 <@{MARA}> sleep",
        f"page INC-1 <@{ELENA}>",
    ):
        told = await room.type(SAM, GENERAL, f"/incident {line}")
        assert told == (
            "You are not in the room of INC-1, so nothing was changed. Join it first: the button "
            "stands where it was announced."
        ), line
    [last] = room.whispers(GENERAL, SAM)[-1:]
    assert "join" in str(last.blocks)
    form = await room.form(SAM, "/incident fill INC-1", GENERAL)
    assert "You are not in the room" in str(await form.submit(harm="stopped"))
    assert len(room.facts(1)) == before


async def test_a_guest_declares_and_whoever_is_on_call_commands(room: Room) -> None:
    await room.declare(TITLE, by=KOFI, severity="SEV2")
    await room.settled()
    assert f"<@{MARA}> is acting Incident Commander" in room.summary(1)
    assert {KOFI, MARA} <= set(room.channel(1).members)
    told = await room.type(KOFI, room.channel(1).id, "/incident severity sev3 because it is mine")
    assert "is up to the Incident Commander" in told
    told = await room.type(KOFI, room.channel(1).id, "/incident take ic")
    assert told == f"<@{KOFI}> is a guest, and a guest cannot be Incident Commander."


async def test_from_outside_one_press_on_join_leads_in(room: Room) -> None:
    await _commanded(room)
    await room.type(SAM, GENERAL, "/incident title INC-1 Wrong dosage")
    assert (await room.press(SAM, GENERAL, "join")).startswith("You are invited to <#")
    await room.settled()
    told = await room.type(SAM, GENERAL, "/incident title INC-1 Wrong dosage")
    assert told == "INC-1 has its new title everywhere in a moment."


async def test_a_guest_in_the_room_does_not_rename_the_incident(room: Room) -> None:
    channel = await _commanded(room)
    await room.type(IDRIS, channel, f"/incident add <@{KOFI}>")
    await room.settled()
    told = await room.type(KOFI, channel, "/incident title Nothing happened")
    assert told == (
        "You are a guest here. To change the title is up to those who work here: ask "
        f"<@{IDRIS}>. Nothing was changed."
    )
    told = await room.type(KOFI, channel, "/incident update It is better now")
    assert "guest" not in told
