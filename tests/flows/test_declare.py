"""What stands there after somebody declared an incident?"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot import app
from bot.clock import Clock
from bot.engine import Asked, Opening
from bot.features.incidents import rules
from bot.sandbox.payloads import Payloads
from bot.settings import Settings
from runbooks import load
from storage import log, lookup
from storage.db import Database
from storage.tables import facts, inbox, outbox
from tests.flows.story import TITLE, whole_incident
from tests.room import (
    BOT,
    GENERAL,
    IDRIS,
    INCIDENTS,
    KOFI,
    MARA,
    NOOR,
    SUPPORT,
    TEAM,
    Room,
    war_room,
)


async def test_a_whole_incident_from_declare_to_close(any_room: Room) -> None:
    await whole_incident(any_room)


async def test_the_room_has_purpose_pin_and_a_bookmark_to_the_summary(any_room: Room) -> None:
    number = await any_room.declare(TITLE)
    await any_room.settled()
    channel, pinned = any_room.channel(number), any_room.pinned(number)
    permalink = f"/archives/{channel.id}/p{pinned.ts.replace('.', '')}"
    [bookmark] = channel.bookmarks
    assert bookmark.title == "Summary"
    assert bookmark.link == any_room.sandbox.workspace.url + permalink
    assert channel.purpose == "War room of INC-1. What is decided here is kept in its log."
    assert not channel.is_private


async def test_everything_comes_from_one_commit(database_url: str) -> None:
    async with war_room(database_url, delivers=False) as room:
        await room.declare(TITLE)
        read = room.database.read_now
        [request] = read(lambda conn: conn.execute(select(inbox)).all())
        moments = read(lambda conn: conn.execute(select(outbox.c.created_at)).scalars().all())
        written = read(lambda conn: conn.execute(select(facts.c.at)).scalars().all())
        called = len(read(lambda conn: log.read(conn, "incident/1")))
        assert called > 1
        assert (request.chain, request.first_seq, request.last_seq) == ("incident/1", 1, called)
        assert {*moments, *written} == {request.at}
        assert {row.name for row in room.owed()} >= {
            "announcement/1", "purpose/1", "room/1 create", f"room/1 invite {MARA}",
            "room/1 way in", "summary/1", "summary/1 bookmark", "summary/1 pin", "topic/1",
            f"room/1 invite {IDRIS} {request.at.isoformat()}",
        }  # fmt: skip
        assert room.rooms() == []


async def test_the_declarer_is_invited_and_the_summary_posted_before_it_is_pinned(
    room: Room,
) -> None:
    await room.declare(TITLE)
    await room.settled()
    channel = room.channel(1).id
    began = {
        call.method: call.started_at
        for call in reversed(room.sandbox.calls)
        if call.ok and call.args.get("channel") == channel
    }
    assert began["chat.postMessage"] < began["pins.add"]
    assert "conversations.invite" in began


async def test_not_sure_is_the_default_and_counts_as_the_policy_says(room: Room) -> None:
    await room.declare(TITLE)
    await room.settled()
    [declared] = room.deeds(1)
    assert "severity" not in declared.payload
    assert declared.payload["rank"] == 1
    assert "*Not sure yet (treated as SEV1)*" in room.summary(1)


@pytest.mark.parametrize("verb", ["declare", "new", "open", "start"])
async def test_every_name_of_declare_prefills_title_and_severity(room: Room, verb: str) -> None:
    form = await room.form(MARA, f"/incident {verb} chatbot insults people SEV2")
    assert await form.submit() == {}
    [declared] = room.deeds(1)
    assert declared.payload["title"] == "chatbot insults people"
    assert declared.payload["severity"] == "SEV2"
    assert declared.payload["aware_basis"] == "declared"


async def test_the_form_needs_only_a_title(room: Room) -> None:
    form = await room.form(MARA, "/incident declare")
    assert await form.submit() == {"title": "Please complete this required field."}
    assert await form.submit(title=" ") == {"title": "Give it a title: a few words are enough."}
    assert room.deeds(1) == []
    assert await form.submit(title=TITLE) == {}
    assert len(room.deeds(1)) == 1


async def test_the_global_shortcut_declares_too(room: Room) -> None:
    await room.sandbox.as_person(MARA).use_shortcut("declare_incident")
    assert await room.open_form(MARA).submit(title=TITLE) == {}
    [declared] = room.deeds(1)
    assert declared.payload["route"] == "shortcut"


async def test_a_message_becomes_the_record_as_the_person_redacted_it(room: Room) -> None:
    report = room.sandbox.workspace.channels[SUPPORT].messages[1]
    hands = room.sandbox.as_person(MARA)
    await hands.use_message_shortcut(SUPPORT, report.ts, "declare_from_message")
    form = room.open_form(MARA)
    assert "1,000 mg every 4 hours" in form.view.state["source_text"]["source_text"]["value"]
    redacted = "Customer asked about paracetamol for a child & got an adult dose."
    assert await form.submit(title=TITLE, source_text=redacted) == {}
    await room.settled()
    [declared] = room.deeds(1)
    permalink = f"{room.sandbox.workspace.url}/archives/{SUPPORT}/p{report.ts.replace('.', '')}"
    assert declared.payload["source_text"] == redacted
    assert declared.payload["source_permalink"] == permalink
    aware_at = datetime.fromisoformat(declared.payload["aware_at"])
    assert aware_at == datetime.fromtimestamp(float(report.ts), UTC)
    assert declared.payload["aware_basis"] == "reported in a message"
    assert redacted in room.summary(1)
    assert f"(reported in a message) · <{permalink}|the message>" in room.summary(1)
    assert "what was seen" not in room.summary(1)


async def test_a_test_is_marked_everywhere(room: Room) -> None:
    await room.declare(TITLE, verb="test", severity="SEV2")
    await room.settled()
    assert room.channel(1).name == "inc-1-test-chatbot-gives-unsafe-dosage-advice"
    assert room.channel(1).topic == f"TEST INC-1 · SEV2 · Investigating · \u2068{TITLE}\u2069"
    assert room.channel(1).purpose.startswith("War room of TEST INC-1.")
    assert f"TEST · {TITLE}\nTEST INC-1 · *SEV2*" in room.summary(1)
    assert f"TEST. {TITLE}\nTEST INC-1 ·" in room.announcement(1)
    assert room.announcements()[0].text.startswith(f"TEST. {TITLE}")
    assert "TEST INC-1 · SEV2" in await room.type(IDRIS, GENERAL, "/incident list")
    entries = room.database.read_now(lookup.entries)
    assert [entry.is_test for entry, _ in entries] == [True]


async def test_the_same_modal_submitted_twice_makes_one_room(any_room: Room) -> None:
    await any_room.declare(TITLE)
    again = any_room.sandbox.deliveries[-1].payload
    assert again["type"] == "view_submission"
    answer = await any_room.sandbox.deliver.ask("interactive", again)
    assert "INC-1 is declared" in str(answer)
    await any_room.settled()
    assert [fact.kind for fact in any_room.deeds(1)] == ["IncidentDeclared"]
    assert any_room.facts(2) == []
    assert len(any_room.rooms()) == len(any_room.announcements()) == 1


async def test_the_same_modal_twice_at_once_makes_one_room(any_room: Room) -> None:
    form = await any_room.form(MARA, f"/incident declare {TITLE}")
    hands = any_room.sandbox.as_person(MARA)
    await asyncio.gather(hands.submit(form.view.id), hands.submit(form.view.id))
    await any_room.settled()
    assert [fact.kind for fact in any_room.deeds(1)] == ["IncidentDeclared"]
    assert any_room.facts(2) == []
    assert len(any_room.rooms()) == 1


async def test_fifty_declares_at_once_get_numbers_without_gaps(database: Database) -> None:
    settings = Settings(warroom_announce_channel="incidents")
    engine = app.engine(database, Clock(), load.policy(), settings)

    async def declare(n: int) -> int:
        request = rules.Declare(f"Incident {n}", None, False, False, False, "command", f"V{n}")
        done = await engine.carry_out(rules.declare, request, Opening(), Asked(f"view V{n}", MARA))
        return done.case.incident.number

    numbers = await asyncio.gather(*(declare(n) for n in range(50)))
    assert sorted(numbers) == list(range(1, 51))
    verified = database.read_now(log.verify)
    assert verified.broken is None
    assert verified.chains == 50


async def test_joining_twice_invites_once(room: Room) -> None:
    await room.declare(TITLE)
    await room.settled()
    await room.press(NOOR, INCIDENTS, "join")
    await room.press(NOOR, INCIDENTS, "join")
    await room.sandbox.deliver.ask("interactive", room.sandbox.deliveries[-1].payload)
    await room.settled()
    assert sorted(room.channel(1).members) == sorted([*TEAM, NOOR])
    assert [fact.kind for fact in room.deeds(1)] == ["IncidentDeclared", "JoinAsked"]
    assert room.owed("failed", "undeliverable") == []


async def test_a_guest_may_declare(room: Room) -> None:
    await room.declare(TITLE, by=KOFI)
    await room.settled()
    assert set(room.channel(1).members) == {*TEAM, KOFI}


async def test_a_bot_may_not_declare(room: Room) -> None:
    form = await room.form(MARA, f"/incident declare {TITLE}")
    submit = Payloads(room.sandbox.workspace, MARA).submission(form.view)
    submit["user"]["id"] = BOT
    answer = await room.sandbox.deliver.ask("interactive", submit)
    told = "An app cannot declare an incident; it needs a person in command."
    assert answer == {"response_action": "errors", "errors": {"title": told}}
    assert room.deeds(1) == []


async def test_a_form_sent_as_it_was_opened_records_nothing(room: Room) -> None:
    await room.declare(TITLE)
    await room.settled()
    form = await room.form(MARA, "/incident fill", room.channel(1).id)
    assert await form.submit() == {}
    assert [fact.kind for fact in room.deeds(1)] == ["IncidentDeclared"]


async def test_without_a_channel_for_announcements_the_rest_is_there(sqlite_url: str) -> None:
    async with war_room(sqlite_url, warroom_announce_channel=None) as room:
        await room.declare(TITLE)
        await room.settled()
        assert TITLE in room.summary(1)
        assert room.announcements() == []
        assert room.owed("failed", "undeliverable") == []
