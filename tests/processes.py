"""How is a program run as a process of its own, and killed?"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_START_SECONDS = 30.0
_OURS = ("SLACK_", "WARROOM_", "DATABASE_URL", "PORT")


@dataclass(frozen=True)
class Process:
    """A running program; `log` is the file that has what it wrote to stderr."""

    child: asyncio.subprocess.Process
    log: Path

    async def said(self, words: str) -> str:
        """Wait for a line with these words on its stdout; the line."""
        assert self.child.stdout is not None
        async with asyncio.timeout(_START_SECONDS):
            while line := (await self.child.stdout.readline()).decode():
                if words in line:
                    return line
        raise AssertionError(f"it ended without saying {words!r}:\n{self.log.read_text()}")

    async def go(self) -> None:
        """Let a program go on that waits for a line."""
        assert self.child.stdin is not None
        self.child.stdin.write(b"\n")
        await self.child.stdin.drain()

    async def kill(self) -> None:
        """kill -9, if it still runs."""
        if self.child.returncode is None:
            self.child.kill()
        await self.child.wait()


async def start(words: list[str], log: Path, variables: Mapping[str, str]) -> Process:
    """Start `python <words>` beside its log, with these and no other settings of the bot."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    with log.open("ab") as errors:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            *words,
            cwd=log.parent,
            env={**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **variables},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
        )
    return Process(child, log)
