"""Who hears what, and when, while an incident goes on?"""

from __future__ import annotations

from tests.flows.story import TITLE
from tests.room import ENGINEERING, EXEC, JUN, MARA, NOOR, SAM, SUPPORT_UPDATES, Room
from tests.screen import shown


def _posts(room: Room, channel: str, *, thread: bool = False) -> list[str]:
    messages = room.posts(room.sandbox.workspace.channels[channel])
    return [shown(one.blocks) for one in messages if bool(one.thread_ts) is thread]


async def test_one_submit_makes_three_renderings_with_their_history_in_threads(
    any_room: Room,
) -> None:
    room = any_room
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    channel = room.channel(1).id
    form = await room.form(MARA, "/incident update", channel)
    values = {
        "happened": "Adult doses for children",
        "impact": "40 chats",
        "customers": "Follow no dosage advice",
        "reproductions": "trace 88213",
        "hypotheses": "Unit lost in retrieval",
        "confidence": "low",
    }
    assert await form.submit(harm="ongoing", **values) == {}
    await room.settled()
    [executives], [support], [engineering] = (
        _posts(room, one) for one in (EXEC, SUPPORT_UPDATES, ENGINEERING)
    )
    assert "*Blast radius*\nUnder investigation; first evidence shows: 40 chats" in executives
    assert "*Confidence*\nlow" in executives
    assert "Harm now: ongoing" in executives
    assert "*Tell customers*\nFollow no dosage advice" in support
    assert "*Hypotheses, not facts*\nUnit lost in retrieval" in engineering
    assert "Unit lost" not in executives + support
    assert room.summary(1).startswith("*Harm now: ongoing*")
    assert "*What happened*\nAdult doses for children" in room.summary(1)
    await room.type(MARA, channel, "/incident update Fallback is live")
    await room.settled()
    [executives] = _posts(room, EXEC)
    assert "*What happened*\nFallback is live" in executives
    assert len(_posts(room, EXEC, thread=True)) == 2
    assert room.owed("failed", "undeliverable") == []


async def test_earlier_updates_stand_in_their_order_though_slack_refused_the_first(
    room: Room,
) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    channel = room.channel(1).id
    room.sandbox.faults.add("chat.postMessage:500:3")
    for words in ("Cause found", "Fix is out"):
        await room.type(MARA, channel, f"/incident update {words}")
        await room.comes(lambda: not room.owed("claimed"))
    await room.settled()
    for place in (EXEC, SUPPORT_UPDATES, ENGINEERING):
        first, second = _posts(room, place, thread=True)
        assert "Cause found" in first
        assert "Fix is out" in second


async def test_an_executive_asks_and_the_next_update_answers(room: Room) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    channel = room.channel(1).id
    await room.press(SAM, EXEC, "ask_asked")
    assert await room.open_form(SAM).submit(question="How many children?") == {}
    await room.settled()
    assert "Open questions (1): How many children? (<@U0EXEC>)" in room.summary(1)
    form = await room.form(MARA, "/incident update", channel)
    assert await form.submit(happened="It is off", answer_1="None that we know of") == {}
    await room.settled()
    assert "Open questions" not in room.summary(1)
    assert any("The answer: None that we know of" in message.text for message in room.direct(SAM))
    told = await room.type(MARA, channel, "/incident questions")
    assert told == "1. How many children? (<@U0EXEC>): None that we know of"


async def test_a_quick_update_says_which_questions_stay_open(room: Room) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    channel = room.channel(1).id
    await room.type(SAM, EXEC, "/incident ask INC-1 How many children?")
    told = await room.type(MARA, channel, "/incident update Fallback is live")
    assert told.endswith(
        "1 question stays open: press Update on the summary and answer in the form."
    )


async def test_a_form_that_was_opened_before_harm_stopped_does_not_set_it_going_again(
    room: Room,
) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    channel = room.channel(1).id
    form = await room.form(MARA, "/incident update", channel)
    assert await form.submit(harm="ongoing", happened="Adult doses for children") == {}
    slow = await room.form(MARA, "/incident update", channel)
    quick = await room.form(JUN, "/incident update INC-1", channel)
    assert await quick.submit(harm="stopped", happened="Rolled back") == {}
    assert await slow.submit(happened="The clinics are told") == {}
    await room.settled()
    said = [one.payload["harm"] for one in room.facts(1) if one.kind == "UpdatePosted"]
    assert said == ["ongoing", "stopped", "stopped"]
    harm = [one.payload["harm"] for one in room.facts(1) if one.kind == "DetailsFilled"]
    assert harm == ["ongoing", "stopped"]


async def test_who_is_reached_late_reads_one_message_and_no_older_ones(room: Room) -> None:
    await room.declare(TITLE, severity="SEV3")
    await room.settled()
    assert _posts(room, SUPPORT_UPDATES) == []
    channel = room.channel(1).id
    await room.type(MARA, channel, "/incident severity sev2 because more reports")
    await room.settled()
    await room.type(NOOR, SUPPORT_UPDATES, "/incident follow INC-1")
    await room.settled()
    assert len(_posts(room, SUPPORT_UPDATES)) == 1
    assert len([one for one in room.direct(NOOR) if not one.thread_ts]) == 1
    await room.type(MARA, channel, "/incident severity sev1 because children are among them")
    await room.settled()
    older, newer = _posts(room, SUPPORT_UPDATES)
    assert "see the newer message" in older
    assert "The severity rose" in newer


async def test_a_follower_hears_without_being_in_the_room(room: Room) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.type(NOOR, SUPPORT_UPDATES, "/incident follow INC-1")
    await room.type(MARA, SUPPORT_UPDATES, "/incident update INC-1 Fallback is live")
    await room.settled()
    assert NOOR not in room.channel(1).members
    assert "Fallback is live" in shown(room.direct(NOOR)[0].blocks)
    await room.type(NOOR, SUPPORT_UPDATES, "/incident unfollow INC-1")
    await room.type(MARA, SUPPORT_UPDATES, "/incident update INC-1 And off again")
    await room.settled()
    assert "And off again" not in shown(room.direct(NOOR)[0].blocks)


async def test_snooze_pause_and_who_may(room: Room) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    channel = room.channel(1).id
    told = await room.type(MARA, channel, "/incident snooze 15m because the canary runs")
    assert told.startswith("The update may wait: next update due ")
    told = await room.type(MARA, channel, "/incident snooze soon")
    assert told == "Write how long, for example 15 min, 2 h or 1 h 30 min."
    await room.type(MARA, channel, "/incident add <@U0COMMS>")
    await room.settled()
    before = room.facts(1)
    told = await room.type(JUN, channel, "/incident pause because night")
    assert told.startswith("To snooze or pause the updates is up to the Incident Commander")
    assert room.facts(1) == before
    await room.type(MARA, channel, "/incident pause because nobody is awake")
    await room.settled()
    assert (
        "Updates are paused until somebody takes them up again by <@U0ONCALL>, because "
        "nobody is awake"
    ) in room.summary(1)
    told = await room.type(MARA, channel, "/incident unpause")
    assert told.startswith("Updates are owed again: next update due ")


async def test_no_change_is_one_tap(room: Room) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    channel = room.channel(1).id
    await room.type(MARA, channel, "/incident update Fallback is live")
    await room.pass_time(minutes=16)
    told = await room.press(MARA, channel, "update_no_change")
    assert told.startswith("No change is posted. Next update due ")
    assert [fact.kind for fact in room.facts(1)].count("UpdatePosted") == 2
