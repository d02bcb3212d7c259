"""Do five people run the source runbook to its end, and is each step owed in time?"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from tests.flows import running
from tests.hooks.receiver import Receiver, receiving
from tests.room import ELENA, IDRIS, MARA, NOOR, SAM, Room, StillClock, war_room
from tests.screen import shown

FRIDAY_EVENING = datetime(2026, 11, 27, 20, 30, tzinfo=UTC)
_OWED = re.compile(r"^Step (\d): .* · <@(\w+)> · by <!date[^|]*\|(.*?)>", re.MULTILINE)
_DUE = re.compile(r"^\*(\d)\. .*? · due <!date[^|]*\|(.*?)>", re.MULTILINE)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Ticketing and paging, on this machine."""
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def room(
    receiver: Receiver, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Room]:
    """A room in Berlin from which both can be reached, on a clock that is moved by hand."""
    for name in ("PAGERDUTY_ROUTING_KEY", "JIRA_SITE", "JIRA_LOGIN_SECRET"):
        monkeypatch.setenv(name, "zebrafish-of-the-pager")
    content = running.content(receiver, tmp_path / "content")
    clock, zone = StillClock(FRIDAY_EVENING), "Europe/Berlin"
    async with war_room(
        database_url, clock=clock, warroom_content=content, warroom_timezone=zone
    ) as room:
        yield room


async def test_five_people_run_the_source_runbook_to_its_end(
    room: Room, receiver: Receiver
) -> None:
    channel = await running.begun(room)
    assert "Runbook 1, Model output causing harm: 0 of 6 done, now step 1" in room.summary(1)
    await _kept_over_the_weekend(room)
    await _overdue(room)
    await _evidence(room, channel)
    form = await running.opened(room, ELENA, 4)
    both = {**running.IMPACT, "data_classes": ["nothing", "health"]}
    assert await form.submit(**both) == {
        "data_classes": "No personal data goes with no other answer. Take it out, or the others."
    }
    assert await form.submit(**running.IMPACT) == {}
    await room.settled()
    assert (await _owed(room))[5] == (NOOR, "2026-12-01 16:00 UTC")
    await _signed(room)
    await _told(room, receiver, channel)
    assert running.kinds(room)[-2:] == ["StepDone", "RunFinished"]
    assert "finished" in _checklist(room)
    assert "zebrafish" not in str(room.facts(1))
    assert room.owed("failed", "undeliverable") == []


async def test_in_new_york_the_same_friday_has_hours_left_and_ends_in_the_night(
    sqlite_url: str,
) -> None:
    clock, zone = StillClock(FRIDAY_EVENING), "America/New_York"
    async with war_room(sqlite_url, clock=clock, warroom_timezone=zone) as room:
        await running.begun(room)
        await running.opening_done(room)
        night = "2026-11-28 04:59 UTC"
        assert await _owed(room) == {
            2: (NOOR, night), 4: (MARA, "2026-11-30 22:00 UTC"), 6: (IDRIS, night)
        }  # fmt: skip
        await _until(room, datetime(2026, 11, 28, 4, 59, 58, tzinfo=UTC))
        assert _stages(room, 2) == ["soon"]
        await room.pass_time(seconds=1)
        assert _stages(room, 2) == ["soon", "due"]
        assert _stages(room, 4) == []


async def _kept_over_the_weekend(room: Room) -> None:
    """Opened on Friday evening, everything kept on Saturday; what it owes goes with it."""
    assert await _owed(room) == {1: (MARA, "2026-11-27 21:30 UTC")}
    await _until(room, datetime(2026, 11, 27, 20, 50, tzinfo=UTC))
    await running.opening_done(room)
    monday = {4: (MARA, "2026-11-30 16:00 UTC"), 6: (IDRIS, "2026-11-30 22:59 UTC")}
    assert await _owed(room) == {2: (NOOR, "2026-11-30 22:59 UTC"), **monday}
    await _until(room, datetime(2026, 11, 28, 9, 0, tzinfo=UTC))
    form = await running.opened(room, NOOR, 2)
    assert await form.submit(checks=running.KEPT[:1], scope="The chat") == {
        "checks": "Not ticked off yet: The configuration is kept as it was. Tick it when it holds."
    }
    assert await form.submit(checks=running.KEPT, scope="The chat") == {}
    await room.settled()
    assert await _owed(room) == {3: (NOOR, "2026-11-28 22:59 UTC"), **monday}


async def _until(room: Room, moment: datetime) -> None:
    """It is this moment now, and what was due by then has rung and arrived."""
    left = moment - room.clock.now()
    await room.pass_time(seconds=left.total_seconds())


async def _owed(room: Room) -> dict[int, tuple[str, str]]:
    """By whom and when each step is owed; the checklist and the list of deadlines agree."""
    told = await room.type(MARA, room.channel(1).id, "/incident deadlines")
    owed = {int(n): (person, at) for n, person, at in _OWED.findall(told)}
    shows = {int(n): at for n, at in _DUE.findall(_checklist(room))}
    assert shows == {n: at for n, (_, at) in owed.items()}
    return owed


async def _overdue(room: Room) -> None:
    """Nobody assesses the impact by Monday, 17:00 in Berlin: reminded, overdue, escalated."""
    await _until(room, datetime(2026, 11, 30, 15, 59, tzinfo=UTC))
    assert _stages(room, 4) == ["soon"]
    await _until(room, datetime(2026, 11, 30, 16, 0, tzinfo=UTC))
    assert _stages(room, 4) == ["soon", "due"]
    [asked] = [one for one in room.posts(room.channel(1)) if "Step 4: " in one.text]
    assert "is owed by" in asked.text
    assert "2026-11-30 16:00 UTC" in asked.text
    await _until(room, datetime(2026, 11, 30, 17, 0, tzinfo=UTC))
    assert _stages(room, 4) == ["soon", "due", "overdue"]
    await room.pass_time(minutes=5)
    assert _stages(room, 4)[3:] == ["climbed"]
    called = [one["person"] for one in _of(room, "PersonCalled")
              if one.get("climbed_for") == "step/1/4"]  # fmt: skip
    assert called == [IDRIS]


def _stages(room: Room, step: int) -> list[object]:
    """How far the reminders of a step have come."""
    told = _of(room, "DeadlineReminded")
    return [one["stage"] for one in told if one["name"] == f"step/1/{step}"]


async def _evidence(room: Room, channel: str) -> None:
    """Three files and a note of custody, each hashed, with who answers for it."""
    assert "Hold what destroys state until step 3 is done" in _checklist(room)
    files = (("dashboards", "panel.png"), ("queries", "all.sql"), ("samples", "sample.txt"))
    for kind, name in files:
        assert await running.add_file(room, NOOR, kind, name) == {}
    form = await running.opened(room, NOOR, 3)
    assert await form.submit(all=["all"]) == {"kind": "Still missing: Custody notes."}
    form = await room.form(NOOR, "/incident preserve Taken by Noor at 03:12", channel)
    assert await form.submit(kind="statement") == {}
    await room.comes(lambda: len(_of(room, "FileTaken")) == 3)
    form = await running.opened(room, NOOR, 3)
    assert await form.submit(items=["4"], kind="custody", all=["all"]) == {}
    await room.settled()
    assert all(len(str(fact["sha256"])) == 64 for fact in _of(room, "FileTaken"))
    assert {fact["custodian"] for fact in _of(room, "FileAwaited")} == {NOOR}


async def _signed(room: Room) -> None:
    """Mara asks and cannot sign; Noor refuses; asked again she lets Sam decide, who agrees."""
    assert await running.ask(room, MARA) == {}
    form = await running.opened(room, MARA, 5)
    assert "Take it back" in form.text
    assert "Approve" not in form.text
    await room.press_direct(NOOR, "approval_refused")
    assert await room.open_form(NOOR).submit(reason="Say which version") == {}
    await room.settled()
    assert running.kinds(room)[-1] == "ApprovalAnswered"
    assert await running.ask(room, MARA, "Roll back to v41, of 12 November") == {}
    await room.press_direct(NOOR, "approval_hand_on")
    form = room.open_form(NOOR)
    form.forge_person("person", SAM)
    assert await form.submit(reason="I am on the train") == {}
    await room.settled()
    await room.press_direct(SAM, "approval_conditions")
    form = room.open_form(SAM)
    said = {"reason": "The old one is known", "conditions": "In the EU first"}
    assert await form.submit(options=["rollback"], **said) == {}
    await room.settled()
    assert running.kinds(room)[-2:] == ["ApprovalAnswered", "StepDone"]
    title = "Sign-off for remediation"
    told = [one.text for one in room.direct(MARA) if f": {title} is " in one.text]
    assert [one.split(". ")[0] for one in told] == [
        f"INC-1: {title} is refused",
        f"INC-1: {title} is approved with conditions",
    ]


async def _told(room: Room, receiver: Receiver, channel: str) -> None:
    """Ticket and page go out, the ticket at the third try; the review ends it."""
    receiver.answers += [web.Response(status=503), web.Response(status=500)]
    form = await running.opened(room, IDRIS, 6)
    known = {"value.project": "AI", "value.issue_type": "Task"}
    assert await form.submit(way="send", targets=["ticket"], **known) == {}
    await room.settled()
    form = await running.opened(room, IDRIS, 6)
    assert await form.submit(way="send", targets=["pager"]) == {}
    await room.settled()
    assert len(receiver.requests) == 4
    assert "[x] 1. Open and assign" in receiver.requests[0][2]
    form = await running.opened(room, IDRIS, 6)
    done = await form.submit(way="done", checks=["review_booked"])
    assert "The post-incident review is not linked yet." in next(iter(done.values()))
    await room.press(MARA, channel, "review_asked")
    review = room.open_form(MARA)
    at = room.clock.now() + timedelta(days=3)
    assert await review.submit(at=at, link="https://calendar.example/r") == {}
    await room.settled()
    assert await form.submit(way="done", checks=["review_booked"]) == {}
    await room.settled()


def _of(room: Room, kind: str) -> list[dict[str, object]]:
    return [fact.payload for fact in room.facts(1) if fact.kind == kind]


def _checklist(room: Room) -> str:
    posts = room.posts(room.channel(1))
    return next(shown(one.blocks) for one in posts if one.text.startswith("Runbook 1: "))
