"""How is the real command line run, as processes, in a folder and an environment of its own?"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 60.0
STOP_SECONDS = 5.0
_LEFT_OUT = ("SLACK_", "WARROOM_", "DATABASE_URL", "PORT", "PYTHONUNBUFFERED")
_SECRETS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")


@dataclass(frozen=True)
class Finished:
    """What a command said before it ended."""

    code: int
    out: str
    err: str


class Running:
    """A command that goes on until it is told to stop."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self._child = child
        self.may_log_a_bug = False
        self._changed = asyncio.Event()
        self._texts = {"out": "", "err": ""}
        self._readers = [
            asyncio.create_task(self._read(name, stream))
            for name, stream in (("out", child.stdout), ("err", child.stderr))
            if stream
        ]

    @property
    def out(self) -> str:
        return self._texts["out"]

    @property
    def err(self) -> str:
        return self._texts["err"]

    async def said(self, words: str) -> str:
        """Wait until it said the words, on either output; all of its output."""
        async with asyncio.timeout(START_SECONDS):
            while words not in self.out + self.err:
                if all(reader.done() for reader in self._readers):
                    raise AssertionError(f"It ended without saying {words!r}: {self.err}")
                self._changed.clear()
                await self._changed.wait()
        return self.out

    async def ended(self) -> Finished:
        """Wait for its end."""
        async with asyncio.timeout(START_SECONDS):
            code = await self._child.wait()
            await asyncio.gather(*self._readers)
        return Finished(code, self.out, self.err)

    async def stopped(self, by: signal.Signals) -> Finished:
        """Send a signal and wait for the end, which has to come within five seconds."""
        self._child.send_signal(by)
        async with asyncio.timeout(STOP_SECONDS):
            return await self.ended()

    def is_running(self) -> bool:
        return self._child.returncode is None

    async def kill(self) -> None:
        if self.is_running():
            self._child.kill()
        await self._child.wait()
        await asyncio.gather(*self._readers)

    async def _read(self, name: str, stream: asyncio.StreamReader) -> None:
        while piece := await stream.read(4096):
            self._texts[name] += piece.decode()
            self._changed.set()
        self._changed.set()


class Terminal:
    """A folder and an environment in which `warroom` is typed; no output may show a secret."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self._variables = variables

    @property
    def variables(self) -> dict[str, str]:
        """What is set."""
        return dict(self._variables)

    def but(self, **variables: str) -> Terminal:
        """The same with some variables set otherwise; an empty one is as good as unset."""
        return Terminal(self.folder, **{**self._variables, **variables})

    async def run(self, *words: str) -> Finished:
        """Type a command and wait for its end."""
        command = Running(await self._start(words))
        try:
            finished = await command.ended()
        finally:
            await command.kill()
        self._check(finished)
        return finished

    async def refused(self, *words: str) -> str:
        """Type a command that cannot be carried out; the one sentence it says instead."""
        finished = await self.run(*words)
        assert finished.code == 2, finished
        assert finished.out == ""
        assert "Traceback" not in finished.err
        lines = finished.err.splitlines()
        assert len(lines) == 1, finished.err
        return lines[0]

    @contextlib.asynccontextmanager
    async def begun(self, *words: str) -> AsyncIterator[Running]:
        """Type a command that may end in any way."""
        command = Running(await self._start(words))
        try:
            yield command
            self._check(await command.ended())
        finally:
            await command.kill()

    @contextlib.asynccontextmanager
    async def running(self, *words: str, says: str) -> AsyncIterator[Running]:
        """Type a command that goes on; at the end SIGTERM has to stop it cleanly."""
        command = Running(await self._start(words))
        try:
            await command.said(says)
            yield command
            if command.is_running():
                await command.stopped(signal.SIGTERM)
            finished = await command.ended()
            assert finished.code == 0, finished
            assert command.may_log_a_bug or "Traceback" not in finished.err, finished.err
            self._check(finished)
        finally:
            await command.kill()

    async def _start(self, words: tuple[str, ...]) -> asyncio.subprocess.Process:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *words,
            cwd=self.folder,
            env={**kept, **self._variables},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            preexec_fn=_listen_to_ctrl_c,
        )

    def _check(self, finished: Finished) -> None:
        for name in _SECRETS:
            secret = self._variables.get(name)
            assert not secret or secret not in finished.out + finished.err, (name, finished)


def _listen_to_ctrl_c() -> None:
    """Where the tests run in the background of a shell, what they start would ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
