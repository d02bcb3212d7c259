"""How do bytes get from Slack into the vault, and from there to whoever may read them?"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

import aiohttp

from bot.core import plaintext
from bot.core.failures import Permanent, Retryable, Unknown
from bot.reads import NotWritten
from bot.settings import Settings, vault_key
from bot.slack.calls import Calls, Json
from storage.db import Database, StorageError
from storage.vault import Damaged, Held, Vault, Writing
from storage.vault import Item as Row

P = ParamSpec("P")
T = TypeVar("T")
__all__ = ["SENT_AT_MOST", "STAGED", "Files", "Held", "NotHad", "Row", "named", "opened", "place"]
STAGED = "staged"  # the chain of what a form was opened with, until it is submitted
_PIECE_BYTES = 1024 * 1024
_QUIET_SECONDS = 30.0  # without a byte, after which a download counts as broken off
_READ_AT_MOST = 1_000_000  # bytes of what people read on a page
SENT_AT_MOST = 25_000_000  # bytes; what is longer is taken out of the vault at a terminal
_COPY_AT_MOST = 40_000_000  # a mark such as `[phone number 1]` is longer than what it stands for
_GONE = "It was deleted in Slack before it could be kept."
_NOT_SHOWN = (
    "Slack does not show it to the bot: it belongs to another workspace, or to a channel the bot "
    "is not in. Share it in the incident's room, and preserve that message."
)


def place(settings: Settings, database: Database) -> Path:
    """Where the vault is: as set, else beside a SQLite file, else in `var`."""
    if settings.warroom_vault:
        return settings.warroom_vault
    return Path(f"{database.path}.vault") if database.path else Path("var/warroom.vault")


def opened(calls: Calls, settings: Settings, database: Database) -> Files:
    """The vault of this installation; without WARROOM_VAULT_KEY its keys lie open in the database.

    `warroom doctor` says so.
    """
    key = settings.warroom_vault_key
    master = vault_key(key) if key else None
    return Files(calls, Vault(database, place(settings, database), master))


class NotHad(Exception):
    """A file cannot be had, now or later; the sentence says why and what to do."""


class Files:
    """Bytes on their way, off the event loop; `vault` is where they lie."""

    def __init__(self, calls: Calls, vault: Vault) -> None:
        self._calls = calls
        self.vault = vault

    async def keep(self, chain: str, record: Mapping[str, Any], now: datetime) -> Held:
        """Keep words with what is known of them, as one JSON text.

        A random word in it keeps anybody from guessing the words from the hash.

        Raises:
            NotWritten: nothing was kept.
        """
        salted = {**record, "salt": secrets.token_hex(16)}
        text = json.dumps(salted, ensure_ascii=False, sort_keys=True, indent=1)
        return await _off(self.vault.keep, chain, [text.encode()], now)

    async def reserve(self, chain: str, now: datetime) -> str:
        """Take a place for a file that is to come.

        Raises:
            NotWritten: the database did not take it.
        """
        return await _off(self.vault.reserve, chain, now)

    async def record(self, item: str, sha256: str | None = None) -> Json:
        """What was kept as one JSON text; `sha256` as the log has it, where it has.

        Raises:
            NotWritten: it cannot be read; the sentence says why.
        """
        return dict(json.loads(await _off(self._read, item, sha256)))

    async def text(self, held: Held, at_most_bytes: int) -> str | None:
        """What was kept, as text; None where it is none, or longer than that.

        Raises:
            NotWritten: it cannot be read; the sentence says why.
        """
        if held.size_bytes > at_most_bytes:
            return None
        content = await _off(self._read, held.item, held.sha256, at_most_bytes)
        return await asyncio.to_thread(plaintext.decoded, content)

    async def words(self, item: str, sha256: str | None) -> str:
        """A text, or the masked copy of one; see `text` and `record`.

        Raises:
            NotWritten: it cannot be read; the sentence says why.
        """
        return plaintext.decoded(await _off(self._read, item, sha256, _COPY_AT_MOST)) or ""

    async def whole(self, item: str, sha256: str | None) -> bytes:
        """The bytes of an original that goes to one person; see SENT_AT_MOST and `record`.

        Raises:
            NotWritten: it cannot be read; the sentence says why.
        """
        return await _off(self._read, item, sha256, SENT_AT_MOST)

    async def copy(self, chain: str, text: str, now: datetime) -> Held:
        """Keep the masked copy of a text.

        Raises:
            NotWritten: nothing was kept.
        """
        return await _off(self.vault.keep, chain, [text.encode()], now)

    async def destroy(self, item: str) -> None:
        """Destroy key and file.

        Raises:
            NotWritten: the database did not take it.
        """
        await _off(self.vault.destroy, item)

    async def forget(self, item: str) -> None:
        """The same, without a trace.

        Raises:
            NotWritten: the database did not take it.
        """
        await _off(self.vault.forget, item)

    async def scrub(self) -> bool:
        """Make destroyed keys leave the database's files too; False: others still read there."""
        return await _off(self.vault.scrub)

    async def items(self) -> list[Row]:
        """Every item of the vault, the oldest first."""
        return await _off(self.vault.items)

    async def sweep(self) -> int:
        """Remove files that crashes left; how many they were."""
        return await _off(self.vault.sweep)

    async def fetch(self, file_id: str, item: str) -> Held:
        """Bring a file of Slack's into its place in the vault, a MiB at a time.

        Raises:
            NotHad: it cannot be had; the sentence is for people.
            Retryable: not now.
            NotWritten: the vault or the database did not take it.
        """
        file = await self._found(file_id)
        url, size = str(file.get("url_private_download") or file["url_private"]), int(file["size"])
        try:
            with self.vault.writing(item) as writing:
                await self._download(url, writing)
                held = await asyncio.to_thread(writing.finish)
                if held.size_bytes != size:
                    await asyncio.to_thread(self.vault.destroy, item)
                    raise NotHad(f"Slack gave {held.size_bytes:,} of {size:,} bytes. Try again.")
        except StorageError as error:
            raise NotWritten(error) from error
        return held

    async def take(self, item: str, pieces: AsyncIterator[bytes]) -> Held:
        """Bring what comes from elsewhere into its place in the vault, piece by piece.

        Raises:
            NotWritten: the vault or the database did not take it.
        """
        try:
            with self.vault.writing(item) as writing:
                async for piece in pieces:
                    await asyncio.to_thread(writing.write, piece)
                return await asyncio.to_thread(writing.finish)
        except StorageError as error:
            raise NotWritten(error) from error

    async def _found(self, file_id: str) -> Json:
        try:
            answer = await self._calls("files.info", file=file_id)
        except Permanent as error:
            raise NotHad(_meaning(error)) from error
        file: Json = answer["file"]
        if file.get("mode") == "tombstone":
            raise NotHad(_GONE)
        if file.get("mode") == "hidden_by_limit":
            raise NotHad("Slack hides it: it is older than the workspace's plan shows.")
        if file.get("is_external"):
            raise NotHad("It lies outside Slack. Preserve its link, or upload it to the room.")
        if not int(file.get("size") or 0):
            raise NotHad("It is empty, 0 bytes: there is nothing to keep.")
        return file

    async def _download(self, url: str, writing: Writing) -> None:
        client = self._calls.client
        if not _is_slacks(url, client.base_url):
            raise NotHad("Its address is not Slack's, so the bot's token is not sent there.")
        limit = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=_QUIET_SECONDS)
        headers = {"Authorization": f"Bearer {client.token}"}
        session = client.session
        assert session
        try:
            got = session.get(url, headers=headers, timeout=limit, allow_redirects=False)
            async with got as answer:
                _require_given(answer.status)
                async for piece in answer.content.iter_chunked(_PIECE_BYTES):
                    await asyncio.to_thread(writing.write, piece)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unknown(f"download: {type(error).__name__}") from error

    def _read(self, item: str, sha256: str | None, at_most_bytes: int = _READ_AT_MOST) -> bytes:
        read = bytearray()
        try:
            for chunk in self.vault.read(item, sha256):
                read += chunk
                if len(read) > at_most_bytes:
                    raise StorageError("It is too long to be shown here.")
        except Damaged as error:
            raise StorageError(f"It is not as it was kept: {error}.") from error
        return bytes(read)


def named(files: Sequence[Json]) -> dict[str, str]:
    """The files of a message by their id; deleted ones have no name any more."""
    return {
        str(one["id"]): str(one.get("name") or one.get("title") or "a deleted file")
        for one in files
        if one.get("id")
    }


def _require_given(status: int) -> None:
    if status == 200:
        return
    if status in {404, 410}:
        raise NotHad(_GONE)
    if status in {301, 302, 303, 307, 401, 403}:  # Slack sends browsers to its login page
        raise NotHad(_NOT_SHOWN)
    raise Retryable(f"download: HTTP {status}")


def _meaning(error: Permanent) -> str:
    if error.code == "file_deleted":
        return _GONE
    if error.code == "missing_scope":
        return "The bot may not read files yet: whoever runs it adds the scope files:read."
    return _NOT_SHOWN


def _is_slacks(url: str, base_url: str) -> bool:
    """Whether the token may go there: Slack's own host, or one below it such as files.slack.com."""
    asked, base = urlsplit(url), urlsplit(base_url)
    if (asked.scheme, asked.netloc) == (base.scheme, base.netloc):
        return True
    host = asked.hostname or ""
    return asked.scheme == "https" and host.endswith(f".{base.hostname}") and asked.port is None


async def _off(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Run what waits for a disk or a database on a thread of its own."""
    try:
        return await asyncio.to_thread(work, *given, **named)
    except StorageError as error:
        raise NotWritten(error) from error
