"""Do commands that only look leave the database as it is?"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from bot.sandbox.sandbox import Sandbox
from tests.cli import people
from tests.cli.terminal import Finished, Terminal

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
