"""What does a whole incident look like, from the declare to the close?"""

from __future__ import annotations

from datetime import timedelta

from tests.room import BOT, IDRIS, INCIDENTS, MARA, NOOR, TEAM, Room

TITLE = "Chatbot gives unsafe dosage advice"
ALL_MISSING = (
    "still missing: what was seen, model or surface, since when, family, who reported it, "
    "an example or credible report, how people could be harmed, whether waiting makes it worse, "
    "where the evidence is, model version"
)


async def whole_incident(room: Room) -> None:
    """Mara declares, Noor joins, Idris fills in, Mara ends it: the same on every way in."""
    await _declared(room)
    await _joined(room)
    await _filled_in(room)
    await _ended(room)


async def _declared(room: Room) -> None:
    form = await room.form(MARA, f"/incident declare sev1 {TITLE}")
    assert await form.submit() == {}
    await room.settled()
    channel = room.channel(1)
    assert channel.name == "inc-1-chatbot-gives-unsafe-dosage-advice"
    assert channel.topic == f"INC-1 · SEV1 · Investigating · \u2068{TITLE}\u2069"
    assert channel.members[:2] == [BOT, MARA]
    assert set(channel.members) == TEAM
    assert form.text == (
        "*INC-1 is declared.* You are acting Incident Commander until "
        f"someone accepts.\nGo to <#{channel.id}>."
    )
    assert room.summary(1).startswith(f"*Harm now: unknown*\n{TITLE}\nINC-1 · *SEV1* ·")
    assert ALL_MISSING in room.summary(1)
    assert f"<#{channel.id}>" in room.announcement(1)


async def _joined(room: Room) -> None:
    told = await room.press(NOOR, INCIDENTS, "join")
    await room.settled()
    assert told == f"You are invited to <#{room.channel(1).id}>."
    assert set(room.channel(1).members) == {*TEAM, NOOR}


async def _filled_in(room: Room) -> None:
    pinned = room.pinned(1).ts
    await room.press(IDRIS, room.channel(1).id, "fill_in")
    form = room.open_form(IDRIS)
    began = room.clock.now() - timedelta(hours=2)
    assert await form.submit(harm="ongoing", first_output_at=began, family="safety") == {}
    await room.settled()
    lines = room.summary(1).split("\n")
    assert lines[0] == "*Harm now: ongoing*"
    assert "still missing: what was seen, model or surface, who reported it," in room.summary(1)
    assert room.pinned(1).ts == pinned
    told = await room.type(IDRIS, room.channel(1).id, "/incident resolve")
    assert told == (
        f"To resolve the incident is up to the Incident Commander: ask <@{MARA}>. "
        "Nothing was changed."
    )
    form = await room.form(MARA, "/incident resolve", room.channel(1).id)
    assert await form.submit(reason="It seems to be gone") == {
        "reason": "Harm is marked as ongoing. Say under Fill in when it stopped, then resolve."
    }
    stopped = room.clock.now() - timedelta(minutes=5)
    form = await room.form(MARA, "/incident fill", room.channel(1).id)
    assert await form.submit(harm="stopped", harm_stopped_at=stopped, seen="Adult dose") == {}
    await room.settled()
    lines = room.summary(1).split("\n")
    assert lines[0].startswith(f"*Harm now: stopped (<!date^{int(stopped.timestamp())}^")
    assert "still missing: model or surface, who reported it," in room.summary(1)
    assert room.pinned(1).ts == pinned


async def _ended(room: Room) -> None:
    channel = room.channel(1).id
    told = await room.type(MARA, channel, "/incident resolve Fallback model is live, 0 of 50 bad")
    assert told.startswith("INC-1 is resolved. Summary, topic and announcement follow.\nStill owed")
    await room.settled()
    assert "Resolved: Fallback model is live, 0 of 50 bad" in room.summary(1)
    assert "INC-1 · SEV1 · Resolved ·" in room.announcement(1)
    await room.type(MARA, channel, "/incident reopen It said it again")
    await room.settled()
    assert room.channel(1).topic.startswith("INC-1 · SEV1 · Investigating")
    await room.type(MARA, channel, "/incident resolve Rolled back")
    form = await room.form(MARA, "/incident close Review is written", channel)
    assert (
        "A run of Safety incident (real or near harm) is required (governance tier 1, Light)"
        in form.text
    )
    assert await form.submit(despite="It was run on paper") == {}
    await room.settled()
    assert room.channel(1).topic.startswith("INC-1 · SEV1 · Closed")
    assert "INC-1 · SEV1 · Closed ·" in room.announcement(1)
    assert [fact.kind for fact in room.deeds(1)] == [
        "IncidentDeclared",
        "JoinAsked",
        "DetailsFilled",
        "DetailsFilled",
        "IncidentResolved",
        "IncidentReopened",
        "IncidentResolved",
        "IncidentClosed",
    ]
    assert len(room.announcements()) == 1
    assert room.posts(room.channel(1)) == [room.pinned(1)]
    assert room.owed("failed", "undeliverable") == []
