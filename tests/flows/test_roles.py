"""Who does what, from the first minute to the handoff?"""

from __future__ import annotations

from tests.flows.story import TITLE
from tests.room import ELENA, GENERAL, IDRIS, JUN, KOFI, MARA, NOOR, Room
from tests.screen import shown


async def _room(room: Room, severity: str = "SEV3") -> str:
    await room.declare(TITLE, severity=severity)
    await room.settled()
    return room.channel(1).id


def _kinds(room: Room) -> list[str]:
    return [fact.kind for fact in room.facts(1) if fact.kind.startswith(("Role", "Handoff"))]


async def test_a_role_is_offered_accepted_and_shown(any_room: Room) -> None:
    room = any_room
    channel = await _room(room)
    told = await room.type(MARA, channel, f"/incident role scribe <@{NOOR}>")
    assert told == f"<@{NOOR}> was asked to be Scribe; the summary shows when they accept."
    await room.settled()
    [offer] = room.direct(NOOR)
    assert offer.text.startswith(f"<@{MARA}> asks you to be Scribe in INC-1 (SEV3) · <#{channel}>.")
    assert "Keeps the timeline, the decisions" in offer.text
    assert NOOR in room.channel(1).members
    assert f"Scribe: <@{NOOR}> was asked" in room.summary(1)
    assert await room.press_direct(NOOR, "accept_role") == "You are Scribe of INC-1."
    await room.settled()
    assert f"Scribe: <@{NOOR}>" in room.summary(1)
    assert "was asked" not in room.summary(1)
    assert shown(room.direct(NOOR)[0].blocks).startswith("You are Scribe. INC-1")
    assert len(room.direct(NOOR)) == 1


async def test_an_offer_is_declined_and_whoever_made_it_hears_of_it(room: Room) -> None:
    channel = await _room(room)
    await room.type(MARA, channel, f"/incident role legal <@{ELENA}>")
    await room.settled()
    await room.press_direct(ELENA, "decline_role")
    await room.settled()
    assert any("declined to be Legal in INC-1" in one.text for one in room.direct(MARA))
    assert shown(room.direct(ELENA)[0].blocks).startswith("You declined to be Legal.")
    assert _kinds(room) == ["RoleOffered", "RoleDeclined"]


async def test_the_form_shows_the_time_of_day_and_who_wants_to_sleep(room: Room) -> None:
    channel = await _room(room)
    await room.press(MARA, channel, "roles_asked")
    form = room.open_form(MARA)
    form.fill(role="legal", what="give")
    hands = room.sandbox.as_person(MARA)
    offered = await hands.suggest(form.view.id, "person", "person", "elena")
    assert len(offered) == 1
    label = offered[0]["text"]["text"]
    assert label.startswith("Elena Petrova · ") or "elena" in label.casefold()
    assert label.endswith("do not disturb")
    everybody = await hands.suggest(form.view.id, "person", "person", "")
    assert any("EXTERNAL" in one["text"]["text"] for one in everybody)
    await hands.choose(form.view.id, "person", "person", "elena")
    assert await form.submit() == {}
    await room.settled()
    assert f"Legal: <@{ELENA}> was asked" in room.summary(1)


async def test_there_is_one_commander_at_any_time(any_room: Room) -> None:
    room = any_room
    channel = await _room(room)
    assert f"<@{MARA}> is acting Incident Commander" in room.summary(1)
    told = await room.press(MARA, channel, "take_command")
    assert told.startswith("You are Incident Commander of INC-1.")
    await room.settled()
    assert f"IC: <@{MARA}>" in room.summary(1)
    await room.type(MARA, channel, f"/incident add <@{IDRIS}>")
    await room.settled()
    told = await room.type(MARA, channel, f"/incident handoff ic <@{IDRIS}> Canary at 04:00")
    assert told.startswith(f"<@{IDRIS}> was asked to be Incident Commander")
    await room.settled()
    assert f"IC: <@{MARA}>; <@{IDRIS}> was asked" in room.summary(1)
    assert any("Open: Canary at 04:00" in one.text for one in room.direct(IDRIS))
    await room.press_direct(IDRIS, "accept_role")
    await room.settled()
    assert f"IC: <@{IDRIS}>" in room.summary(1)
    assert any("You are free of it." in one.text for one in room.direct(MARA))
    told = await room.type(IDRIS, channel, "/incident drop ic")
    assert told == "It is laid down; the summary shows who holds what now."
    await room.settled()
    assert f"<@{MARA}> is acting Incident Commander" in room.summary(1)
    assert any("You are acting Incident Commander" in one.text for one in room.direct(MARA))


async def test_a_refusal_offers_to_ask_whoever_may(room: Room) -> None:
    channel = await _room(room)
    await room.type(MARA, channel, f"/incident add <@{JUN}>")
    await room.settled()
    before = len(room.facts(1))
    told = await room.type(JUN, channel, "/incident resolve It is gone")
    assert told == (
        f"To resolve the incident is up to the Incident Commander: ask <@{MARA}>. "
        "Nothing was changed."
    )
    assert len(room.facts(1)) == before
    assert await room.press(JUN, channel, "ask_holder") == f"<@{MARA}> is asked."
    await room.settled()
    assert any(
        one.text.startswith(f"<@{JUN}> asks you to resolve the incident: INC-1")
        for one in room.direct(MARA)
    )
    assert await room.press(JUN, channel, "ask_holder") == (
        f"You asked <@{MARA}> already, a moment ago."
    )


async def test_a_guest_holds_any_role_but_the_command_and_is_marked(room: Room) -> None:
    channel = await _room(room)
    told = await room.type(MARA, channel, f"/incident role ic <@{KOFI}>")
    assert told == f"<@{KOFI}> is a guest, and a guest cannot be Incident Commander."
    await room.type(MARA, channel, f"/incident role safety <@{KOFI}>")
    await room.settled()
    await room.press_direct(KOFI, "accept_role")
    await room.settled()
    assert f"Safety: <@{KOFI}> EXTERNAL" in room.summary(1)


async def test_after_four_hours_a_handoff_is_offered(room: Room) -> None:
    channel = await _room(room)
    await room.type(MARA, channel, "/incident take ic")
    await room.pass_time(hours=4, minutes=1)
    [rest] = [one for one in room.direct(MARA) if "for hours. Who takes over?" in one.text]
    assert "handoff_asked" in str(rest.blocks)
    await room.press_direct(MARA, "handoff_asked")
    form = room.open_form(MARA)
    assert "You stay Incident Commander until they accept." in form.text
    assert _kinds(room)[-1] == "HandoffSuggested"


async def test_what_is_lacking_is_one_line_on_the_summary(room: Room) -> None:
    channel = await _room(room, "SEV1")
    gaps = next(line for line in room.summary(1).split("\n") if line.startswith("*Gaps:*"))
    assert gaps.startswith("*Gaps:* *nobody is Safety Lead* · *nobody is Model Owner* · ")
    assert "nobody has accepted the command" in gaps
    await room.type(MARA, channel, "/incident take ic")
    await room.type(MARA, channel, "/incident take technical")
    await room.settled()
    assert f"<@{MARA}> is IC and Tech lead" in room.summary(1)


async def test_who_may_decide_can_be_read(room: Room) -> None:
    await _room(room)
    told = await room.type(NOOR, GENERAL, "/incident who INC-1")
    assert f"*Incident Commander*: <@{MARA}>, acting" in told
    assert "To change the severity: IC" in told
    assert "Say something outside: Comms does it, Legal answers for it" in told
    assert "*Only these speak*\nto the organisation: nobody" in told


async def test_what_is_no_role_or_no_person_is_a_sentence(room: Room) -> None:
    channel = await _room(room)
    await room.type(MARA, channel, "/incident take scribe")
    before = len(room.facts(1))
    for line, told in {
        "role wizard <@U0COMMS>": "There is no role wizard. Use one of: IC, Scribe, Tech lead,",
        "role scribe": "Say to whom: `/incident role scribe @someone`.",
        "role legal <@U0LEFT>": "<@U0LEFT> has left the workspace. Name somebody else.",
        "role legal <@U0WARROOM>": "An app cannot be Legal; name a person.",
        "role legal <@U0NOBODY>": "Slack knows no such person. Name somebody else.",
        "take scribe": "You are Scribe already.",
        f"role scribe <@{MARA}>": f"<@{MARA}> is Scribe already.",
        "drop legal": "Nobody has accepted to be Legal; there is nothing to lay down.",
        "drop wizard": "There is no role wizard.",
        "handoff legal <@U0COMMS>": (
            "Nobody is Legal. Give it to somebody: `/incident role legal @someone`."
        ),
    }.items():
        answer = await room.type(MARA, channel, f"/incident {line}")
        assert answer.startswith(told), answer
    assert len(room.facts(1)) == before


async def test_an_answer_to_an_offer_that_is_over_changes_nothing(room: Room) -> None:
    channel = await _room(room)
    await room.type(MARA, channel, f"/incident role legal <@{ELENA}>")
    await room.settled()
    await room.press_direct(ELENA, "accept_role")
    before = len(room.facts(1))
    await room.sandbox.deliver.ask("interactive", room.sandbox.deliveries[-1].payload)
    assert len(room.facts(1)) == before
