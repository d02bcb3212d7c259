"""Does `warroom` load only what it is about to run?"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest

_BOT = {"bot.app", "bot.engine", "storage", "sqlalchemy", "slack_bolt"}


async def _loaded(folder: Path, *words: str) -> set[str]:
    """The modules that a command imports until it has said how it is used."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-X", "importtime", "-m", "bot", *words, "--help"),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await child.communicate()
    assert b"Usage: warroom" in out or b"Usage: python -m bot" in out, err
    return set(re.findall(r"\| +([\w.]+)$", err.decode(), re.MULTILINE))


async def test_the_sandbox_starts_without_the_bot(tmp_path: Path) -> None:
    assert not await _loaded(tmp_path, "sandbox") & _BOT


@pytest.mark.parametrize("command", ["run", "verify"])
async def test_every_other_command_starts_with_the_bot(tmp_path: Path, command: str) -> None:
    assert await _loaded(tmp_path, command) >= _BOT
