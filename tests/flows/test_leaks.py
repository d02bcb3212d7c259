"""Does a private incident stay unknown, whatever is typed, pressed, sent or looked at?"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace

import aiohttp
import pytest
import structlog

from bot import registry
from bot.core.alerts import Alert
from bot.sandbox.model import Message
from tests.flows import leaks
from tests.flows.leaks import NONE, Stranger
from tests.room import (
    ELENA,
    GENERAL,
    IDRIS,
    INCIDENTS,
    JUN,
    KOFI,
    MARA,
    NOOR,
    SAM,
    Room,
    until,
    war_room,
)

SECRETS = ("zebrafish", "quagga", "okapi", "axolotl")
OUTSIDERS = (SAM, NOOR, KOFI)  # an executive; one who was let in and left; a guest


@pytest.fixture(autouse=True)
def _clean_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever happens here, no line of the log names an incident, or words of people."""
    caplog.set_level(logging.INFO)
    capture, before = structlog.testing.LogCapture(), structlog.get_config()
    structlog.configure(processors=[structlog.processors.format_exc_info, capture])
    yield
    structlog.configure(**before)
    written = [*map(str, capture.entries), caplog.text]
    assert leaks.leaks(written, (*SECRETS, "inc-1-"), "INC-1") == []


async def _private(room: Room, number: int = 1) -> str:
    """A private incident in which much happens, and that Noor left; its channel."""
    await room.declare("Zebrafish dosage", severity="SEV1", switches=("private",))
    await room.settled()
    channel = room.channel(number)
    await room.type(MARA, channel.id, f"/incident add <@{NOOR}>")
    await until(lambda: NOOR in channel.members)
    await room.settled()
    await room.sandbox.as_person(NOOR).open_home()
    await room.settled()
    await room.sandbox.as_person(MARA).remove(channel.id, NOOR)
    await until(lambda: room.facts(number)[-1].kind == "PersonLeft")
    await room.settled()
    return channel.id


async def _public_then_private(room: Room) -> tuple[str, str]:
    """An incident that was public, with followers and askers; its old room and its new one."""
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
    await leaks.run_through(room, old.id, "zebrafish")
    await room.settled()
    await room.type(MARA, old.id, "/incident private because counsel says so")
    await room.settled()
    return old.id, next(one.id for one in room.rooms() if one.is_private)


def _said_in_public(room: Room) -> Message:
    return room.sandbox.workspace.channels[GENERAL].messages[-1]


async def test_no_verb_tells_a_private_incident_from_one_that_never_was(room: Room) -> None:
    channel = await _private(room)
    await leaks.worked_on(room, channel)
    before = [fact for fact in room.facts(1) if fact.actor in OUTSIDERS]
    for person in OUTSIDERS:
        stranger = Stranger(room, person)
        for place, verb in enumerate(
            dict.fromkeys(one.name for one in room.bot.desk.verbs.values())
        ):
            if place % 5 == 0:
                await room.pass_time(minutes=1)  # Slack opens a hundred forms a minute
            for line, other in zip(leaks.lines(verb, "1"), leaks.lines(verb, NONE), strict=True):
                answer, of_none = await stranger.line(line), await stranger.line(other)
                assert leaks.neutral(answer) == leaks.neutral(of_none), line
                assert leaks.leaks([answer], SECRETS, None) == [], line
    assert [fact for fact in room.facts(1) if fact.actor in OUTSIDERS] == before


async def test_a_command_sent_from_within_the_room_by_an_outsider_gives_nothing(
    room: Room,
) -> None:
    channel = await _private(room)
    await leaks.worked_on(room, channel)
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
    await leaks.worked_on(room, channel)
    said = await room.sandbox.as_person(MARA).say(GENERAL, "Good morning")
    messages = room.sandbox.workspace.channels[channel].messages
    # What a stranger sends along they know already: only the place of the message is real.
    [inside, *_] = [replace(one, text="Hello", blocks=[]) for one in messages if not one.bot_id]
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
    assert leaks.leaks(answers, SECRETS, "INC-1") == []
    await room.settled()
    assert len(room.facts(1)) == before


async def test_where_a_person_may_be_at_risk_no_word_of_it_is_told_outside(room: Room) -> None:
    await room.declare("Zebrafish dosage", severity="SEV1", switches=("person_at_risk",))
    await room.settled()
    channel = room.channel(1).id
    await leaks.worked_on(room, channel)
    said = await room.sandbox.as_person(MARA).say(GENERAL, "Good morning")
    names = leaks.registered(room)
    for person in OUTSIDERS:
        stranger, answers = Stranger(room, person), list[str]()
        for verb in dict.fromkeys(one.name for one in room.bot.desk.verbs.values()):
            for line in leaks.lines(verb, "1"):
                answers.append(await stranger.line(line))
        for action_id in set(names.buttons) - {"continue", "join"}:
            for value in leaks.values("1"):
                answers.append(await stranger.press(action_id, value, said))
        assert leaks.leaks(answers, SECRETS, None) == []
        await room.settled()
        assert person not in room.channel(1).members
        # What an update says of it is written for those outside; the title is not. Who goes into
        # the room, which is public, is on record.
        assert leaks.leaks(leaks.readable(room, person, channel), ["zebrafish"], None) == []


async def _looked_around(room: Room, person: str) -> None:
    hands = room.sandbox.as_person(person)
    await hands.open_home()
    for line in ("list", "find INC", "find zebrafish", "help", "here", ""):
        await room.type(person, GENERAL, f"/incident {line}")
    await room.settled()


async def test_nobody_outside_can_read_anything_of_it(any_room: Room) -> None:
    room = any_room
    await room.declare("The sign fell off", severity="SEV3")
    channel = await _private(room, 2)
    known = {person: leaks.readable(room, person) for person in OUTSIDERS}
    await leaks.worked_on(room, channel)
    await room.type(MARA, channel, "/incident title An okapi")
    await room.settled()
    for person in OUTSIDERS:
        await _looked_around(room, person)
        read = leaks.readable(room, person) - known[person]
        assert leaks.leaks(read, (*SECRETS, channel, "inc-2-"), "INC-2") == []
        answers = [one.text for one in room.whispers(GENERAL, person)]
        assert leaks.leaks(answers, SECRETS[1:], "INC-2") == []
    home = room.sandbox.workspace.homes[KOFI].content
    assert "The sign fell off" in str(home)


async def test_no_roll_up_reminder_or_end_reaches_those_outside(room: Room) -> None:
    channel = await _private(room)
    known = {person: leaks.readable(room, person) for person in (NOOR, KOFI)}
    await leaks.worked_on(room, channel)
    await room.pass_time(minutes=50)
    await room.pass_time(hours=30)
    await until(lambda: room.chain("house"))
    await room.type(MARA, channel, "/incident resolve The quagga is caught")
    await room.settled()
    for person in (NOOR, KOFI):
        await _looked_around(room, person)
        read = leaks.readable(room, person) - known[person]
        assert leaks.leaks(read, (*SECRETS, channel, "inc-1-"), "INC-1") == []


async def test_made_private_it_is_gone_for_those_who_read_along(any_room: Room) -> None:
    room = any_room
    old, channel = await _public_then_private(room)
    known = {person: leaks.readable(room, person) for person in OUTSIDERS}
    for person in OUTSIDERS:
        # What made their Slack ring while it was public, and what people said there, stays.
        rung = {one.text for one in room.sandbox.workspace.notifications(person)}
        now = leaks.readable(room, person, but=old) - rung
        assert leaks.leaks(now, ("zebrafish",), None) == [], person
    await leaks.worked_on(room, channel)
    await room.type(MARA, channel, "/incident title An okapi")
    await room.settled()
    for person in OUTSIDERS:
        await _looked_around(room, person)
        read = leaks.readable(room, person) - known[person]
        assert leaks.leaks(read, (*SECRETS, channel), "INC-1") == [], person
        told = await room.type(person, GENERAL, "/incident here INC-1")
        assert told == "There is no INC-1."


async def test_a_side_room_is_known_to_those_in_it_alone(room: Room) -> None:
    await room.declare("The sign fell off", severity="SEV1")
    await room.settled()
    channel = room.channel(1).id
    await room.type(MARA, channel, f"/incident sideroom axolotl <@{ELENA}>")
    await room.settled()
    side = next(one for one in room.rooms() if "axolotl" in one.name)
    await room.sandbox.as_person(ELENA).say(side.id, "The axolotl is privileged")
    await room.settled()
    secrets = ("axolotl", side.id)
    for person in (IDRIS, JUN, *OUTSIDERS):
        await _looked_around(room, person)
        stranger = Stranger(room, person)
        for verb in ("timeline", "catchup", "who", "here", "decisions", "tasks", "as-of 1 min ago"):
            name, _, rest = verb.partition(" ")
            answer = await stranger.line(f"{name} INC-1 {rest}")
            assert leaks.leaks([answer], secrets, None) == [], (person, verb)
        assert leaks.leaks(leaks.readable(room, person), secrets, None) == [], person


async def test_other_systems_are_not_told_which_private_incident_took_their_alert(
    room: Room,
) -> None:
    alert = Alert("one", "Zebrafish down", "grafana", "critical", "zebra", None)
    assert await registry.take_alert(room.bot.engine, alert, announces=True) == 1
    await room.settled()
    await room.type(MARA, room.channel(1).id, "/incident private because counsel says so")
    await room.settled()
    known = leaks.readable(room, NOOR)
    again = replace(alert, key="two")
    assert await registry.take_alert(room.bot.engine, again, announces=True) is None
    await room.settled()
    assert room.facts(1)[-1].kind == "AlertTaken"
    assert leaks.leaks(leaks.readable(room, NOOR) - known, SECRETS, "INC-1") == []


async def test_what_is_open_on_http_counts_and_names_nothing(sqlite_url: str) -> None:
    async with war_room(sqlite_url, is_http=True) as room, aiohttp.ClientSession() as session:
        await room.declare("The sign fell off", severity="SEV3")
        channel = await _private(room, 2)
        await leaks.worked_on(room, channel)
        for path in ("/healthz", "/", "/metrics"):
            async with session.get(f"{room.url}{path}") as got:
                said = await got.text()
            assert leaks.leaks([said], (*SECRETS, channel, "inc-"), "INC-2") == [], path
    figures = re.findall(r'^warroom_open_incidents{severity="(.*)"} (.*)$', said, re.M)
    assert {label for label, count in figures if float(count)} == {"SEV3"}
    known = "effect kind le method name outcome python severity state status version way"
    assert set(re.findall(r'[{,](\w+)="', said)) <= set(known.split())
    assert not re.search(r'(?<!le)="[^"]*([CUTDG]0|/\d|\d{6})', said)


async def test_a_mention_of_the_bot_tells_as_little_as_a_command(room: Room) -> None:
    await _private(room)
    hands = room.sandbox.as_person(SAM)
    verbs = ("here", "who", "timeline", "update", "follow", "page")
    for verb in verbs:
        await hands.say(INCIDENTS, f"@warroom {verb} INC-1 <@{MARA}>")
    await until(lambda: len(room.whispers(INCIDENTS, SAM)) == len(verbs))
    assert {one.text for one in room.whispers(INCIDENTS, SAM)} == {"There is no INC-1."}
