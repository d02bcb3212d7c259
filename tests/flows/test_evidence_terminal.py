"""How does an original leave the vault, from a terminal?"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.cli.terminal import Terminal
from tests.flows.test_terminal import at
from tests.flows.vaulting import fetched, form_on, opened, recorded
from tests.room import IDRIS, JUN, MARA, Room

CONTENT = b"\x00\xff" * 60_000


async def _shell(room: Room, tmp_path: Path, sqlite_url: str) -> Terminal:
    """Mara's shell beside the vault, in which there is one file of hers."""
    channel = await opened(room)
    said = await room.sandbox.as_person(IDRIS).attach(channel.id, [("a.bin", CONTENT)], "")
    form = await form_on(room, channel.id, said)
    assert await form.submit(kind="trace", files=said.files) == {}
    await fetched(room)
    folder = room.bot.desk.files.vault._folder
    return at(room, tmp_path, sqlite_url).but(WARROOM_VAULT=str(folder))


async def test_a_copy_is_on_record_before_it_is_made_and_is_for_the_few(
    room: Room, tmp_path: Path, sqlite_url: str
) -> None:
    terminal = await _shell(room, tmp_path, sqlite_url)
    listed = await terminal.run("evidence", "INC-1")
    assert "E-1 a.bin" in listed.out
    assert [fact.payload["at"] for fact in recorded(room, "EvidenceLooked")] == ["list"]

    to = tmp_path / "copy.bin"
    line = ("evidence", "INC-1", "E-1", "--to", str(to))
    refused = await terminal.run(*line)
    assert refused.code == 2
    assert "Say why" in refused.err
    refused = await terminal.but(WARROOM_AS=JUN).run(*line, "--why", "curious")
    assert refused.code == 2
    assert "INC-1 has no original of E-1 that you may open." in refused.err
    assert not to.exists()

    copied = await terminal.run(*line, "--why", "for counsel")
    assert copied.code == 0, copied
    assert to.read_bytes() == CONTENT
    assert to.stat().st_mode & 0o077 == 0
    assert hashlib.sha256(CONTENT).hexdigest() in copied.out
    [fact] = recorded(room, "EvidenceCopied")
    assert (fact.actor, fact.payload["to"]) == (MARA, str(to))
    assert fact.payload["reason"] == "for counsel"
