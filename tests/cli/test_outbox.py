"""What can a person do about something that Slack refuses?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.sandbox.model import Policy
from bot.sandbox.sandbox import Sandbox
from storage import outbox
from storage.db import Database
from tests.cli import people
from tests.cli.terminal import Terminal

LISTENING = "warroom is listening by Socket Mode."


def states(url: str, *names: str) -> dict[str, str]:
    """What became of these, by name."""
    database = Database.open(url)
    every = ("pending", "claimed", "done", "failed", "undeliverable", "dropped")
    rows = database.read_now(lambda conn: outbox.listing(conn, every))
    database.close()
    return {row.name: row.state for row in rows if row.name in names}


async def refused_room(connected: Terminal, sandbox: Sandbox, tmp_path: Path) -> str:
    """A room that Slack would not open, and the bot stopped; its id in the list."""
    sandbox.workspace.policy = Policy(restricted=frozenset({"conversations.create"}))
    async with connected.running("run", says=LISTENING):
        mara = sandbox.as_person(people.MARA)
        await mara.slash(people.GENERAL, "/incident declare sev3 Unsafe dosage advice")
        view = mara.open_view()
        assert view
        await mara.submit(view.id)
        await people.everything_delivered(f"sqlite:///{tmp_path}/var/warroom.db")
    listed = await connected.run("outbox")
    assert "restricted_action" in listed.out
    found = re.search(r"(\d+)\s+│\s+failed\s+│\s+room/1 create", listed.out)
    assert found, listed.out
    return found[1]


async def test_what_was_refused_is_owed_again_once_slack_allows_it(
    connected: Terminal, sandbox: Sandbox, tmp_path: Path
) -> None:
    row = await refused_room(connected, sandbox, tmp_path)
    sandbox.workspace.policy = Policy()
    assert (await connected.run("outbox", "retry", row)).out == "It is tried again.\n"
    async with connected.running("run", says=LISTENING):
        await people.complete_room(sandbox)
    assert "was not refused" in await connected.refused("outbox", "retry", row)


@pytest.mark.parametrize("line", [("retry",), ("drop", "--because", "we talk elsewhere")])
async def test_what_is_no_id_is_told_in_a_sentence(
    line: tuple[str, ...], connected: Terminal
) -> None:
    command, *why = line
    for word in ("99999999999999999999", "0", "abc", "9" * 5000):
        told = await connected.refused("outbox", command, word, *why)
        assert told == f"{word} is no id. `warroom outbox` lists what is owed by its number."


async def test_what_is_given_up_says_why_and_takes_along_what_hangs_on_it(
    connected: Terminal, sandbox: Sandbox, tmp_path: Path
) -> None:
    row = await refused_room(connected, sandbox, tmp_path)
    assert "Say why: --because" in await connected.refused("outbox", "drop", row)
    given_up = await connected.run("outbox", "drop", row, "--because", "we talk elsewhere")
    assert given_up.out == "It is given up.\n"
    url = f"sqlite:///{tmp_path}/var/warroom.db"
    assert states(url, "room/1 create", "summary/1") == {
        "room/1 create": "dropped",
        "summary/1": "undeliverable",
    }
    told = await connected.refused("outbox", "drop", row, "--because", "again")
    assert "is not owed, or is on its way" in told
