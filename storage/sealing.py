"""How are bytes of any length encrypted piece by piece, so that no change goes unseen?"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
CHUNK_BYTES = 1024 * 1024  # one at a time is in memory, whatever the length of the whole
_MAGIC = b"WRVAULT1"
_TAG_BYTES = 16
_NONCE = struct.Struct(">7xIB")  # 12 bytes: place of the chunk, and whether it is the last
_MOST_CHUNKS = 2**32


class Damaged(Exception):
    """The bytes are not as they were kept, or the key is not theirs."""


def new_key() -> bytes:
    """A key for one item; it never encrypts anything else."""
    return secrets.token_bytes(KEY_BYTES)


class Sealer:
    """Encrypts what comes in pieces of any size.

    AES-256-GCM for each MiB, which processors do in hardware, in the STREAM construction (Hoang,
    Reyhanitabar, Rogaway, Vizar 2015): the nonce counts the chunks and marks the last one, so that
    none can be swapped, left out, cut off or added. Counting is safe as each key seals one item.
    """

    def __init__(self, key: bytes, item: str, into: BinaryIO) -> None:
        self._cipher = AESGCM(key)
        self._bound = _MAGIC + item.encode()
        self._into = into
        self._waiting = bytearray()
        self._place = 0
        into.write(_MAGIC)

    def write(self, piece: bytes) -> None:
        """Take more bytes; a chunk is written once it is known not to be the last."""
        self._waiting += piece
        while len(self._waiting) > CHUNK_BYTES:
            self._put(bytes(self._waiting[:CHUNK_BYTES]), is_last=False)
            del self._waiting[:CHUNK_BYTES]

    def close(self) -> None:
        """Write what waits, marked as the last; an item without any bytes has one empty chunk."""
        self._put(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _put(self, chunk: bytes, *, is_last: bool) -> None:
        if self._place >= _MOST_CHUNKS:
            raise ValueError("too long to be kept")
        nonce = _NONCE.pack(self._place, is_last)
        self._into.write(self._cipher.encrypt(nonce, chunk, self._bound))
        self._place += 1


def opened(key: bytes, item: str, source: BinaryIO) -> Iterator[bytes]:
    """The bytes again, chunk by chunk; each is what was kept, the end is reached only if it is.

    Raises:
        Damaged: a chunk was changed, swapped, cut off or added, or the key is another one.
    """
    if source.read(len(_MAGIC)) != _MAGIC:
        raise Damaged("it does not begin as an item of the vault does")
    cipher, bound, place = AESGCM(key), _MAGIC + item.encode(), 0
    sealed = source.read(CHUNK_BYTES + _TAG_BYTES)
    while True:
        following = source.read(CHUNK_BYTES + _TAG_BYTES)
        is_last = not following
        try:
            yield cipher.decrypt(_NONCE.pack(place, is_last), sealed, bound)
        except (InvalidTag, ValueError) as error:
            raise Damaged(f"chunk {place + 1} is not as it was kept") from error
        if is_last:
            return
        sealed, place = following, place + 1


def wrap(master: bytes, item: str, key: bytes) -> bytes:
    """An item's key under the master key, of use for this item alone."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(master).encrypt(nonce, key, item.encode())


def unwrap(master: bytes, item: str, wrapped: bytes) -> bytes:
    """An item's key again.

    Raises:
        Damaged: the master key is another one.
    """
    try:
        return AESGCM(master).decrypt(wrapped[:12], wrapped[12:], item.encode())
    except (InvalidTag, ValueError) as error:
        raise Damaged("the master key is not the one it was kept with") from error
