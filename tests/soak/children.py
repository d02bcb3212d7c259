"""How does a test start killable bots, and know when they are dead?"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes import ROOT

_SECONDS = 60.0  # for a start, on a machine that others use as well


@dataclass(eq=False)
class Child:
    """A bot; `lines` is what it said so far, `points` the points it passed."""

    log: Path
    pid: int = 0
    lines: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    dead: asyncio.Event = field(default_factory=asyncio.Event)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _writer: asyncio.StreamWriter | None = None

    async def said(self, words: str) -> None:
        """Wait until it said this.

        Raises:
            ChildProcessError: it died without saying it.
        """
        async with asyncio.timeout(_SECONDS):
            while not any(words in line for line in self.lines):
                if self.dead.is_set():
                    raise ChildProcessError(f"It died without saying {words!r}; see {self.log}.")
                self._news.clear()
                await self._news.wait()

    def kill(self) -> None:
        """kill -9; `dead` is set as soon as it let everything go."""
        if not self.dead.is_set():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def die_at(self, point: str) -> None:
        """From now on: die at this point, tell all of them ("*"), or none ("")."""
        self.lines = [line for line in self.lines if line != "obeyed die"]
        self._order(f"die {point}")
        await self.said("obeyed die")

    def clock_moved(self) -> None:
        """The shared clock was put forward."""
        if not self.dead.is_set():
            self._order("clock")

    def _order(self, order: str) -> None:
        assert self._writer is not None
        self._writer.write(f"{order}\n".encode())

    async def listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take down what it says until it dies."""
        self._writer = writer
        self._news.set()
        with contextlib.suppress(ConnectionError):
            while line := (await reader.readline()).decode().rstrip("\n"):
                said, _, point = line.partition(" ")
                if said == "at":
                    self.points.append(point)
                else:
                    self.lines.append(line)
                self._news.set()
        writer.close()
        self.dead.set()
        self._news.set()


@dataclass
class Nursery:
    """Where bots come from: a process that has loaded all they need, and forks."""

    process: asyncio.subprocess.Process
    _expected: dict[str, Child] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    async def start(
        self, words: Sequence[str], folder: Path, variables: Mapping[str, str]
    ) -> Child:
        """A bot that runs `python -m bot <words>`; it has only just begun to."""
        child = Child(folder / "bots.log")
        order = {
            "id": str(next(self._numbers)),
            "words": list(words),
            "folder": str(folder),
            "log": str(child.log),
            "variables": dict(variables),
        }
        self._expected[str(order["id"])] = child
        assert self.process.stdin
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        await child.said("born")
        return child

    async def welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A bot was born."""
        line = (await reader.readline()).decode()
        _, number, pid = line.split()
        child = self._expected.pop(number)
        child.pid = int(pid)
        child.lines.append(line)
        await child.listen(reader, writer)


@contextlib.asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    """A nursery; at its end it dies, and all its bots."""
    # Not the test's folder: the path of a Unix socket may have 107 characters at most.
    folder = Path(tempfile.mkdtemp(prefix="warroom-soak-"))
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SLACK_", "WARROOM_", "DATABASE_URL", "PORT"))
    }
    address = folder / "line"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.soak.killable", str(address)),
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdin=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    home = Nursery(process)
    try:
        async with await asyncio.start_unix_server(home.welcome, address):
            yield home
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()
        shutil.rmtree(folder, ignore_errors=True)
