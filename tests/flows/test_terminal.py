"""Can a person go on from a terminal when Slack is down, and does the room catch up?"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

from storage import log
from tests.cli.terminal import Terminal
from tests.flows.story import TITLE
from tests.room import IDRIS, JUN, MARA, SANDBOX_CONTENT, Room, until

LATER = "Slack does not answer. It is on record; the room reads it when Slack is back.\n"
_DATE = re.compile(r"<!date[^>]*>")


def at(room: Room, folder: Path, database_url: str) -> Terminal:
    """A shell with what the bot's own environment has, in Mara's name."""
    return Terminal(
        folder,
        DATABASE_URL=database_url,
        SLACK_BOT_TOKEN="xoxb-sandbox",
        SLACK_API_URL=f"{room.sandbox.workspace.url}/api/",
        WARROOM_ANNOUNCE_CHANNEL="incidents",
        WARROOM_CONTENT=str(SANDBOX_CONTENT),
        WARROOM_AS=MARA,
    )


def told(room: Room) -> list[str]:
    """What the room heard of the terminal, in order; the times left out."""
    posts = (_DATE.sub("then", one.text) for one in room.posts(room.channel(1)))
    return [text for text in posts if text.startswith("From a terminal")]


async def test_what_is_said_at_a_terminal_while_slack_is_down_reaches_the_room_once_and_in_order(
    any_room: Room, tmp_path: Path, database_url: str
) -> None:
    room, terminal = any_room, at(any_room, tmp_path, database_url)
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    outage = room.sandbox.faults.add("*:outage")

    for line in (
        ("note", "INC-1", "10 min ago", "the fallback model went live"),
        ("update", "inc1", "Fallback model is live, no new reports"),
        ("decide", "INC-1", "--why", "two reports", "Roll back to v41"),
        ("role", "INC-1", "scribe", "@jun"),
    ):
        finished = await terminal.run(*line)
        assert (finished.code, finished.err) == (0, LATER), finished

    assert told(room) == []
    spoken = [fact for fact in room.facts(1) if fact.kind == "CameByTerminal"]
    assert [(one.actor, one.payload["vouched_by"]) for one in spoken] == [(MARA, "record")] * 4
    heard = [
        f"From a terminal, then: <@{MARA}> noted, at then: the fallback model went live",
        f"From a terminal, then: <@{MARA}> posted update 1: Fallback model is live, no new reports",
        f"From a terminal, then: <@{MARA}> recorded decision 1: Roll back to v41",
        f"From a terminal, then: <@{MARA}> offered Scribe to <@{JUN}>",
    ]
    room.sandbox.faults.clear(outage)
    await room.pass_time(minutes=3)  # the courier was waiting ever longer
    await until(lambda: len(told(room)) == len(heard))
    await room.settled()
    assert told(room) == heard
    assert "Fallback model is live" in room.summary(1)
    assert "Roll back to v41" in room.summary(1)
    assert [one for one in room.direct(JUN) if "Scribe" in one.text]
    assert room.owed("failed", "undeliverable") == []

    await room.restart(timedelta(minutes=1))
    await room.settled()
    assert told(room) == heard
    assert room.database.read_now(log.verify).broken is None


async def test_the_running_bot_takes_up_what_a_terminal_wrote_beside_it(
    any_room: Room, tmp_path: Path, database_url: str
) -> None:
    room, terminal = any_room, at(any_room, tmp_path, database_url)
    await room.declare(TITLE, severity="SEV1")
    await room.settled()

    finished = await terminal.run("note", "INC-1", "--as", "Idris", "support sees three more")

    assert (finished.code, finished.err) == (0, "")
    await until(lambda: told(room))
    assert told(room) == [f"From a terminal, then: <@{IDRIS}> noted: support sees three more"]
    [came] = [fact for fact in room.facts(1) if fact.kind == "CameByTerminal"]
    assert (came.actor, came.payload["vouched_by"]) == (IDRIS, "slack")
    typed = await room.type(MARA, room.channel(1).id, "/incident timeline details")
    assert f"<@{IDRIS}> said so from a terminal, as {came.payload['login']}" in typed
    listed = json.loads((await terminal.run("timeline", "INC-1", "notes", "--json")).out)
    assert [(one["who"], one["kind"]) for one in listed] == [(IDRIS, "note")]
    assert listed[0]["says"].startswith("@idris noted: support sees three more")
