"""How do tests put files into the workspace, as an app without an SDK would?"""

from __future__ import annotations

from typing import Any

import aiohttp

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Api, Json

GENERAL, MARA, EXEC, BOT = "C0GENERAL", "U0ONCALL", "U0EXEC", "U0HELPER"
TOKEN = {"Authorization": "Bearer xoxb-sandbox"}
COMPLETE = "files.completeUploadExternal"
Named = list[tuple[str, bytes]]


class Sender:
    """The three steps of an upload, and the events and downloads that follow."""

    def __init__(self, api: Api, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.api, self.sandbox, self.session = api, sandbox, session
        self.events: list[Json] = []
        sandbox.workspace.take_events(self.events.append)

    async def asked(self, length: int = 5, filename: str = "a.txt", **more: Any) -> Json:
        """An upload that was asked for."""
        return await self.api.ok(
            "files.getUploadURLExternal", filename=filename, length=length, **more
        )

    async def sent(self, content: bytes = b"hello", filename: str = "a.txt", **more: Any) -> str:
        """The id of a file whose bytes were sent."""
        asked = await self.asked(len(content), filename, **more)
        async with self.session.post(asked["upload_url"], data=content) as answer:
            assert answer.status == 200, await answer.text()
        return str(asked["file_id"])

    async def status(self, url: str, content: bytes) -> int:
        """The HTTP status of an upload."""
        async with self.session.post(url, data=content) as answer:
            return answer.status

    async def uploaded(
        self, filename: str = "a.txt", content: bytes = b"hello", **more: Any
    ) -> str:
        """The id of a file that was completed."""
        file_id = await self.sent(content, filename)
        await self.api.ok(COMPLETE, files=[{"id": file_id}], **more)
        return file_id

    async def info(self, file_id: str) -> Json:
        """What files.info says of a file."""
        found: Json = (await self.api.ok("files.info", file=file_id))["file"]
        return found

    async def download(self, url: str, **headers: str) -> tuple[int, bytes, str]:
        """The status, the bytes and the place of a redirect that is not followed."""
        async with self.session.get(url, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.read(), answer.headers.get("Location", "")

    def told(self, kind: str) -> list[Json]:
        """The events of this type so far."""
        return [event for event in self.events if event["type"] == kind]
