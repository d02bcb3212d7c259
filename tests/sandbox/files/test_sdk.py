"""Do the uploads of Slack's own clients work here as they are?"""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.client import WebClient

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.files.world import BOT, MARA

BYTES = bytes(range(256)) * 4


@pytest.mark.rule("files.upload.bodies", "files.upload.answer")
async def test_the_blocking_client_uploads_lists_and_deletes(
    sandbox: Sandbox, room: str, tmp_path: Path
) -> None:
    client = WebClient(token="xoxb-sandbox", base_url=f"{sandbox.workspace.url}/api/")
    on_disk = tmp_path / "graph.png"
    on_disk.write_bytes(BYTES)

    def talk() -> None:
        parent = client.chat_postMessage(channel=room, text="Down")["ts"]
        one = client.files_upload_v2(
            channel=room, file=str(on_disk), title="Graph", initial_comment="Look", thread_ts=parent
        )
        assert one["file"]["title"] == "Graph"
        several = client.files_upload_v2(
            channels=[room, MARA],
            file_uploads=[
                {"file": io.BytesIO(BYTES), "filename": "a.bin"},
                {"content": "print(1)", "filename": "a.py", "snippet_type": "python"},
            ],
        )
        ids = [file["id"] for file in several["files"]]
        assert [client.files_info(file=each)["file"]["size"] for each in ids] == [1024, 8]
        assert [each["id"] for each in client.files_list(channel=room)["files"]] == [
            *reversed(ids),
            one["file"]["id"],
        ]
        client.files_delete(file=ids[0])
        with pytest.raises(SlackApiError) as refused:
            client.files_info(file=ids[0])
        assert refused.value.response["error"] == "file_deleted"

    await asyncio.to_thread(talk)
    kept = sandbox.workspace.files.values()
    assert [file.content for file in kept] == [BYTES, b"", b"print(1)"]
    assert {file.user for file in kept} == {BOT}


@pytest.mark.rule("files.upload.bodies", "files.upload.answer")
async def test_the_async_client_uploads_and_asks_by_get(sandbox: Sandbox, room: str) -> None:
    client = AsyncWebClient(token="xoxb-sandbox", base_url=f"{sandbox.workspace.url}/api/")
    done = await client.files_upload_v2(
        channel=room, content=BYTES, filename="a.bin", initial_comment="Look", alt_txt="Bytes"
    )
    file = (await client.files_info(file=done["file"]["id"]))["file"]
    assert (file["size"], file["alt_txt"]) == (1024, "Bytes")
    listed = await client.files_list(types=["all"], count=5)
    assert [each["id"] for each in listed["files"]] == [file["id"]]
    history = await client.conversations_history(channel=room, limit=1)
    assert [each["id"] for each in history["messages"][0]["files"]] == [file["id"]]
    await client.files_delete(file=file["id"])
    assert sandbox.workspace.files[file["id"]].is_deleted
