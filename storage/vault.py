"""Where are the bytes of evidence, who can read them, and how do they go for good?"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from storage import disk, keys, sealing
from storage.db import Database, LogBusy, StorageError
from storage.keys import Item
from storage.sealing import Damaged

__all__ = ["Damaged", "Destroyed", "Held", "Item", "NoRoom", "Vault", "Writing"]

_ITEM_BYTES, _TURN_BYTES = 16, 4
_PLAIN, _WRAPPED = b"\x00", b"\x01"
# A commit elsewhere on the disk waits for what a file system has not written yet: of a gigabyte
# at once that takes seconds, and people wait no longer for an answer.
_SYNC_EVERY_BYTES = 8 * 1024 * 1024


class Destroyed(StorageError):
    """The key is gone, or never was: nobody can read these bytes."""


class NoRoom(StorageError):
    """The folder of the vault takes no bytes."""


@dataclass(frozen=True)
class Held:
    """What was kept: SHA-256 and size of the bytes as they came."""

    item: str
    sha256: str
    size_bytes: int


class Vault:
    """Items by content in a folder, each encrypted with a key of its own in the database.

    A file is named after the SHA-256 of its bytes and the item it belongs to: the same bytes kept
    for two incidents are two items, so that erasing one leaves the other.
    """

    def __init__(self, database: Database, folder: Path, master: bytes | None = None) -> None:
        self._database = database
        self._folder = folder
        self._master = master

    @property
    def is_wrapped(self) -> bool:
        """Whether whoever has database and folder still lacks a key to read anything."""
        return self._master is not None

    def reserve(self, chain: str, now: datetime) -> str:
        """Take a place for bytes that are to come; the name of the item.

        Raises:
            StorageError: the database did not take it.
        """
        item = secrets.token_hex(_ITEM_BYTES)
        self._database.write_in_turn(lambda conn: keys.reserve(conn, item, chain, now))
        return item

    def keep(self, chain: str, pieces: Iterable[bytes], now: datetime) -> Held:
        """Keep bytes at once.

        Raises:
            NoRoom, StorageError: nothing was kept.
        """
        with self.writing(self.reserve(chain, now)) as writing:
            for piece in pieces:
                writing.write(piece)
            return writing.finish()

    @contextlib.contextmanager
    def writing(self, item: str) -> Iterator[Writing]:
        """What takes the bytes of an item; unless it is finished, nothing of them stays."""
        writing = Writing(self, item)
        try:
            with _told():
                writing.begin()
            yield writing
        finally:
            writing.discard()

    def read(self, item: str, sha256: str | None = None) -> Iterator[bytes]:
        """The bytes of an item, chunk by chunk, each checked; at the end the whole is too.

        `sha256` is the hash that the log has of it: whoever can write to the database and the
        folder can put another item into its place. None where no fact names it yet.

        Raises:
            Destroyed: its key is gone, or its bytes never came.
            Damaged: the file is missing, or not as it was kept.
        """
        row = self._database.read_now(lambda conn: keys.find(conn, item))
        if row is None or row.key is None or row.sha256 is None:
            raise Destroyed("These bytes are gone: their key was destroyed.")
        if sha256 and row.sha256 != sha256:
            raise Damaged("its bytes are not those on record")
        key = self._unwrapped(item, row.key)
        whole = hashlib.sha256()
        try:
            with self._path(row.sha256, item, row.turn or "").open("rb") as source:
                for chunk in sealing.opened(key, item, source):
                    whole.update(chunk)
                    yield chunk
        except OSError as error:
            raise Damaged(f"its file cannot be read ({error.strerror})") from error
        if whole.hexdigest() != row.sha256:
            raise Damaged("its bytes are not those of its hash")

    def destroy(self, item: str) -> None:
        """Destroy the key first, then the file: from the first step on nobody can read it.

        Its place is given up too if its bytes never came. Asking again does no harm.

        Raises:
            StorageError: the database did not take it; it can be read still.
        """
        self._database.write_in_turn(lambda conn: keys.destroy(conn, item))
        for path in self._folder.glob(f"*/*.{item}.*"):
            path.unlink(missing_ok=True)

    def forget(self, item: str) -> None:
        """Destroy it, and leave no trace of it here either.

        Raises:
            StorageError: the database did not take it.
        """
        self.destroy(item)
        self._database.write_in_turn(lambda conn: keys.forget(conn, item))

    def scrub(self) -> bool:
        """After a key was destroyed, make its bytes leave the files of the database too.

        False when others read the old pages still: ask again later. The backups of the database
        keep the key as long as they are kept.
        """
        try:
            with self._database.unwrapped() as connection:
                if not self._database.is_sqlite:
                    connection.exec_driver_sql("SET lock_timeout = '5s'")
                    connection.exec_driver_sql("VACUUM (FULL) vault")
                    return True
                connection.exec_driver_sql("VACUUM")
                is_busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
                return not is_busy
        except LogBusy:
            return False

    def items(self) -> list[Item]:
        """Every item, the oldest first."""
        return self._database.read_now(keys.every)

    def sweep(self) -> int:
        """Remove files that belong to no item: what crashes left; how many they were.

        What is being written is left alone: its item has its place before its file begins.
        """
        if not self._folder.is_dir():
            return 0
        found = [path for path in self._folder.glob("*/*.*.*") if path.is_file()]
        turns = {one.item: one.turn for one in self.items()}
        left = [path for path in found if _is_left(path, turns)]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def unfinished(self, item: str, turn: str) -> Path:
        """Where the bytes of an item come in."""
        return self._folder / "in" / f"unfinished.{item}.{turn}"

    def settle(self, held: Held, turn: str, key: bytes) -> None:
        """Put a finished file into its place, and only then its key into the database.

        Raises:
            Destroyed: the place was given up, or another turn filled it first.
        """
        path = self._path(held.sha256, held.item, turn)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.unfinished(held.item, turn).rename(path)
        disk.settled(path.parent)
        wrapped = self._wrapped(held.item, key)
        values: dict[str, object] = {"sha256": held.sha256, "size_bytes": held.size_bytes}
        values |= {"turn": turn, "key": wrapped}
        if not self._database.write_in_turn(lambda conn: keys.fill(conn, held.item, values)):
            path.unlink(missing_ok=True)
            raise Destroyed("Its place in the vault was filled or given up meanwhile.")

    def _path(self, sha256: str, item: str, turn: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}.{item}.{turn}"

    def _wrapped(self, item: str, key: bytes) -> bytes:
        if self._master is None:
            return _PLAIN + key
        return _WRAPPED + sealing.wrap(self._master, item, key)

    def _unwrapped(self, item: str, kept: bytes) -> bytes:
        if kept.startswith(_PLAIN):
            return kept[1:]
        if self._master is None:
            raise Damaged("it was kept with a master key, and WARROOM_VAULT_KEY is not set")
        return sealing.unwrap(self._master, item, kept[1:])


class Writing:
    """Bytes on their way into the vault."""

    def __init__(self, vault: Vault, item: str) -> None:
        self._vault = vault
        self._item = item
        self._key = sealing.new_key()
        self._turn = secrets.token_hex(_TURN_BYTES)
        self._path = vault.unfinished(item, self._turn)
        self._hash = hashlib.sha256()
        self._size_bytes = 0
        self._unsynced = 0
        self._file: BinaryIO | None = None
        self._sealer: sealing.Sealer | None = None

    def begin(self) -> None:
        """Open a file nobody else reads."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        self._file = os.fdopen(made, "wb")
        self._sealer = sealing.Sealer(self._key, self._item, self._file)

    def write(self, piece: bytes) -> None:
        """Take more bytes.

        Raises:
            NoRoom: the folder takes no more.
        """
        assert self._sealer
        self._hash.update(piece)
        self._size_bytes += len(piece)
        with _told():
            self._sealer.write(piece)
            self._unsynced += len(piece)
            if self._unsynced >= _SYNC_EVERY_BYTES:
                self._sync()

    def _sync(self) -> None:
        assert self._file
        self._file.flush()
        os.fdatasync(self._file.fileno())
        self._unsynced = 0

    def finish(self) -> Held:
        """Everything came: it is on disk, whole, when this returns.

        Raises:
            NoRoom, StorageError: nothing was kept.
        """
        assert self._sealer
        assert self._file
        held = Held(self._item, self._hash.hexdigest(), self._size_bytes)
        with _told():
            self._sealer.close()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._vault.settle(held, self._turn, self._key)
        return held

    def discard(self) -> None:
        """Leave nothing unfinished behind."""
        if self._file:
            with contextlib.suppress(OSError):  # what a full disk did not take
                self._file.close()
        with contextlib.suppress(OSError):  # no folder, no file
            self._path.unlink(missing_ok=True)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NoRoom(f"The vault takes no bytes ({error.strerror}).") from error


def _is_left(path: Path, turns: Mapping[str, str | None]) -> bool:
    """Whether no item knows this file; one whose bytes never came may be coming in just now."""
    _, item, turn = path.name.split(".")
    return item not in turns or turns[item] not in {None, turn}
