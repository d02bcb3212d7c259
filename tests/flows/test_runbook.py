"""Do five people run the source runbook to its end?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from tests.flows import running
from tests.hooks.receiver import Receiver, receiving
from tests.room import ELENA, IDRIS, MARA, NOOR, SAM, Room, StillClock, war_room
from tests.screen import shown


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Ticketing and paging, on this machine."""
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def room(
    receiver: Receiver, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Room]:
    """A room from which both can be reached, on a clock that is moved by hand."""
    for name in ("PAGERDUTY_ROUTING_KEY", "JIRA_SITE", "JIRA_LOGIN_SECRET"):
        monkeypatch.setenv(name, "zebrafish-of-the-pager")
    content = running.content(receiver, tmp_path / "content")
    async with war_room(database_url, clock=StillClock(), warroom_content=content) as room:
        yield room


async def test_five_people_run_the_source_runbook_to_its_end(
    room: Room, receiver: Receiver
) -> None:
    channel = await running.begun(room)
    assert "Runbook 1, Model output causing harm: 0 of 6 done, now step 1" in room.summary(1)
    await running.opening_done(room)
    form = await running.opened(room, NOOR, 2)
    assert await form.submit(checks=running.KEPT[:1], scope="The chat") == {
        "checks": "Not ticked off yet: The configuration is kept as it was. Tick it when it holds."
    }
    assert await form.submit(checks=running.KEPT, scope="The chat") == {}
    await room.settled()
    await _evidence(room, channel)
    form = await running.opened(room, ELENA, 4)
    assert await form.submit(**running.IMPACT) == {}
    await room.settled()
    await _signed(room)
    await _told(room, receiver, channel)
    assert running.kinds(room)[-2:] == ["StepDone", "RunFinished"]
    assert "finished" in _checklist(room)
    assert "zebrafish" not in str(room.facts(1))
    assert room.owed("failed", "undeliverable") == []


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
