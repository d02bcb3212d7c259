"""Does what happened stand where people can read it, and is what they say kept?"""

from __future__ import annotations

import re

from bot.core.facts import Words
from bot.core.facts.timeline import MessageSaid
from bot.engine import Talk
from tests.flows.story import TITLE
from tests.room import ELENA, GENERAL, IDRIS, JUN, KOFI, MARA, Room

TALK = "talk/1"


async def begun(room: Room) -> str:
    """An incident with its room; the channel."""
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    return room.channel(1).id


def said(room: Room) -> list[tuple[str, str, str]]:
    """What was kept of the talk: kind, who, words."""
    return [
        (one.kind, one.actor, str(one.payload.get("text", ""))) for one in room.chain(TALK)
    ]  # fmt: skip


def taken(room: Room, kind: str, person: str) -> int:
    """How many events of this kind and person the bot is through with."""
    events = [one.payload.get("event", {}) for one in room.sandbox.deliveries if not one.error]
    return sum((one.get("type"), one.get("user")) == (kind, person) for one in events)


async def test_a_note_is_echoed_in_the_zone_of_whoever_typed_it(room: Room) -> None:
    channel = await begun(room)
    zone = room.sandbox.workspace.people[JUN].tz
    told = await room.type(JUN, channel, "/incident note 10 min ago Fallback model is <live>")
    assert re.fullmatch(
        rf"Noted at \d\d:\d\d \({zone}\): Fallback model is &lt;live&gt;", told
    ), told  # fmt: skip
    seq = room.facts(1)[-1].seq
    told = await room.type(JUN, channel, f"/incident note correct {seq} It was the cache")
    assert told.endswith("It was the cache")
    shown = await room.type(MARA, channel, "/incident timeline notes")
    assert f"Fallback model is &lt;live&gt; (note {seq}, corrected later)" in shown
    assert f"corrected note {seq}: It was the cache (note {seq + 1})" in shown
    assert "declared" not in shown


async def test_a_note_about_the_future_changes_nothing(room: Room) -> None:
    channel = await begun(room)
    before = len(room.facts(1))
    told = await room.type(MARA, channel, "/incident note in 10 min it breaks")
    assert "is still to come" in told
    assert len(room.facts(1)) == before


async def test_a_long_timeline_is_turned_page_by_page(room: Room) -> None:
    channel = await begun(room)
    for count in range(20):
        await room.type(MARA, channel, f"/incident note thing {count}")
    last = await room.type(MARA, channel, "/incident timeline note")
    assert last.startswith("Timeline of INC-1, 6 to 20 of 20, newest last:")
    first = await room.press(MARA, channel, "timeline_earlier")
    assert first.startswith("Timeline of INC-1, 1 to 5 of 20, newest last:")
    again = await room.press(MARA, channel, "timeline_later")
    assert again == last
    told = await room.type(MARA, channel, "/incident timeline weather")
    assert told.startswith("The timeline has no kind “weather”. Use one of declared, role,")


async def test_a_message_is_put_on_the_timeline_once_and_marked(room: Room) -> None:
    channel = await begun(room)
    hands = room.sandbox.as_person(IDRIS)
    message = await hands.say(channel, "Probes are clean since 03:00 & holding")
    await room.comes(lambda: said(room))
    await room.sandbox.as_person(MARA).use_message_shortcut(channel, message.ts, "add_to_timeline")
    await room.comes(lambda: message.reactions)
    noted = room.facts(1)[-1]
    assert noted.payload["text"] == "Probes are clean since 03:00 & holding"
    assert (noted.actor, noted.payload["ts"]) == (MARA, message.ts)
    assert message.reactions == {"round_pushpin": ["U0WARROOM"]}
    before = len(room.facts(1))
    await hands.use_message_shortcut(channel, message.ts, "add_to_timeline")
    await room.comes(lambda: room.whispers(channel, IDRIS))
    assert room.whispers(channel, IDRIS)[-1].text.startswith("This message is on the timeline")
    assert len(room.facts(1)) == before


async def test_a_reaction_puts_a_message_on_the_timeline_even_if_it_was_not_kept(
    room: Room,
) -> None:
    channel = await begun(room)
    await room.type(MARA, channel, "/incident talk off because counsel is here")
    hands = room.sandbox.as_person(IDRIS)
    message = await hands.say(channel, "The vendor confirms it")
    await room.sandbox.as_person(JUN).react(channel, message.ts, "round_pushpin")
    await room.comes(lambda: room.facts(1)[-1].kind == "NoteAdded")
    await room.sandbox.as_person(MARA).react(channel, message.ts, "round_pushpin")
    await room.comes(lambda: taken(room, "reaction_added", MARA) == 1)
    notes = [one for one in room.facts(1) if one.kind == "NoteAdded"]
    assert [(one.actor, one.payload["text"]) for one in notes] == [(JUN, "The vendor confirms it")]
    assert said(room) == []


async def test_what_people_say_edit_and_take_back_is_kept(room: Room) -> None:
    channel = await begun(room)
    hands = room.sandbox.as_person(IDRIS)
    first = await hands.say(channel, "It is <b>bad</b>")
    await room.comes(lambda: len(said(room)) == 1)
    reply = await hands.say(channel, "Very", first.ts)
    await room.comes(lambda: len(said(room)) == 2)
    await hands.edit(channel, first.ts, "It is worse")
    await room.comes(lambda: len(said(room)) == 3)
    await hands.delete(channel, reply.ts)
    await room.comes(lambda: len(said(room)) == 4)
    await hands.delete(channel, first.ts)
    await room.comes(lambda: len(said(room)) == 5)
    await room.settled()
    assert said(room) == [
        ("MessageSaid", IDRIS, "It is <b>bad</b>"),
        ("MessageSaid", IDRIS, "Very"),
        ("MessageEdited", IDRIS, "It is worse"),
        ("MessageDeleted", "warroom", ""),
        ("MessageDeleted", "warroom", ""),
    ]
    assert room.chain(TALK)[1].payload["thread_ts"] == first.ts


async def test_a_thread_whose_first_message_was_taken_back_says_so(room: Room) -> None:
    channel = await begun(room)
    hands = room.sandbox.as_person(IDRIS)
    first = await hands.say(channel, "Wrong")
    await hands.say(channel, "A reply", first.ts)
    await hands.delete(channel, first.ts)
    await room.comes(lambda: len(said(room)) == 3)
    assert ("MessageDeleted", "warroom", "") in said(room)


async def test_the_bot_and_other_channels_are_not_kept(room: Room) -> None:
    channel = await begun(room)
    await room.sandbox.as_person(MARA).say(GENERAL, "Lunch")
    await room.type(MARA, channel, "/incident update Fallback model is live")
    await room.settled()
    await room.sandbox.as_person(MARA).say(channel, "The last word")
    await room.comes(lambda: said(room))
    assert said(room) == [("MessageSaid", MARA, "The last word")]


async def test_the_talk_is_switched_off_and_on_by_whoever_may(room: Room) -> None:
    channel = await begun(room)
    hands = room.sandbox.as_person(MARA)
    await hands.say(channel, "Before")
    await room.comes(lambda: said(room))
    told = await room.type(JUN, channel, "/incident talk off because it is private")
    assert "ask <@U0ONCALL>" in told
    told = await room.type(MARA, channel, "/incident talk off because counsel is here")
    assert told.startswith("From now on what is said in this room is not kept: counsel is here.")
    await hands.say(channel, "Between us")
    told = await room.type(MARA, channel, "/incident talk")
    assert told == "What is said here is not kept: `/incident talk on` keeps it."
    await room.type(MARA, channel, "/incident talk on")
    await hands.say(channel, "After")
    await room.comes(lambda: taken(room, "message", MARA) >= 3)
    await room.comes(lambda: len(said(room)) == 2)
    assert [words for _, _, words in said(room)] == ["Before", "After"]


async def test_the_words_of_the_talk_can_be_erased(room: Room) -> None:
    channel = await begun(room)
    await room.sandbox.as_person(MARA).say(channel, "The customer is Anna Berg")
    await room.comes(lambda: said(room))
    engine = room.bot.desk.engine
    assert engine.words_of(Talk(1)) == {
        "1.text": ("MessageSaid", Words("The customer is Anna Berg"))
    }
    assert engine.erase(Talk(1), ["1.text"], "a name", "Elena Petrova") == 1
    [first, second] = await engine.talk(1)
    assert isinstance(first.fact, MessageSaid)
    assert first.fact.text == "[erased]"
    assert type(second.fact).__name__ == "WordsErased"


async def test_catchup_tells_a_newcomer_in_ten_lines(room: Room) -> None:
    channel = await begun(room)
    await room.type(MARA, channel, "/incident update Doses are wrong for children")
    await room.settled()
    head, *lines = (await room.type(ELENA, channel, "/incident catchup")).split("\n")
    assert head == f"INC-1 {TITLE}."
    assert [line.split(":")[0] for line in lines if not line.startswith("SEV1")] == [
        "Harm now", "What happened", "Impact", "Roles", "Decisions", "Owed next", "Open tasks",
        "Where to look", "What you could do",
    ]  # fmt: skip
    assert lines[1].startswith("SEV1 since <!date^")
    assert lines[2].startswith("What happened: Doses are wrong for children (update 1, <!date^")
    assert "IC" in lines[4] or "Incident Commander <@U0ONCALL> (acting)" in lines[4]
    assert f"/archives/{channel}/p" in lines[8]


async def test_as_of_shows_what_was_known_then(room: Room) -> None:
    channel = await begun(room)
    await room.pass_time(minutes=30)
    await room.type(MARA, channel, "/incident update Doses are wrong")
    told = await room.type(MARA, channel, "/incident as-of 10 min ago")
    assert f": {TITLE}." in told
    assert "What happened: not said yet (no update yet)" in told
    assert f"({room.sandbox.workspace.people[MARA].tz})" in told
    told = await room.type(MARA, channel, "/incident as-of 2 h ago")
    assert told.startswith("INC-1 was not declared yet at ")
    told = await room.type(MARA, channel, "/incident as-of sunrise")
    assert told.startswith("Say a time and nothing else: `/incident as-of 03:40`")


async def test_a_private_incident_has_no_timeline_for_outsiders(room: Room) -> None:
    number = await room.declare(TITLE, switches=("private",))
    await room.settled()
    for line in ("timeline INC-1", "catchup INC-1", "as-of INC-1 1 min ago", "note INC-1 x y",
                 "talk INC-1"):  # fmt: skip
        told = await room.type(KOFI, GENERAL, f"/incident {line}")
        assert told == f"There is no INC-{number}.", line
