"""Who is reminded of what is owed, how often, and who is called when nobody acts?"""

from __future__ import annotations

from datetime import timedelta

from tests.flows.deciding import lines, press
from tests.flows.story import TITLE
from tests.room import BOT, IDRIS, JUN, MARA, SAM, Room, until
from tests.screen import shown

WINDOW = timedelta(minutes=30)


def _reminders(room: Room, name: str) -> list[dict[str, object]]:
    return [
        fact.payload
        for fact in room.facts(1)
        if fact.kind == "DeadlineReminded" and fact.payload["name"] == name
    ]


def _stages(room: Room, name: str) -> list[tuple[object, object]]:
    return [(one["stage"], one.get("rung", 0)) for one in _reminders(room, name)]


def _roots(room: Room) -> list[str]:
    messages = room.posts(room.channel(1))
    return [shown(one.blocks) for one in messages[1:] if not one.thread_ts]


async def test_in_half_an_hour_of_silence_the_room_hears_at_most_twelve_messages(
    room: Room,
) -> None:
    began = room.clock.now()
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    while room.clock.now() < began + WINDOW:
        await room.pass_time(minutes=1)
    posts = [
        one for one in room.posts(room.channel(1)) if float(one.ts) < (began + WINDOW).timestamp()
    ]
    assert 4 <= len(posts) <= 12
    channel = room.channel(1).id
    for person in (MARA, IDRIS, JUN, SAM, "U0LEGAL"):
        rung = [
            one
            for one in room.sandbox.workspace.notifications(person)
            if one.channel == channel and one.why in {"mention", "group"}
        ]
        assert len(rung) <= 3, person
    mentioned = [
        one for one in room.sandbox.workspace.notifications(MARA) if one.channel == channel
    ]
    assert mentioned, "whoever commands is asked at all"


async def test_fourteen_decisions_stay_within_what_a_room_may_hear(room: Room) -> None:
    began = room.clock.now()
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    channel = room.channel(1)
    for minute in range(14):
        form = await room.form(MARA, f"/incident decision Step {minute}", channel.id)
        await press(room, MARA, "decision_more")
        if minute % 2 and minute < 13:
            form.forge("decider", {"type": "users_select", "selected_user": IDRIS})
        assert await form.submit() == {}
        await room.pass_time(minutes=1)
    while room.clock.now() < began + WINDOW:
        await room.pass_time(minutes=1)
    end = (began + WINDOW).timestamp()
    assert len([one for one in room.posts(channel) if float(one.ts) < end]) <= 12
    for person in (MARA, IDRIS, JUN):
        rung = [
            one
            for one in room.sandbox.workspace.notifications(person)
            if one.channel == channel.id and one.why in {"mention", "group"}
        ]
        assert len([one for one in rung if float(one.ts) < end]) <= 3, person
    said = lines(room, channel)
    assert len(said) == 14
    assert sum("<@U0SAFETY>" in one for one in said) == 6


async def test_an_update_that_is_late_is_asked_for_and_climbs_the_ladder(room: Room) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    await room.type(MARA, room.channel(1).id, "/incident take ic")
    await room.pass_time(minutes=12)
    assert _stages(room, "update") == [("soon", 0)]
    assert "Status update by <@U0ONCALL> due soon," in room.summary(1)
    await room.pass_time(minutes=3)
    assert _stages(room, "update")[-1] == ("due", 0)
    [root] = [one for one in _roots(room) if "Status update" in one]
    assert root.startswith("*Status update* is owed by <@U0ONCALL>, due ")
    assert root.endswith("Update\nNo change\nSnooze\nWaive")
    await room.pass_time(minutes=4)
    assert _stages(room, "update")[-1] == ("overdue", 0)
    await room.pass_time(minutes=2)
    assert _stages(room, "update")[-1] == ("climbed", 1)
    calls = [one.payload for one in room.facts(1) if one.kind == "PersonCalled"]
    assert calls[-1]["person"] == IDRIS
    assert calls[-1]["about"] == "status update is overdue"
    await room.type(MARA, room.channel(1).id, "/incident update Fallback is live")
    await room.settled()
    [root] = [one for one in _roots(room) if "Status update" in one]
    assert root.startswith("Status update: done. It was due ")
    before = len(_reminders(room, "update"))
    await room.pass_time(minutes=5)
    assert len(_reminders(room, "update")) == before


async def test_after_an_outage_one_reminder_says_how_late_it_is(room: Room) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    await room.pass_time(hours=2)
    assert _stages(room, "update") == [("overdue", 0)]
    [root] = [one for one in _roots(room) if "Status update" in one]
    assert "this comes 1 h 45 min late: the bot was away" in root
    await room.pass_time(minutes=5)
    assert _stages(room, "update") == [("overdue", 0), ("climbed", 1)]


async def test_a_reminder_can_be_snoozed_and_waived_by_whoever_commands(room: Room) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    channel = room.channel(1).id
    await room.pass_time(minutes=10)
    assert _stages(room, "classify")[-1] == ("due", 0)
    await room.press(MARA, channel, "snooze_asked")
    form = room.open_form(MARA)
    assert await form.submit(by="soon", reason="x") == {
        "by": "Write how long, for example 15 min, 2 h or 1 h 30 min."
    }
    assert await form.submit(by="30 min", reason="The lab is on it") == {}
    await room.pass_time(minutes=20)
    assert _stages(room, "classify")[-1] != ("overdue", 0)
    told = await room.type(JUN, channel, "/incident deadlines")
    assert "(snoozed)" in told
    told = await room.press(JUN, channel, "waive_asked")
    assert "waive or snooze a deadline is up to the Incident Commander" in told
    assert room.sandbox.as_person(JUN).open_view() is None
    await room.pass_time(minutes=20)
    await room.press(MARA, channel, "waive_asked")
    assert await room.open_form(MARA).submit(reason="It is one of a kind") == {}
    await room.settled()
    waived = [one.payload["name"] for one in room.facts(1) if one.kind == "DeadlineWaived"]
    assert len(waived) == 1


async def test_an_offer_nobody_answers_is_asked_for_privately_and_climbs(room: Room) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    posts = len(room.posts(room.channel(1)))
    await room.pass_time(minutes=5)
    assert _stages(room, "role/comms") == [("due", 0)]
    assert any("Answer to the offer of Communications Lead is missing" in one.text
               for one in room.direct(JUN))  # fmt: skip
    assert len(room.posts(room.channel(1))) == posts
    await room.pass_time(minutes=3)
    assert _stages(room, "role/comms")[-1] == ("overdue", 0)
    await room.pass_time(minutes=20)
    assert ("climbed", 1) in _stages(room, "role/comms")


async def test_nobody_is_reminded_once_it_is_resolved(room: Room) -> None:
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    await room.type(MARA, room.channel(1).id, "/incident resolve Rolled back, 50 of 50 clean")
    await room.settled()
    await room.pass_time(hours=3)
    assert [one.kind for one in room.facts(1)].count("DeadlineReminded") == 0
    await until(lambda: BOT in room.channel(1).members)


async def test_reminders_survive_a_restart_of_the_clock_watcher(any_room: Room) -> None:
    room = any_room
    await room.declare(TITLE, severity="SEV0")
    await room.settled()
    for _ in range(4):
        await room.pass_time(minutes=5)
    names = {fact.payload["name"] for fact in room.facts(1) if fact.kind == "DeadlineReminded"}
    assert {"acknowledge", "update", "classify"} <= names
    assert room.owed("failed", "undeliverable") == []
