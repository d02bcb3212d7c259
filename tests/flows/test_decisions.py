"""How does what was decided get into the log, and what becomes of it?"""

from __future__ import annotations

from datetime import timedelta

from bot.core.messages import Content, Post
from bot.sandbox.journal import Wanted
from tests.flows.deciding import SCROLL, decided, kinds, lines, opened, press, record
from tests.flows.story import TITLE
from tests.room import ELENA, GENERAL, IDRIS, MARA, NOOR, SUPPORT, Room, until


async def test_a_message_becomes_a_decision_with_one_shortcut(room: Room) -> None:
    channel = await opened(room)
    said = await room.sandbox.as_person(IDRIS).say(channel.id, "We roll back to 4.1 <now>")
    await record(room, said, channel)
    [fact] = [fact for fact in room.facts(1) if fact.kind == "DecisionRecorded"]
    assert fact.payload["text"] == "We roll back to 4.1 <now>"
    assert fact.payload["severity"] == "SEV1"
    assert (fact.payload["channel"], fact.payload["ts"]) == (channel.id, said.ts)
    [line] = lines(room, channel)
    assert line.startswith("Decision 1: We roll back to 4.1 &lt;now&gt; · <http")
    assert said.reactions == {SCROLL: ["U0WARROOM"]}
    assert "1. We roll back to 4.1 &lt;now&gt;" in room.summary(1)
    assert "decisions without a reason: 1" in room.summary(1)


async def test_more_unfolds_the_rest_and_keeps_what_was_typed(room: Room) -> None:
    channel = await opened(room)
    form = await room.form(MARA, "/incident decision Switch it off", channel.id)
    form.fill(text="Switch the dosage answers off")
    await press(room, MARA, "decision_more")
    review_at = room.clock.now() + timedelta(hours=2)
    form.forge("decider", {"type": "users_select", "selected_user": IDRIS})
    form.forge("decider_role", option(form, "decider_role", "technical"))
    assert await form.submit(why="Harm goes on", review_at=review_at) == {}
    await room.settled()
    [fact] = [fact for fact in room.facts(1) if fact.kind == "DecisionRecorded"]
    assert fact.payload["text"] == "Switch the dosage answers off"
    assert fact.payload["why"] == "Harm goes on"
    assert (fact.payload["decider"], fact.payload["decider_role"]) == (IDRIS, "technical")
    [line] = lines(room, channel)
    assert line.startswith("Decision 1: Switch the dosage answers off – by Technical Lead")


def option(form: object, name: str, value: str) -> dict[str, object]:
    """A chosen option of a select in a form."""
    blocks = form.view.content["blocks"]  # type: ignore[attr-defined]
    element = next(block["element"] for block in blocks if block.get("block_id") == name)
    chosen = next(one for one in element["options"] if one["value"] == value)
    return {"type": element["type"], "selected_option": chosen}


async def test_the_same_message_again_leads_to_the_first_record_which_can_be_amended(
    room: Room,
) -> None:
    channel = await opened(room)
    said = await room.sandbox.as_person(IDRIS).say(channel.id, "We roll back")
    await record(room, said, channel)
    hands = room.sandbox.as_person(ELENA)
    await hands.use_message_shortcut(channel.id, said.ts, "record_decision")
    assert "We roll back" in room.open_form(ELENA).text
    await press(room, ELENA, "decision_amend")
    assert await room.open_form(ELENA).submit(why="The new model is unsafe") == {}
    await room.settled()
    assert kinds(room) == ["DecisionRecorded", "DecisionAmended"]
    [line] = lines(room, channel)
    assert line.startswith("Decision 1 (amended): We roll back")
    assert "without a reason" not in room.summary(1)


async def test_a_reversal_is_a_new_fact_and_edits_the_line(room: Room) -> None:
    channel = await opened(room)
    said = await room.sandbox.as_person(IDRIS).say(channel.id, "We roll back")
    await record(room, said, channel)
    await room.sandbox.as_person(MARA).use_message_shortcut(channel.id, said.ts, "record_decision")
    await press(room, MARA, "decision_reverse_asked")
    form = room.open_form(MARA)
    told = "Say why it holds no longer: it is what the review reads."
    assert await form.submit(because="\u202e ") == {"because": told}
    assert await form.submit(because="4.1 is worse") == {}
    await room.settled()
    assert kinds(room) == ["DecisionRecorded", "DecisionReversed"]
    [line] = lines(room, channel)
    assert line.startswith("Decision 1 (reversed): We roll back\nReversed because: 4.1 is worse")
    listed = await room.type(MARA, channel.id, "/incident decisions")
    assert "Decision 1* (reversed)" in listed


async def test_a_reaction_captures_at_once_and_details_are_asked_in_one_list(room: Room) -> None:
    channel = await opened(room)
    hands = room.sandbox.as_person(IDRIS)
    for count, words in enumerate(("We roll back", "We tell support"), start=1):
        said = await hands.say(channel.id, words)
        await hands.react(channel.id, said.ts, SCROLL)
        await room.sandbox.as_person(ELENA).react(channel.id, said.ts, SCROLL)
        await decided(room, count)
    await room.settled()
    asked = [one for one in room.direct(MARA) if "decisions without a reason" in one.text]
    assert len(asked) == 1
    assert "1. We roll back; 2. We tell support" in asked[0].text
    assert len(lines(room, channel)) == 2


async def test_a_reason_is_given_from_the_private_list(room: Room) -> None:
    channel = await opened(room)
    said = await room.sandbox.as_person(IDRIS).say(channel.id, "We roll back")
    await room.sandbox.as_person(IDRIS).react(channel.id, said.ts, SCROLL)
    await decided(room, 1)
    await room.settled()
    channels = room.sandbox.workspace.channels.values()
    talk = next(one for one in channels if one.is_im and MARA in one.members)
    await room.press(MARA, talk.id, "decision_amend")
    assert await room.open_form(MARA).submit(why="The new model is unsafe") == {}
    await room.settled()
    assert kinds(room) == ["DecisionRecorded", "DecisionAmended"]
    assert "nothing about its decisions" in "\n".join(one.text for one in room.direct(MARA))


async def test_a_private_incident_is_offered_only_to_those_in_it(room: Room) -> None:
    await room.declare(TITLE, switches=("private",))
    message = room.sandbox.workspace.channels[SUPPORT].messages[-1]
    for person, is_in in ((MARA, True), (NOOR, False)):
        hands = room.sandbox.as_person(person)
        await hands.use_message_shortcut(SUPPORT, message.ts, "record_decision")
        assert (hands.open_view() is not None) is is_in
    told = await room.type(NOOR, GENERAL, "/incident decisions INC-1")
    assert told == "There is no INC-1."


async def test_a_reply_is_captured_with_its_own_words(room: Room) -> None:
    channel = await opened(room)
    hands = room.sandbox.as_person(IDRIS)
    above = await hands.say(channel.id, "What now?")
    reply = await hands.say(channel.id, "We roll back & wait", above.ts)
    await hands.react(channel.id, reply.ts, SCROLL)
    await decided(room, 1)
    [fact] = [fact for fact in room.facts(1) if fact.kind == "DecisionRecorded"]
    assert fact.payload["text"] == "We roll back & wait"


async def test_taking_the_reaction_away_in_time_withdraws_and_later_does_not(room: Room) -> None:
    channel = await opened(room)
    hands = room.sandbox.as_person(IDRIS)
    slip = await hands.say(channel.id, "Maybe we roll back?")
    await hands.react(channel.id, slip.ts, SCROLL)
    await decided(room, 1)
    await hands.unreact(channel.id, slip.ts, SCROLL)
    await until(lambda: kinds(room) == ["DecisionRecorded", "DecisionWithdrawn"])
    await room.settled()
    assert slip.reactions == {}
    assert [line.partition(" · ")[0] for line in lines(room, channel)] == ["Decision 1 (withdrawn)"]
    meant = await hands.say(channel.id, "We roll back")
    await hands.react(channel.id, meant.ts, SCROLL)
    await until(lambda: len(kinds(room)) == 3)
    await room.pass_time(seconds=61)
    await hands.unreact(channel.id, meant.ts, SCROLL)
    await room.type(MARA, channel.id, "/incident decisions")
    assert kinds(room)[2:] == ["DecisionRecorded"]


async def test_a_mark_that_slack_puts_off_is_not_left_on_what_was_withdrawn(room: Room) -> None:
    channel = await opened(room)
    room.sandbox.faults.add("reactions.add:429:1:seconds=20")
    hands = room.sandbox.as_person(IDRIS)
    slip = await hands.say(channel.id, "Maybe we roll back?")
    await hands.react(channel.id, slip.ts, SCROLL)
    refused = Wanted(kind="call", name="reactions.add", is_failed=True)
    await until(lambda: room.sandbox.journal.entries(refused))
    await hands.unreact(channel.id, slip.ts, SCROLL)
    await until(lambda: kinds(room) == ["DecisionRecorded", "DecisionWithdrawn"])
    await room.bot.engine.owe([Post("owed later", f"channel/{SUPPORT}", Content("Owed later"))])
    elsewhere = room.sandbox.workspace.channels[SUPPORT]
    await until(lambda: room.posts(elsewhere) and not room.owed("claimed"))
    room.clock.move(timedelta(seconds=20))
    await room.settled()
    assert slip.reactions == {}


async def test_an_edited_and_a_deleted_source_are_noted_and_the_words_stay(room: Room) -> None:
    channel = await opened(room)
    hands = room.sandbox.as_person(IDRIS)
    said = await hands.say(channel.id, "We roll back")
    await record(room, said, channel)
    for words in ("We do nothing", "We never said so"):
        await hands.edit(channel.id, said.ts, words)
    await until(lambda: "SourceEdited" in kinds(room))
    await hands.delete(channel.id, said.ts)
    await until(lambda: "SourceDeleted" in kinds(room))
    await room.settled()
    assert kinds(room) == ["DecisionRecorded", "SourceEdited", "SourceDeleted"]
    [line] = lines(room, channel)
    assert line.startswith("Decision 1 (source deleted): We roll back")


async def test_a_deleted_source_that_has_replies_is_noted_as_deleted(room: Room) -> None:
    channel = await opened(room)
    hands = room.sandbox.as_person(IDRIS)
    said = await hands.say(channel.id, "We roll back")
    await hands.say(channel.id, "Agreed", said.ts)
    await record(room, said, channel)
    await hands.delete(channel.id, said.ts)
    await until(lambda: kinds(room) == ["DecisionRecorded", "SourceDeleted"])


async def test_outside_a_room_the_shortcut_offers_the_incidents_one_is_in(room: Room) -> None:
    channel = await opened(room)
    message = room.sandbox.workspace.channels[SUPPORT].messages[-1]
    hands = room.sandbox.as_person(MARA)
    await hands.use_message_shortcut(SUPPORT, message.ts, "record_decision")
    form = room.open_form(MARA)
    assert f"INC-1 {TITLE}" in form.text
    await press(room, MARA, "decision_more")
    assert await form.submit(incident="1", why="Seen by support") == {}
    await room.settled()
    assert "INC-1" in form.text
    [fact] = [fact for fact in room.facts(1) if fact.kind == "DecisionRecorded"]
    assert fact.payload["channel"] == SUPPORT
    assert message.reactions == {}
    assert room.owed("failed", "dead") == []
    assert len(lines(room, channel)) == 1


async def test_who_is_in_no_incident_reads_what_to_do(room: Room) -> None:
    message = room.sandbox.workspace.channels[SUPPORT].messages[-1]
    hands = room.sandbox.as_person(MARA)
    await hands.use_message_shortcut(SUPPORT, message.ts, "record_decision")

    def told() -> list[str]:
        seen = room.sandbox.workspace.messages_seen_by(SUPPORT, MARA)
        return [one.text for one in seen if one.ephemeral_to == MARA]

    await until(told)
    assert told() == ["You are in no open incident. Enter its room, then try again."]


async def test_a_review_is_owed_and_met_by_saying_that_it_still_holds(room: Room) -> None:
    channel = await opened(room)
    form = await room.form(MARA, "/incident decision Switch it off", channel.id)
    await press(room, MARA, "decision_more")
    assert await form.submit(review_at=room.clock.now() + timedelta(hours=2)) == {}
    case = await room.bot.engine.case(1)
    assert case
    owed = [one.name for one in room.bot.engine.shown(case).deadlines]
    assert "decision/1/review" in owed
    await room.settled()
    await room.type(MARA, channel.id, "/incident decisions")
    await room.press(MARA, channel.id, "decision_open")
    await press(room, MARA, "decision_holds")
    assert kinds(room) == ["DecisionRecorded", "DecisionUpheld"]
    assert "decision 1 still holds" in room.open_form(MARA).text


async def test_a_closed_incident_takes_no_decision(room: Room) -> None:
    channel = await opened(room)
    await room.type(MARA, channel.id, "/incident resolve gone")
    said = await room.sandbox.as_person(MARA).say(channel.id, "We roll back")
    await room.sandbox.as_person(MARA).use_message_shortcut(channel.id, said.ts, "record_decision")
    form = room.open_form(MARA)
    await room.sandbox.as_person(MARA).slash(channel.id, "/incident close done")
    told = "INC-1 is over. Reopen it to go on."
    assert await form.submit() == {"text": told}
    assert await room.type(MARA, channel.id, "/incident decision We roll back") == told
    await room.sandbox.as_person(MARA).react(channel.id, said.ts, SCROLL)
    await room.settled()
    assert kinds(room) == []
    seen = room.sandbox.workspace.messages_seen_by(channel.id, MARA)
    assert [one.text for one in seen if one.ephemeral_to == MARA][-1] == told


async def test_outside_a_room_the_verb_asks_which_incident(room: Room) -> None:
    told = await room.type(MARA, GENERAL, "/incident decision We roll back")
    assert told.startswith("Which incident?")
