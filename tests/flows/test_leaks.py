"""Does a private incident stay unknown, whatever is typed, pressed, sent or looked at?"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from bot.sandbox.model import Message
from tests.flows import leaks
from tests.flows.leaks import NONE, Stranger
from tests.room import ELENA, GENERAL, IDRIS, JUN, KOFI, MARA, NOOR, SAM, Room, until

SECRETS = ("zebrafish", "quagga", "okapi", "axolotl")
OUTSIDERS = (SAM, NOOR, KOFI)  # an executive; one who was let in and left; a guest


@pytest.fixture(autouse=True)
def logged() -> Iterator[structlog.testing.LogCapture]:
    """What the bot logs, errors with their tracebacks, as an operator would read it."""
    capture, before = structlog.testing.LogCapture(), structlog.get_config()
    structlog.configure(processors=[structlog.processors.format_exc_info, capture])
    yield capture
    structlog.configure(**before)


async def _worked_on(room: Room, channel: str) -> None:
    """What people in the room do; each word of theirs that must not get out is a quagga."""
    for by, line in (
        (MARA, "update The quagga is loose"),
        (MARA, "note 5 min ago quagga seen"),
        (MARA, f"task <@{IDRIS}> count the quagga in 30 min"),
        (MARA, "severity sev2 because of the quagga"),
        (MARA, f"page <@{IDRIS}> quagga"),
        (IDRIS, "ask how many quagga"),
        (MARA, f"role technical <@{IDRIS}>"),
        (MARA, "snooze 15m because of the quagga"),
    ):
        await room.type(by, channel, f"/incident {line}")
    hands = room.sandbox.as_person(MARA)
    said = await hands.say(channel, "We catch the quagga")
    await hands.use_message_shortcut(channel, said.ts, "record_decision")
    assert await room.open_form(MARA).submit() == {}
    await hands.use_message_shortcut(channel, said.ts, "add_to_timeline")
    form = await room.form(MARA, "/incident update", channel)
    assert await form.submit(happened="Two quagga now") == {}
    form = await room.form(MARA, "/incident fill", channel)
    assert await form.submit(seen="A quagga") == {}
    await room.settled()


async def _private(room: Room) -> str:
    """A private incident in which much happens, and that Noor left; its channel."""
    await room.declare("Zebrafish dosage", severity="SEV1", switches=("private",))
    await room.settled()
    channel = room.channel(1)
    await room.type(MARA, channel.id, f"/incident add <@{NOOR}>")
    await until(lambda: NOOR in channel.members)
    await room.settled()
    await room.sandbox.as_person(NOOR).open_home()
    await room.settled()
    await room.sandbox.as_person(MARA).remove(channel.id, NOOR)
    await until(lambda: room.facts(1)[-1].kind == "PersonLeft")
    await room.settled()
    return channel.id


async def _public_then_private(room: Room) -> str:
    """An incident that was public, with followers and askers, and is not any more."""
    await room.declare("Zebrafish dosage", severity="SEV1")
    await room.settled()
    old = room.channel(1)
    for person, line in (
        (NOOR, "follow INC-1"),
        (SAM, "ask INC-1 should we worry"),
        (MARA, f"task INC-1 <@{NOOR}> call them in 40 min"),
        (MARA, f"page INC-1 <@{SAM}>"),
        (MARA, f"add INC-1 <@{KOFI}>"),
        (MARA, "update INC-1 A zebrafish is ill"),
    ):
        await room.type(person, GENERAL, f"/incident {line}")
    await room.settled()
    await room.type(MARA, old.id, "/incident private because counsel says so")
    await room.settled()
    return next(one.id for one in room.rooms() if one.is_private)


def _said_in_public(room: Room) -> Message:
    return room.sandbox.workspace.channels[GENERAL].messages[-1]


async def test_no_verb_tells_a_private_incident_from_one_that_never_was(room: Room) -> None:
    channel = await _private(room)
    await _worked_on(room, channel)
    before = len(room.facts(1))
    for person in OUTSIDERS:
        stranger = Stranger(room, person)
        for verb in dict.fromkeys(one.name for one in room.bot.desk.verbs.values()):
            for line, other in zip(leaks.lines(verb, "1"), leaks.lines(verb, NONE), strict=True):
                answer, of_none = await stranger.line(line), await stranger.line(other)
                assert leaks.neutral(answer) == leaks.neutral(of_none), line
                assert leaks.leaks([answer], SECRETS, None) == [], line
    assert len(room.facts(1)) == before


async def test_a_command_sent_from_within_the_room_by_an_outsider_gives_nothing(
    room: Room,
) -> None:
    channel = await _private(room)
    await _worked_on(room, channel)
    before = len(room.facts(1))
    about_themselves = {"declare", "test", "nearmiss", "list", "find", "help"}
    for person in OUTSIDERS:
        stranger = Stranger(room, person)
        for verb in {one.name for one in room.bot.desk.verbs.values()} - about_themselves:
            for words in ("", "because of this", f"<@{IDRIS}> 15m", "sev1 because of this"):
                answer = await stranger.line(f"{verb} {words}", channel)
                assert leaks.leaks([answer], SECRETS, "INC-1") == [], (verb, words)
    assert len(room.facts(1)) == before


async def test_no_forged_click_shortcut_or_form_tells_of_it_or_changes_it(room: Room) -> None:
    channel = await _private(room)
    await _worked_on(room, channel)
    said = await room.sandbox.as_person(MARA).say(GENERAL, "Good morning")
    [inside, *_] = [one for one in room.sandbox.workspace.channels[channel].messages if one.user]
    before, names = len(room.facts(1)), leaks.registered(room)
    assert {"join", "fill_in", "accept_role"} <= set(names.buttons)
    answers: list[str] = []
    for person in OUTSIDERS:
        stranger = Stranger(room, person)
        for action_id in names.buttons:
            if action_id == "continue":
                continue  # its value is a line; those are walked elsewhere
            for value in leaks.values("1"):
                answers.append(await stranger.press(action_id, value, said))
        for callback_id in names.submits:
            answers.append(await stranger.submit(callback_id, leaks.about("1"), {}))
        for callback_id in names.shortcuts:
            if callback_id != "declare_incident":
                answers.append(await stranger.shortcut(callback_id, channel, inside))
                answers.append(await stranger.shortcut(callback_id, GENERAL, said))
    told = [one for one in answers if "We catch the quagga" not in one]
    assert leaks.leaks(told, SECRETS, "INC-1") == []
    await room.settled()
    assert len(room.facts(1)) == before
