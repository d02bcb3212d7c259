"""Do commands that only look leave the database as it is, and work where nothing can be written?"""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest

from bot.sandbox.sandbox import Sandbox
from tests.cli import people
from tests.cli.terminal import Finished, Terminal
from tests.disks import small_disk

LISTENING = "warroom is listening by Socket Mode."
LOOKS = (["verify"], ["list"], ["summary", "INC-1"], ["timeline", "INC-1"], ["outbox"])


@pytest.fixture
async def copied(connected: Terminal, sandbox: Sandbox, tmp_path: Path) -> Terminal:
    """An incident of Mara's, and beside the database a copy of it; the bot has stopped."""
    async with connected.running("run", says=LISTENING):
        await people.declare(sandbox, "sev1 Chatbot gives unsafe dosage advice")
        await people.everything_delivered(f"sqlite:///{tmp_path}/var/warroom.db")
        assert (await connected.run("backup", "copy.db")).code == 0
    return connected.but(WARROOM_AS="idris")  # of whom the bot knows nothing yet


async def look(terminal: Terminal, copy: Path, *words: str) -> Finished:
    return await terminal.but(DATABASE_URL=f"sqlite:///{copy}").run(*words)


async def test_looking_leaves_every_byte_as_it_was_and_nothing_beside_it(
    copied: Terminal, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    before, beside = hashlib.sha256(copy.read_bytes()), set(tmp_path.iterdir())

    for words in (*LOOKS, ["backup", "another.db"]):
        finished = await look(copied, copy, *words)
        assert finished.code == 0, finished
        assert hashlib.sha256(copy.read_bytes()).digest() == before.digest(), words
    assert set(tmp_path.iterdir()) - beside == {tmp_path / "another.db"}


@pytest.mark.parametrize("source", ["copy.db", "var/warroom.db"])
async def test_on_a_disk_that_takes_nothing_only_writing_is_refused(
    copied: Terminal, tmp_path: Path, source: str
) -> None:
    with small_disk(megabytes=8) as disk:
        copy = disk.folder / "warroom.db"
        copy.write_bytes((tmp_path / source).read_bytes())
        with disk.read_only():
            commands = (*LOOKS, ["backup", str(tmp_path / "another.db")])
            seen = await asyncio.gather(*(look(copied, copy, *words) for words in commands[:3]))
            seen += await asyncio.gather(*(look(copied, copy, *words) for words in commands[3:]))
            refused = copied.but(DATABASE_URL=f"sqlite:///{copy}", WARROOM_AS="U0ONCALL")
            told = await refused.refused("note", "INC-1", "three more cases")
    assert [one.code for one in seen] == [0] * len(commands), seen
    assert told.endswith(
        "The log cannot be written: its file, or the folder or disk it is on, is read-only."
    )
