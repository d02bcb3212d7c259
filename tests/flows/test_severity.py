"""How does the room say how bad it is, and who hears of it?"""

from __future__ import annotations

import pytest

from bot.sandbox.model import Message
from tests.flows.story import TITLE
from tests.room import ELENA, GENERAL, IDRIS, JUN, MARA, NOOR, SAM, Room


async def _opened(room: Room, severity: str = "SEV2") -> str:
    await room.declare(TITLE, severity=severity)
    await room.settled()
    return room.channel(1).id


def _asked(room: Room, person: str) -> Message:
    """The one message that asks a person about a proposal."""
    [asked] = [one for one in room.direct(person) if "> proposes SEV" in one.text]
    return asked


async def test_a_change_is_seen_everywhere_and_calls_whom_it_names(room: Room) -> None:
    channel = await _opened(room)
    assert not {JUN, ELENA, SAM} & set(room.channel(1).members)
    told = await room.type(MARA, channel, "/incident severity sev0 because two tenants see it")
    assert told == "INC-1 is SEV0. Whom it names is called; the summary follows."
    await room.settled()
    assert {JUN, ELENA, SAM} <= set(room.channel(1).members)
    assert room.channel(1).topic.startswith("INC-1 · SEV0 · Investigating")
    assert "INC-1 · SEV0 · Investigating" in room.announcement(1)
    assert "INC-1 · *SEV0* · *Investigating*" in room.summary(1)
    [changed] = [fact for fact in room.facts(1) if fact.kind == "SeverityChanged"]
    assert changed.payload["reason"] == "two tenants see it"
    called = [one.payload for one in room.facts(1) if one.kind == "PersonCalled"]
    assert len({(one["about"], one["target"]) for one in called}) == len(called)


async def test_the_form_asks_impact_and_likelihood_and_shows_what_they_give(room: Room) -> None:
    channel = await _opened(room)
    await room.press(MARA, channel, "severity_asked")
    form = room.open_form(MARA)
    assert "How much work" not in form.text
    assert "how much work a fix takes, do not count" in form.text
    assert await form.submit(impact="severe", reason="x") == {
        "severity": "Choose a severity, or say both impact and likelihood."
    }
    assert await form.submit(impact="severe", likelihood="likely", severity="SEV1") == {}
    assert form.text == (
        "INC-1 is SEV1. Whom it names is called; the summary follows. "
        "Impact and likelihood give SEV0. What was chosen counts."
    )
    form = await room.form(MARA, "/incident severity", channel)
    assert await form.submit(impact="severe", likelihood="likely", reason="y") == {}
    assert form.text == "INC-1 is SEV0. Whom it names is called; the summary follows."


async def test_the_history_keeps_every_reason(room: Room) -> None:
    channel = await _opened(room)
    await room.type(MARA, channel, "/incident severity sev1 because it reaches everybody")
    await room.type(MARA, channel, "/incident severity SEV3, a load test")
    told = await room.type(NOOR, GENERAL, "/incident severity INC-1 history")
    first, third, second, declared = told.split("\n")
    assert first == "Severity of INC-1, the newest first:"
    assert third.startswith(f"• SEV3, <@{MARA}>, ")
    assert third.endswith(": a load test")
    assert second.startswith(f"• SEV1, <@{MARA}>, ")
    assert second.endswith(": it reaches everybody")
    assert declared.startswith(f"• SEV2 at the declare, <@{MARA}>, ")
    form = await room.form(MARA, "/incident severity", channel)
    assert "a load test" in form.text


async def test_unanswered_a_proposal_applies_after_five_minutes(room: Room) -> None:
    channel = await _opened(room)
    line = "/incident severity INC-1 sev0 because a customer is in hospital"
    told = await room.type(NOOR, GENERAL, line)
    assert told.startswith(
        f"Proposed: SEV0 for INC-1. <@{MARA}> is asked, and it applies at <!date"
    )
    await room.settled()
    asked = _asked(room, MARA)
    start = f"Agree or say no to this. INC-1: <@{NOOR}> proposes SEV0, in <#{channel}>. "
    assert asked.text.startswith(start)
    assert "Proposed: SEV0 by" in room.summary(1)
    await room.pass_time(minutes=4)
    assert room.channel(1).topic.startswith("INC-1 · SEV2")
    await room.pass_time(minutes=1)
    assert room.channel(1).topic.startswith("INC-1 · SEV0")
    assert "Proposed:" not in room.summary(1)
    [changed] = [fact for fact in room.facts(1) if fact.kind == "SeverityChanged"]
    assert (changed.actor, changed.payload["proposal"]) == ("warroom", 1)
    assert asked.text.endswith("Answered: it applied by itself; it is SEV0.")
    assert asked.edited_ts is not None
    assert SAM in room.channel(1).members


async def test_the_commander_agrees_at_once_and_a_second_click_says_so(room: Room) -> None:
    await _opened(room)
    await room.type(NOOR, GENERAL, "/incident severity INC-1 sev0 because of a customer")
    await room.settled()
    talk = room.talk_with(MARA)
    click = await room.press(MARA, talk, "proposal_agreed")
    assert click == "INC-1 is SEV0. Whom it names is called; the summary follows."
    clicks = [one for one in room.sandbox.deliveries if one.kind == "interactive"]
    late = {**clicks[-1].payload, "trigger_id": "1.2.late"}
    before = len(room.facts(1))
    await room.sandbox.deliver.ask("interactive", late)
    await room.settled()
    assert len(room.facts(1)) == before
    assert _asked(room, MARA).text.endswith(f"Answered: <@{MARA}> agreed; it is SEV0.")
    told = room.whispers(talk, MARA)[-1].text
    assert told == f"Nothing was changed: <@{MARA}> agreed; it is SEV0."


async def test_the_commander_says_no_and_the_reason_is_kept(room: Room) -> None:
    await _opened(room)
    await room.type(NOOR, GENERAL, "/incident severity INC-1 sev0 because of a customer")
    await room.settled()
    await room.press(MARA, room.talk_with(MARA), "proposal_declined_asked")
    form = room.open_form(MARA)
    assert f"INC-1 stays SEV2; <@{NOOR}> proposed SEV0." in form.text
    assert await form.submit(reason="the customer is well") == {}
    await room.settled()
    await room.pass_time(minutes=6)
    assert room.channel(1).topic.startswith("INC-1 · SEV2")
    told = await room.type(NOOR, GENERAL, "/incident severity INC-1 history")
    assert f"SEV0 proposed by <@{NOOR}>: of a customer. <@{MARA}> said no: the customer is" in told


async def test_who_may_not_lower_it_can_ask_who_may(room: Room) -> None:
    channel = await _opened(room)
    told = await room.type(IDRIS, channel, "/incident severity sev3 because it is over")
    assert told == (
        f"To change the severity is up to the Incident Commander: ask <@{MARA}>. "
        "Nothing was changed."
    )
    assert not [fact for fact in room.facts(1) if fact.kind.startswith("Severity")]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("severity P9 because x", "There is no severity P9. Use SEV0, SEV1, SEV2, SEV3."),
        ("severity sev2 because x", "INC-1 is SEV2 already."),
        ("severity sev1 " + "x" * 4000, "That is 4,000 characters; keep it to 3,000"),
        ("major no because x", "INC-1 is not a major incident."),
    ],
)
async def test_a_refusal_is_a_sentence_and_changes_nothing(
    room: Room, line: str, told: str
) -> None:
    channel = await _opened(room)
    before = len(room.facts(1))
    assert (await room.type(MARA, channel, f"/incident {line}")).startswith(told)
    assert len(room.facts(1)) == before


async def test_a_major_incident_is_marked_wherever_its_severity_stands(room: Room) -> None:
    channel = await _opened(room)
    told = await room.type(MARA, channel, "/incident major because three regions are down")
    assert told == "INC-1 is a major incident. Summary, topic and announcement follow."
    await room.settled()
    assert room.channel(1).topic.startswith("INC-1 · SEV2 · MAJOR · Investigating")
    assert "INC-1 · SEV2 · MAJOR ·" in room.announcement(1)
    assert "*SEV2* · *MAJOR* · *Investigating*" in room.summary(1)
    form = await room.form(MARA, "/incident major", channel)
    assert await form.submit(is_major="no", criteria="one tenant is left") == {}
    await room.settled()
    assert "MAJOR" not in room.summary(1)


async def test_the_form_of_who_may_not_set_it_proposes(room: Room) -> None:
    channel = await _opened(room)
    form = await room.form(IDRIS, "/incident severity sev1", channel)
    assert f"You can propose a worse severity. <@{MARA}> is asked" in form.text
    assert await form.submit(reason="two tenants") == {}
    assert form.text.startswith(f"Proposed: SEV1 for INC-1. <@{MARA}> is asked, and it applies")
    form = await room.form(IDRIS, "/incident severity", channel)
    told = await form.submit(severity="SEV0", reason="more")
    assert told["severity"] == (
        "SEV1 is proposed already. It waits for @mara; speak to them in the room."
    )


@pytest.mark.parametrize("line", ["severity", "major", "classify", "impact", "mitigated"])
async def test_of_what_is_over_no_form_is_opened(room: Room, line: str) -> None:
    channel = await _opened(room)
    await room.type(MARA, channel, "/incident resolve gone")
    await room.type(MARA, channel, "/incident close done")
    hands = room.sandbox.as_person(MARA)
    before = hands.open_view()
    told = await room.type(MARA, channel, f"/incident {line}")
    assert told in {"INC-1 is over. Reopen it to go on.", "INC-1 is already closed."}
    assert hands.open_view() is before


async def test_a_test_calls_nobody_at_any_severity(room: Room) -> None:
    await room.declare(TITLE, severity="SEV2", verb="test")
    await room.settled()
    await room.type(MARA, room.channel(1).id, "/incident severity sev0 because it is a test")
    await room.settled()
    calls = [fact.payload for fact in room.facts(1) if fact.kind == "PersonCalled"]
    assert {one["via"] for one in calls} == {"nobody"}
    assert len(room.channel(1).members) == 2
    assert room.direct(SAM) == []
