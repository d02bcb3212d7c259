"""How does an incident go from the first mitigation to its end, and how is it classified?"""

from __future__ import annotations

import pytest

from tests.flows.story import TITLE
from tests.room import ELENA, GENERAL, IDRIS, INCIDENTS, JUN, MARA, NOOR, Room

HELD = {"done": "Fallback is live", "exposed": "nobody", "measure": "0 of 50 probes"}


async def _opened(room: Room, severity: str = "SEV1") -> str:
    await room.declare(TITLE, severity=severity)
    await room.settled()
    return room.channel(1).id


def _kinds(room: Room) -> list[str]:
    return [fact.kind for fact in room.deeds(1)][1:]


async def test_mitigated_asks_for_all_three_and_stops_the_clock(room: Room) -> None:
    channel = await _opened(room)
    case = await room.bot.desk.case(1, MARA)
    assert case.incident.mitigated_at is None
    form = await room.form(MARA, "/incident mitigated Fallback is live", channel)
    assert form.view.state["done"]["done"]["value"] == "Fallback is live"
    assert await form.submit(exposed="nobody", measure=" ") == {
        "measure": "Say which measure shows that it works."
    }
    assert await form.submit(measure="0 of 50 probes") == {}
    await room.settled()
    assert room.channel(1).topic.startswith("INC-1 · SEV1 · Mitigated")
    assert "INC-1 · SEV1 · Mitigated" in room.announcement(1)
    assert (
        "Held off by: Fallback is live · still exposed: nobody · shown by: 0 of 50 probes"
    ) in room.summary(1)
    case = await room.bot.desk.case(1, MARA)
    assert case.incident.mitigated_at is not None


async def test_the_way_through_every_status_and_back(room: Room) -> None:
    channel = await _opened(room)
    await room.press(MARA, channel, "mitigated_asked")
    assert await room.open_form(MARA).submit(**HELD) == {}
    told = await room.type(MARA, channel, "/incident monitoring the alarms, until Monday")
    assert told == "INC-1 is being monitored. Summary, topic and announcement follow."
    await room.type(MARA, channel, "/incident resolve 0 of 500 probes")
    await room.type(MARA, channel, "/incident close the review is booked")
    told = await room.type(IDRIS, channel, "/incident reopen it said it again")
    assert told == "INC-1 is open again. Summary, topic and announcement follow."
    await room.settled()
    assert _kinds(room) == [
        "Mitigated",
        "MonitoringStarted",
        "IncidentResolved",
        "IncidentClosed",
        "IncidentReopened",
    ]
    assert room.channel(1).topic.startswith("INC-1 · SEV1 · Investigating")


async def test_closing_lists_what_is_open_and_asks_why_it_may_stay_so(room: Room) -> None:
    channel = await _opened(room)
    await room.type(NOOR, GENERAL, "/incident ask INC-1 Are children affected?")
    await room.type(MARA, channel, "/incident resolve gone")
    form = await room.form(MARA, "/incident close the review is booked", channel)
    assert "*Still open:*\n• Question 1: Are children affected?" in form.text
    assert await form.submit() == {"despite": "Please complete this required field."}
    assert await form.submit(despite="the review answers it") == {}
    assert room.deeds(1)[-1].payload == {
        "reason": "the review is booked",
        "despite": "the review answers it",
    }


async def test_a_form_opened_too_early_closes_nothing(room: Room) -> None:
    channel = await _opened(room)
    await room.type(MARA, channel, "/incident resolve gone")
    await room.settled()
    await room.press(MARA, channel, "close_asked")
    form = room.open_form(MARA)
    await room.type(NOOR, GENERAL, "/incident ask INC-1 Are children affected?")
    told = await form.submit(reason="done")
    assert told["reason"].startswith("1 thing is still open in INC-1. Press Close on the summary:")
    assert _kinds(room)[-1] == "QuestionAsked"


async def test_a_false_alarm_needs_the_fix_of_the_detector(room: Room) -> None:
    channel = await _opened(room)
    form = await room.form(MARA, "/incident cancel it was a load test", channel)
    assert await form.submit() == {"detector_fix": "Please complete this required field."}
    told = await form.submit(detector_fix=" ")
    assert told["detector_fix"].startswith("Say what is changed in the detector, and by whom:")
    assert await form.submit(detector_fix="Jun raises the threshold") == {}
    await room.settled()
    assert room.channel(1).topic.startswith("INC-1 · SEV1 · False alarm")
    assert "INC-1 · SEV1 · False alarm" in room.announcement(1)
    assert room.deeds(1)[-1].payload["detector_fix"] == "Jun raises the threshold"
    again = await room.type(MARA, channel, "/incident cancel")
    assert again == "INC-1 is already a false alarm."


async def test_a_false_alarm_asks_why_what_is_open_can_stay(room: Room) -> None:
    channel = await _opened(room)
    await room.type(MARA, channel, f"/incident task <@{JUN}> call ward 7")
    form = await room.form(MARA, "/incident cancel it was a load test", channel)
    assert f"*Still open:*\n• Task 1, <@{JUN}>: call ward 7" in form.text
    assert await form.submit(detector_fix="Jun raises the threshold") == {
        "despite": "Please complete this required field."
    }
    assert await form.submit(despite="The ward was not reached") == {}
    [last] = [one for one in room.facts(1) if one.kind == "IncidentCancelled"]
    assert last.payload["despite"] == "The ward was not reached"


@pytest.mark.parametrize(
    ("step", "label"),
    [
        ("mitigated", "call it mitigated"),
        ("monitoring it", "start monitoring"),
        ("resolve gone", "resolve the incident"),
        ("cancel", "call it a false alarm"),
    ],
)
async def test_who_may_not_take_a_step_is_told_whom_to_ask_before_any_form(
    room: Room, step: str, label: str
) -> None:
    channel = await _opened(room)
    told = await room.type(JUN, channel, f"/incident {step}")
    assert told == (
        f"To {label} is up to the Incident Commander: ask <@{MARA}>. Nothing was changed."
    )
    assert room.sandbox.as_person(JUN).open_view() is None
    assert _kinds(room) == []


async def test_the_class_is_chosen_and_answers_with_what_to_do_first(room: Room) -> None:
    channel = await _opened(room)
    assert "no bucket · impact checklist open (0 of 8)" in room.summary(1)
    await room.press(IDRIS, channel, "classify_asked")
    form = room.open_form(IDRIS)
    assert await form.submit(bucket="data", contributors=["model"], failure_mode="leakage") == {}
    assert form.text.startswith("*Do first:* Close the path at the retrieval source or tool")
    assert "*Find out:* Whose data was it, and is the path still open?" in form.text
    await room.settled()
    assert "Class: Data (also Model) · Security or data leakage" in room.summary(1)
    assert "no bucket" not in room.summary(1)
    form = await room.form(IDRIS, "/incident classify", channel)
    assert await form.submit(bucket="model", reason="the index was clean") == {}
    assert _kinds(room) == ["Classified", "Classified"]
    assert room.deeds(1)[-1].payload == {
        "bucket": "model",
        "contributors": [],
        "reason": "the index was clean",
    }


async def test_the_checklist_calls_legal_and_privacy_as_soon_as_data_is_affected(
    room: Room,
) -> None:
    channel = await _opened(room, severity="SEV2")
    assert ELENA not in room.channel(1).members
    form = await room.form(MARA, "/incident impact", channel)
    given = {"harmed": "patients", "how_many": "20 to 50", "loss": "nothing"}
    assert await form.submit(**given, harm_kinds=["physical"]) == {}
    await room.settled()
    assert ELENA not in room.channel(1).members
    assert "impact checklist open (4 of 8)" in room.summary(1)
    form = await room.form(MARA, "/incident impact", channel)
    assert await form.submit(data_types=["health"]) == {}
    await room.settled()
    assert ELENA in room.channel(1).members
    called = [fact.payload for fact in room.facts(1) if fact.kind == "PersonCalled"]
    exposure = [one["role"] for one in called if one["about"] == "exposure"]
    assert exposure == ["legal", "privacy"]
    assert "harmed: patients · how many: 20 to 50 · harm: Physical" in room.summary(1)


async def test_nobody_outside_the_room_reads_what_was_classified(room: Room) -> None:
    await _opened(room)
    form = await room.form(MARA, "/incident impact", room.channel(1).id)
    assert await form.submit(harmed="Ruth A.", promises="a refund") == {}
    await room.settled()
    outside = f"{room.announcement(1)} {room.channel(1).topic}"
    outside += await room.type(NOOR, GENERAL, "/incident list")
    assert "Ruth" not in outside
    assert "refund" not in outside
    assert len(room.posts(room.sandbox.workspace.channels[INCIDENTS])) == 1
