"""Do bytes come out of the vault as they went in, and in no other way?"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import sealing
from storage.db import Database
from storage.sealing import CHUNK_BYTES
from storage.vault import Damaged, Destroyed, NoRoom, Vault

NOW = datetime(2026, 11, 21, 3, 40, tzinfo=UTC)
CHAIN = "incident/12"
SEALED_BYTES = CHUNK_BYTES + 16
HEAD_BYTES = 8
THREE_CHUNKS = b"".join(bytes([place]) * CHUNK_BYTES for place in range(3))


@pytest.fixture
def vault(database: Database, tmp_path: Path) -> Vault:
    return Vault(database, tmp_path / "vault", b"m" * 32)


def files(tmp_path: Path) -> list[Path]:
    """Every file that lies in the vault's folder."""
    return sorted(path for path in (tmp_path / "vault").rglob("*") if path.is_file())


def sealed(key: bytes, pieces: list[bytes]) -> bytes:
    into = BytesIO()
    sealer = sealing.Sealer(key, "item", into)
    for piece in pieces:
        sealer.write(piece)
    sealer.close()
    return into.getvalue()


def read(key: bytes, kept: bytes, item: str = "item") -> bytes:
    return b"".join(sealing.opened(key, item, BytesIO(kept)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=5000), max_size=6), st.integers(-2, 2), st.integers(0, 2))
def test_any_bytes_in_any_pieces_come_out_as_they_went_in(
    pieces: list[bytes], beside: int, chunks: int
) -> None:
    length = max(0, chunks * CHUNK_BYTES + beside)
    pieces = [b"x" * length, *pieces]
    key = sealing.new_key()
    assert read(key, sealed(key, pieces)) == b"".join(pieces)


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=300), st.data())
def test_a_single_flipped_bit_anywhere_is_found(content: bytes, data: st.DataObject) -> None:
    key = sealing.new_key()
    kept = bytearray(sealed(key, [content]))
    place = data.draw(st.integers(0, len(kept) - 1))
    kept[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Damaged):
        read(key, bytes(kept))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_file_cut_anywhere_is_found(data: st.DataObject) -> None:
    key = sealing.new_key()
    kept = sealed(key, [b"y" * (2 * CHUNK_BYTES + 7)])
    boundaries = [HEAD_BYTES + SEALED_BYTES * chunks for chunks in (0, 1, 2)]
    cut = data.draw(st.sampled_from(boundaries) | st.integers(0, len(kept) - 1))
    with pytest.raises(Damaged):
        read(key, kept[:cut])


CHANGES: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "swapped": lambda chunks: [chunks[1], chunks[0], chunks[2]],
    "doubled": lambda chunks: [chunks[0], chunks[0], chunks[1], chunks[2]],
    "left out": lambda chunks: [chunks[0], chunks[2]],
    "added": lambda chunks: [*chunks, chunks[0]],
    "last alone": lambda chunks: [chunks[2]],
}


@pytest.mark.parametrize("change", CHANGES)
def test_chunks_that_are_not_in_their_places_are_found(change: str) -> None:
    key = sealing.new_key()
    kept = sealed(key, [THREE_CHUNKS])
    body = kept[HEAD_BYTES:]
    chunks = [body[at : at + SEALED_BYTES] for at in range(0, len(body), SEALED_BYTES)]
    assert len(chunks) == 3
    with pytest.raises(Damaged):
        read(key, kept[:HEAD_BYTES] + b"".join(CHANGES[change](chunks)))


def test_the_file_of_another_item_does_not_pass_for_this_one() -> None:
    key = sealing.new_key()
    kept = sealed(key, [b"evidence"])
    with pytest.raises(Damaged):
        read(key, kept, item="other")


def test_what_is_kept_has_its_hash_and_no_readable_byte_on_disk(
    vault: Vault, tmp_path: Path
) -> None:
    held = vault.keep(CHAIN, [b"call me on ", b"+44 20 7946 0958"], NOW)
    content = b"call me on +44 20 7946 0958"
    assert held.sha256 == hashlib.sha256(content).hexdigest()
    assert held.size_bytes == len(content)
    assert b"".join(vault.read(held.item)) == content
    [file] = files(tmp_path)
    assert file.name.startswith(held.sha256)
    assert b"7946" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_nothing_at_all_can_be_kept_too(vault: Vault) -> None:
    held = vault.keep(CHAIN, [], NOW)
    assert held.size_bytes == 0
    assert b"".join(vault.read(held.item)) == b""


def test_without_the_master_key_nobody_reads_it(vault: Vault, database: Database) -> None:
    held = vault.keep(CHAIN, [b"raw"], NOW)
    folder = vault._folder
    with pytest.raises(Damaged, match="WARROOM_VAULT_KEY is not set"):
        b"".join(Vault(database, folder).read(held.item))
    with pytest.raises(Damaged, match="master key is not the one"):
        b"".join(Vault(database, folder, b"n" * 32).read(held.item))


def test_what_was_kept_before_there_was_a_master_key_can_still_be_read(
    vault: Vault, database: Database
) -> None:
    held = Vault(database, vault._folder).keep(CHAIN, [b"early"], NOW)
    assert b"".join(vault.read(held.item)) == b"early"


def test_a_destroyed_key_takes_the_file_along_and_leaves_equal_bytes_elsewhere(
    vault: Vault, tmp_path: Path
) -> None:
    mine, theirs = (vault.keep(chain, [b"same"], NOW) for chain in (CHAIN, "incident/13"))
    copy = tmp_path / "copy"
    [file] = [path for path in files(tmp_path) if mine.item in path.name]
    shutil.copy(file, copy)
    vault.destroy(mine.item)
    assert vault.scrub()
    assert not file.exists()
    shutil.copy(copy, file)  # whoever kept a copy of the file has nothing to open it with
    with pytest.raises(Destroyed):
        b"".join(vault.read(mine.item))
    assert b"".join(vault.read(theirs.item)) == b"same"


def test_a_missing_file_is_told_and_not_taken_for_an_erased_one(
    vault: Vault, tmp_path: Path
) -> None:
    held = vault.keep(CHAIN, [b"x"], NOW)
    for file in files(tmp_path):
        file.unlink()
    with pytest.raises(Damaged, match="cannot be read"):
        b"".join(vault.read(held.item))


def test_bytes_broken_off_on_the_way_leave_nothing(vault: Vault, tmp_path: Path) -> None:
    item = vault.reserve(CHAIN, NOW)

    def broken_off() -> None:
        with vault.writing(item) as writing:
            writing.write(b"half of it")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        broken_off()
    assert files(tmp_path) == []
    with pytest.raises(Destroyed):
        b"".join(vault.read(item))


def test_a_crash_before_the_key_is_in_the_database_leaves_no_half_item(
    vault: Vault, tmp_path: Path
) -> None:
    item = vault.reserve(CHAIN, NOW)
    begun = vault.writing(item)
    writing = begun.__enter__()  # a process that dies here leaves its file, and never exits
    writing.write(b"a" * (2 * CHUNK_BYTES))
    assert len(files(tmp_path)) == 1
    assert vault.sweep() == 0  # it may be coming in just now
    with vault.writing(item) as again:
        again.write(b"whole")
        held = again.finish()
    assert vault.sweep() == 1
    assert b"".join(vault.read(item)) == b"whole"
    assert [file.name.split(".")[0] for file in files(tmp_path)] == [held.sha256]


def test_a_crash_between_the_file_and_its_key_is_made_good_by_the_next_try(
    vault: Vault, tmp_path: Path
) -> None:
    item = vault.reserve(CHAIN, NOW)
    folder = tmp_path / "vault" / "ab"
    folder.mkdir(parents=True)
    (folder / f"{'ab' * 32}.{item}.00000000").write_bytes(b"its key died with the process")
    with pytest.raises(Destroyed):
        b"".join(vault.read(item))
    with vault.writing(item) as writing:
        writing.write(b"whole")
        writing.finish()
    assert vault.sweep() == 1
    assert b"".join(vault.read(item)) == b"whole"


def test_two_that_fill_the_same_place_leave_the_first(vault: Vault, tmp_path: Path) -> None:
    item = vault.reserve(CHAIN, NOW)
    with vault.writing(item) as one, vault.writing(item) as other:
        one.write(b"same")
        other.write(b"same")
        one.finish()
        with pytest.raises(Destroyed):
            other.finish()
    assert b"".join(vault.read(item)) == b"same"
    assert len(files(tmp_path)) == 1


def test_what_comes_after_its_place_was_given_up_is_not_kept(vault: Vault, tmp_path: Path) -> None:
    item = vault.reserve(CHAIN, NOW)
    with vault.writing(item) as writing:
        writing.write(b"late")
        vault.destroy(item)
        with pytest.raises((Destroyed, NoRoom)):
            writing.finish()
    assert files(tmp_path) == []


def test_files_that_belong_to_no_item_are_swept(vault: Vault, tmp_path: Path) -> None:
    held = vault.keep(CHAIN, [b"mine"], NOW)
    stray = tmp_path / "vault" / "in" / f"unfinished.{'f' * 32}.00000000"
    stray.write_bytes(b"left")
    assert vault.sweep() == 1
    assert not stray.exists()
    assert [one.item for one in vault.items()] == [held.item]


def test_a_folder_that_takes_no_bytes_is_told_in_a_sentence(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / "vault").write_text("a file stands in the way")
    with pytest.raises(NoRoom, match="The vault takes no bytes"):
        Vault(database, tmp_path / "vault").keep(CHAIN, [b"x"], NOW)
