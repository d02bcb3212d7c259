"""How does evidence change hands, and how does it go for good?"""

from __future__ import annotations

import pytest

from bot.core.evidence import Evidence
from bot.core.facts import ERASED
from bot.features.custody import slack as custody
from storage import log
from storage.vault import Destroyed
from tests.flows.vaulting import (
    kinds,
    on_disk,
    opened,
    original_asked,
    preserve,
    press_in_page,
    recorded,
)
from tests.room import ELENA, IDRIS, JUN, MARA, Room, StillClock, war_room

WORDS = "The wombat sheet"


async def _kept(room: Room, **values: object) -> str:
    """Something of Idris's that Mara answers for; the channel."""
    channel = await opened(room)
    said = await room.sandbox.as_person(IDRIS).say(channel.id, WORDS)
    await preserve(room, channel.id, said, **{"kind": "statement", **values})
    return channel.id


async def _act(room: Room, person: str, channel: str, act: str, **values: object) -> str:
    """Do something with E-1 from its page; what the person reads afterwards."""
    await room.type(person, channel, "/incident evidence E-1")
    await press_in_page(room, person, f"evidence_{act}")
    form = room.open_form(person)
    if not form.view.content.get("callback_id"):
        return form.text
    for name, value in list(values.items()):
        if name == "to":
            form.view.state.setdefault("to", {})["to"] = {
                "type": "users_select", "selected_user": value,
            }  # fmt: skip
            del values[name]
    errors = await form.submit(**values)
    await room.settled()
    return "\n".join(errors.values()) or form.text


async def test_custody_is_handed_on_with_a_reason_to_somebody_in_the_room(room: Room) -> None:
    channel = await _kept(room)
    said = await _act(room, JUN, channel, "transfer", to=JUN, reason="I want it")
    assert said.startswith("To hand evidence to another custodian or label it anew is up to")
    said = await _act(room, MARA, channel, "transfer", to="U0EXEC", reason="take it")
    assert said.startswith("A custodian has to be in the incident's room.")
    said = await _act(room, MARA, channel, "transfer", to=JUN, reason="My shift ends")
    assert said == f"<@{JUN}> answers for E-1 now."
    [fact] = recorded(room, "CustodyTransferred")
    assert (fact.actor, fact.payload["to"]) == (MARA, JUN)
    await room.type(JUN, channel, "/incident evidence E-1")
    page = room.open_form(JUN).text
    assert "My shift ends" in page
    assert f"handed E-1 to <@{JUN}>" in page


async def test_what_is_sealed_is_opened_by_legal_alone_and_keeps_its_label(room: Room) -> None:
    channel = await _kept(room)
    assert "is sealed" in await _act(room, ELENA, channel, "seal", reason="For the regulator")
    refused = "you may open. Originals are for Legal, Data Protection Officer."
    assert refused in await original_asked(room, MARA)
    said = await _act(room, MARA, channel, "label", label="clear", reason="It is public now")
    assert said == "E-1 is sealed: its label stays as it is."
    await room.type(ELENA, channel, "/incident evidence E-1")
    await press_in_page(room, ELENA, "evidence_original")
    assert room.open_form(ELENA).text == WORDS


def _preserved(room: Room) -> dict[str, object]:
    """What the log itself holds of what was preserved, words as their digests."""
    rows = room.database.read_now(lambda conn: log.read(conn, "incident/1"))
    [payload] = [row.payload for row in rows if row.kind == "EvidencePreserved"]
    return payload


async def test_an_erasure_destroys_the_key_and_leaves_hash_reason_and_name(any_room: Room) -> None:
    room = any_room
    channel = await _kept(room)
    item, sha256 = str(_preserved(room)["item"]), str(_preserved(room)["sha256"])
    said = await _act(room, MARA, channel, "erase", reason="It is mine")
    assert said.startswith("To erase evidence is up to the Legal")
    assert await _act(room, ELENA, channel, "erase", reason="Asked for by the person") == (
        "E-1 is erased. Its hash, the reason and your name stay."
    )
    with pytest.raises(Destroyed):
        b"".join(room.bot.desk.files.vault.read(item))
    assert on_disk(room) == []
    await room.type(MARA, channel, "/incident evidence E-1")
    page = room.open_form(MARA).text
    assert sha256 in page
    assert f"<@{ELENA}> erased E-1; its hash stays: Asked for by the person" in page
    case = await room.bot.engine.case(1)
    assert case
    one = case.states.of(Evidence).find(1)
    assert one
    assert one.record.working == ERASED
    assert room.database.read_now(log.verify).broken is None


async def test_nothing_on_hold_is_erased(room: Room) -> None:
    channel = await _kept(room)
    refused = await room.type(MARA, channel, "/incident hold because I say so")
    assert refused.startswith("To put evidence on hold or lift a hold is up to the Legal")
    said = await room.type(ELENA, channel, "/incident hold because the regulator asked")
    assert said.startswith("INC-1 is on legal hold.")
    await room.settled()
    assert "Legal hold" in room.summary(1)
    said = await _act(room, ELENA, channel, "erase", reason="Tidy")
    assert said.startswith("E-1 is on legal hold and cannot be erased.")
    await room.type(ELENA, channel, "/incident unhold because it is settled")
    await _act(room, ELENA, channel, "hold", reason="This one stays")
    said = await _act(room, ELENA, channel, "erase", reason="Tidy")
    assert said.startswith("E-1 is on legal hold and cannot be erased.")
    assert "EvidenceErased" not in kinds(room)


async def test_what_was_kept_for_long_enough_is_erased_by_the_policy_unless_held(
    sqlite_url: str,
) -> None:
    async with war_room(sqlite_url, clock=StillClock()) as room:
        channel = await _kept(room, kind="pasted")
        other = await room.sandbox.as_person(IDRIS).say(channel, "The second")
        await preserve(room, channel, other, kind="pasted")
        await room.type(ELENA, channel, "/incident evidence E-2")
        await press_in_page(room, ELENA, "evidence_hold")
        assert await room.open_form(ELENA).submit(reason="A claim is open") == {}
        await room.type(MARA, channel, "/incident cancel false alarm")
        form = room.open_form(MARA)
        assert await form.submit(reason="No harm", detector_fix="None needed") == {}
        await room.settled()
        await room.pass_time(days=89)
        assert recorded(room, "EvidenceErased") == []
        await room.pass_time(days=2)
        [fact] = recorded(room, "EvidenceErased")
        assert (fact.payload["number"], fact.payload["by_policy"]) == (1, True)
        await custody.Clearing(room.bot.engine, room.bot.desk.files).tidy()
        assert len(on_disk(room)) == 1


async def test_what_a_form_was_opened_with_and_never_sent_is_gone_hours_later(room: Room) -> None:
    channel = await opened(room)
    await room.form(MARA, "/incident preserve The wombat sheet", channel.id)
    tidy = custody.Clearing(room.bot.engine, room.bot.desk.files).tidy
    await tidy()
    assert len(on_disk(room)) == 1
    await room.pass_time(hours=3)
    await tidy()
    assert on_disk(room) == []
    errors = await room.open_form(MARA).submit(kind="other")
    assert list(errors.values()) == [
        "This form was open for too long. Nothing was preserved; open it again."
    ]
