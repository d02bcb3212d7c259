"""Can a runbook begin at night, and by whom?"""

from __future__ import annotations

import pytest

from tests.flows import running
from tests.flows.story import TITLE
from tests.room import ELENA, GENERAL, IDRIS, JUN, MARA, SAM, Room

OWNERS = {"legal_owner": ELENA, "comms_owner": JUN, "technical_owner": IDRIS, "decider": MARA}


async def _alone(room: Room) -> None:
    """Mara alone is awake; nobody has accepted a role when the runbook begins."""
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    form = await room.form(MARA, f"/incident runbook {running.HARM}", room.channel(1).id)
    assert await form.submit() == {}
    await room.settled()


async def test_with_legal_asleep_the_first_step_is_done_and_the_evidence_begins(
    room: Room,
) -> None:
    await _alone(room)
    form = await running.opened(room, MARA, 1)
    for id_, person in OWNERS.items():
        form.forge(id_, {"type": "multi_users_select", "selected_users": [person]})
    assert await form.submit(checks=["titles"]) == {}
    await room.settled()
    summary = room.summary(1)
    asked = (
        (ELENA, "Legal", "Legal"), (JUN, "Comms", "Communications Lead"),
        (IDRIS, "Tech lead", "Technical Lead"),
    )  # fmt: skip
    for person, short, label in asked:
        assert f"{short}: <@{person}> was asked" in summary
        assert any(
            f" {label} in INC-1" in one.text and one.text.endswith("Press Accept or Decline.")
            for one in room.direct(person)
        )
    assert f"IC: <@{MARA}> ·" in summary
    assert "now steps 2, 4, 6" in summary
    await room.type(ELENA, room.channel(1).id, "/incident take legal")
    await room.settled()
    assert f"Legal: <@{ELENA}> ·" in room.summary(1)
    assert room.owed("failed", "undeliverable") == []


async def test_two_owners_of_one_stream_are_refused_and_the_way_on_is_said(room: Room) -> None:
    await _alone(room)
    await room.type(ELENA, room.channel(1).id, "/incident take legal")
    form = await running.opened(room, MARA, 1)
    for id_, person in {**OWNERS, "legal_owner": JUN, "decider": SAM}.items():
        form.forge(id_, {"type": "multi_users_select", "selected_users": [person]})
    waives = "Or the Incident Commander waives this step: Change a step, on the checklist."
    assert await form.submit(checks=["titles"]) == {
        "legal_owner": "@elena is Legal. `/incident role legal @someone` changes that; then come "
        f"back. {waives}",
        "decider": "Nobody has accepted the command yet. Whoever decides types `/incident take "
        f"ic`; then come back. {waives}",
    }


@pytest.mark.parametrize("line", ["runbook INC-1", f"runbook INC-1 {running.HARM}"])
async def test_nobody_outside_the_room_fills_in_a_form_to_begin_one(room: Room, line: str) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    told = await room.type(SAM, GENERAL, f"/incident {line}")
    assert told.startswith("You are not in the room of INC-1, so nothing was changed. Join it")
    assert room.sandbox.as_person(SAM).open_view() is None
    assert "RunStarted" not in running.kinds(room)
