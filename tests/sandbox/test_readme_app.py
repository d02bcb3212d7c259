"""Does the app in the README work as it stands there, over both transports?"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox import control
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import listen
from tests.sandbox.foreign import HandMovedClock

README = (Path(control.__file__).parent / "README.md").read_text(encoding="utf-8")
MARA, GENERAL = "U0ONCALL", "C0GENERAL"


def block(language: str) -> str:
    """The only block of this language in the README."""
    [code] = re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return str(code)


@contextlib.asynccontextmanager
async def running(folder: Path, base_url: str, port: int | None) -> AsyncIterator[None]:
    """The app of the README, once it says that it runs."""
    program = folder / "lunch.py"
    program.write_text(block("python"), encoding="utf-8")
    told = re.search(r"^    SLACK_API_URL=\S+ (SLACK_.*)$", README, re.MULTILINE)
    assert told is not None
    env = {**os.environ, "SLACK_API_URL": f"{base_url}/api/", "PYTHONUNBUFFERED": "1"}
    env |= dict(word.split("=", 1) for word in told.group(1).split())
    env |= {} if port is None else {"PORT": str(port)}
    child = await asyncio.create_subprocess_exec(
        sys.executable, program, env=env, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    try:
        async with asyncio.timeout(30):
            assert b"Bolt app is running" in await child.stdout.readline()
        yield
    finally:
        child.kill()
        await child.wait()


@pytest.mark.parametrize("is_over_http", [False, True], ids=["socket-mode", "http"])
async def test_the_app_in_the_readme_answers(
    tmp_path: Path, clock: HandMovedClock, is_over_http: bool
) -> None:
    manifest = tmp_path / "lunch.yaml"
    manifest.write_text(block("yaml"), encoding="utf-8")
    port = None
    if is_over_http:
        with listen(0) as found:
            port = int(found.getsockname()[1])
    app_url = None if port is None else f"http://127.0.0.1:{port}/slack/events"
    sandbox = Sandbox(manifest, now=clock.now, app_url=app_url)
    async with sandbox.running() as base_url, running(tmp_path, base_url, port):
        await sandbox.as_person(MARA).slash(GENERAL, "/lunch thai")
        [answer] = sandbox.workspace.messages_seen_by(GENERAL, MARA)
        assert (answer.text, answer.ephemeral_to) == ("We eat at thai.", MARA)
        assert answer.user == "U0LUNCH"
