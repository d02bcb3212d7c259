"""Do erased words go for good, from the files and from the room, with who and why kept?"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path

from bot.sandbox.model import Channel
from bot.sandbox.sandbox import Sandbox
from tests.cli import people
from tests.cli.terminal import Terminal

LISTENING = "warroom is listening by Socket Mode."
TITLE = "Quagmire of zebrafish"
SOURCE = "paracetamol her 4-year-old"
BY = ("--by", "Elena Petrova, legal", "--why", "a customer is named")


async def test_words_go_while_the_bot_runs_from_the_files_and_from_the_room(
    connected: Terminal, sandbox: Sandbox, tmp_path: Path
) -> None:
    async with connected.running("run", says=LISTENING):
        channel = await people.declare_from_message(sandbox, TITLE)
        await people.everything_delivered(f"sqlite:///{tmp_path}/var/warroom.db")
        assert TITLE in people.shown(channel)
        assert {TITLE, SOURCE} == found_in_files(tmp_path, TITLE, SOURCE)

        listed = (await connected.run("erase", "INC-1")).out.splitlines()
        assert listed[0] == f"1.title  IncidentDeclared: {TITLE}"
        assert listed[1].startswith("1.source_text  IncidentDeclared: Customer in chat 88213")

        places = ("--place", "1.title", "--place", "1.source_text")
        # Whoever erases may not have all of the bot's environment.
        elsewhere = connected.but(WARROOM_ANNOUNCE_CHANNEL="", SLACK_BOT_TOKEN="")
        erased = await elsewhere.run("erase", "INC-1", *places, *BY)
        assert erased.code == 0, erased
        assert erased.out.startswith("Erased 2 texts and recorded it.")
        assert found_in_files(tmp_path, TITLE, SOURCE) == set()

        await is_edited(sandbox, channel)
        await people.everything_delivered(f"sqlite:///{tmp_path}/var/warroom.db")
        assert found_in_files(tmp_path, TITLE, SOURCE) == set()
        assert (await connected.run("verify")).out.startswith("Whole: ")

    assert found_in_files(tmp_path, TITLE, SOURCE) == set()
    assert (await connected.run("erase", "INC-1")).out == "No words are left to erase.\n"
    kind, actor, payload = last_fact(tmp_path)
    assert (kind, actor) == ("WordsErased", "Elena Petrova, legal")
    assert payload == {"places": ["1.title", "1.source_text"], "reason": "a customer is named"}


async def test_near_misses_are_erased_when_the_bot_is_down(
    connected: Terminal, sandbox: Sandbox, tmp_path: Path
) -> None:
    async with connected.running("run", says=LISTENING):
        await people.report_near_miss(sandbox, "The zebrafish answer nearly went out", "Noor did")

    listed = (await connected.run("erase", "near-misses")).out.splitlines()
    assert listed == [
        "1.what  NearMissReported: The zebrafish answer nearly went out",
        "1.caught_by  NearMissReported: Noor did",
    ]
    erased = await connected.run("erase", "near-misses", "--place", "1.what", *BY)
    assert erased.out.startswith("Erased 1 text and recorded it.")
    assert found_in_files(tmp_path, "zebrafish", "Noor did") == {"Noor did"}
    verified = (await connected.run("verify")).out
    assert verified.startswith("Whole: 2 facts in 1 chains.\nAs anchored: 1 heads, noted until ")


async def test_what_cannot_be_erased_is_said_in_a_sentence(
    connected: Terminal, sandbox: Sandbox, tmp_path: Path
) -> None:
    async with connected.running("run", says=LISTENING):
        await people.declare(sandbox, TITLE)
        await people.everything_delivered(f"sqlite:///{tmp_path}/var/warroom.db")
    title = ("erase", "INC-1", "--place", "1.title")

    told = await asyncio.gather(
        connected.refused(*title, "--by", "  ", "--why", "a customer is named"),
        connected.refused(*title, "--by", "Elena Petrova"),
        connected.refused("erase", "INC-1", "--place", "1.severity", *BY),
        connected.refused("erase", "INC-99"),
        connected.refused("erase", "INC-99", "--place", "1.title", *BY),
        connected.refused("erase", "everything"),
    )
    needed = "Erasing needs --by and --why; both are kept in the log."
    place = "There are no words at 1.severity of INC-1. `warroom erase INC-1` lists the places."
    known = "Say INC-12 or near-misses, not everything."
    assert list(told) == [
        needed,
        needed,
        place,
        "There is no INC-99.",
        "There is no INC-99.",
        known,
    ]
    assert found_in_files(tmp_path, TITLE) == {TITLE}


async def is_edited(sandbox: Sandbox, channel: Channel) -> None:
    """Wait until the bot has edited name, topic, summary and announcement in place."""
    announcements = sandbox.workspace.channels[people.INCIDENTS]
    await people.until(sandbox, lambda: channel.name == "inc-1-incident")
    await people.until(sandbox, lambda: "zebrafish" not in people.shown(channel).lower())
    await people.until(sandbox, lambda: TITLE not in people.shown(announcements))
    assert "[erased]" in channel.topic
    assert "[erased]" in people.written(channel)[0].text
    assert "[erased]" in people.shown(announcements)
    assert len(people.written(announcements)) == 1


def found_in_files(folder: Path, *words: str) -> set[str]:
    """Which of the words stand anywhere in the bytes of the database's files."""
    kept = b"".join(path.read_bytes() for path in sorted((folder / "var").glob("warroom.db*")))
    assert b"IncidentDeclared" in kept or b"NearMissReported" in kept
    return {one for one in words if one.encode() in kept}


def last_fact(folder: Path) -> tuple[str, str, object]:
    """Kind, actor and payload of the newest fact of the first incident."""
    conn = sqlite3.connect(folder / "var" / "warroom.db")
    query = "SELECT kind, actor, payload FROM facts WHERE chain = 'incident/1' ORDER BY seq DESC"
    kind, actor, payload = conn.execute(query).fetchone()
    conn.close()
    return kind, actor, json.loads(payload)
