"""How does an original leave the vault, from a terminal?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.vault import Vault
from tests.cli.terminal import Terminal
from tests.flows.test_terminal import at
from tests.flows.vaulting import fetched, form_on, opened, recorded
from tests.room import IDRIS, JUN, MARA, Room
from tests.storage.attack import attacking

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


def _swap(room: Room) -> None:
    """Whoever can write to the database and the folder puts other bytes into the item's place."""
    vault = room.bot.desk.files.vault
    [item] = [one.item for one in vault.items()]
    with attacking(room.database) as execute:
        execute("UPDATE vault SET sha256 = NULL, key = NULL, turn = NULL WHERE item = ?", item)
    with Vault(room.database, vault._folder).writing(item) as writing:
        writing.write(b"forged")
        writing.finish()


def _take_key(room: Room) -> None:
    with attacking(room.database) as execute:
        execute("UPDATE vault SET key = NULL")


def _take_row(room: Room) -> None:
    with attacking(room.database) as execute:
        execute("DELETE FROM vault")


async def test_bytes_that_were_swapped_are_not_handed_out_under_the_hash_on_record(
    room: Room, tmp_path: Path, sqlite_url: str
) -> None:
    terminal = await _shell(room, tmp_path, sqlite_url)
    assert (await terminal.run("verify")).code == 0
    _swap(room)
    to = tmp_path / "copy.bin"
    refused = await terminal.run("evidence", "INC-1", "E-1", "--to", str(to), "--why", "counsel")
    assert refused.code == 2
    assert "its bytes are not those on record" in refused.err
    assert not to.exists()


@pytest.mark.parametrize("change", [_swap, _take_key, _take_row])
async def test_what_is_missing_or_swapped_in_the_vault_shows(
    room: Room, tmp_path: Path, sqlite_url: str, change: Callable[[Room], None]
) -> None:
    terminal = await _shell(room, tmp_path, sqlite_url)
    change(room)
    broken = await terminal.run("verify")
    assert broken.code == 1
    assert broken.out.startswith("Broken: incident/1, fact ")
    assert ": its bytes " in broken.out


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


async def test_what_is_there_already_stays_as_it_is(
    room: Room, tmp_path: Path, sqlite_url: str
) -> None:
    terminal = await _shell(room, tmp_path, sqlite_url)
    to = tmp_path / "link.bin"
    to.symlink_to(tmp_path / "nowhere")  # as what another makes meanwhile, it is not seen at first
    line = ("evidence", "INC-1", "E-1", "--to", str(to), "--why", "for counsel")
    refused = await terminal.run(*line)
    assert refused.code == 2
    assert f"{to} is there already. Name a new file." in refused.err
    assert to.is_symlink()
    assert not to.exists()
