"""Does a file of a gigabyte pass through with little memory?"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

ROOT = Path(__file__).parents[2]
MIB = 1024 * 1024
PIECE = bytes(range(256)) * (MIB // 256)
GIGABYTE_MIB = 1024
MOST_BYTES = 300 * MIB


@contextlib.asynccontextmanager
async def served(size_mib: int) -> AsyncIterator[str]:
    """A server that knows one file of so many MiB, and never holds more than one of them."""

    async def info(request: web.Request) -> web.Response:
        url = str(request.url.with_path("/files-pri/F1").with_query(None))
        file = {"id": "F1", "size": size_mib * MIB, "mode": "hosted", "url_private": url}
        return web.json_response({"ok": True, "file": file})

    async def download(request: web.Request) -> web.StreamResponse:
        assert request.headers["Authorization"] == "Bearer xoxb-large"
        answer = web.StreamResponse(headers={"Content-Length": str(size_mib * MIB)})
        await answer.prepare(request)
        for _ in range(size_mib):
            await answer.write(PIECE)
        return answer

    app = web.Application()
    app.router.add_get("/api/files.info", info)
    app.router.add_get("/files-pri/F1", download)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}/api/"
    finally:
        await runner.cleanup()


async def test_a_gigabyte_passes_through_with_less_than_300_mib_of_memory(tmp_path: Path) -> None:
    async with served(GIGABYTE_MIB) as api_url:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.storage.large", api_url, str(tmp_path),
            cwd=ROOT, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await child.communicate()
    shutil.rmtree(tmp_path)  # or each run would leave a gigabyte behind
    assert child.returncode == 0
    carried = json.loads(out)
    expected = hashlib.sha256()
    for _ in range(GIGABYTE_MIB):
        expected.update(PIECE)
    assert carried["size_bytes"] == GIGABYTE_MIB * MIB
    assert carried["sha256"] == carried["again"] == expected.hexdigest()
    assert carried["peak_bytes"] < MOST_BYTES
