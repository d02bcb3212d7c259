"""How do a bot, its workspace and a system that it calls run beside a browser?"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.flows import running
from tests.hooks.receiver import Receiver, receiving

_ROOT = Path(__file__).resolve().parents[2]
_OURS = ("SLACK_", "WARROOM_", "DATABASE_URL", "PORT")
_KEYS = ("PAGERDUTY_ROUTING_KEY", "JIRA_SITE", "JIRA_LOGIN_SECRET")
_STARTS_WITHIN, _STOPS_WITHIN = 60, 30  # seconds


@dataclass(frozen=True)
class Stage:
    """Where the workspace's page is, and the tickets and pages that were received."""

    address: str
    receiver: Receiver


@contextlib.contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Workspace and bot as processes of their own, connected by Socket Mode, as in earnest."""
    with _receiver() as receiver, started(folder, "-m", "bot", "sandbox", "--no-rates") as sandbox:
        address = sandbox.said(r"http://127\.0\.0\.1:\d+")
        settings = {
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "SLACK_API_URL": f"{address}/api/",
            "WARROOM_ANNOUNCE_CHANNEL": "incidents",
            "WARROOM_CONTENT": str(running.content(receiver, folder / "content")),
            **dict.fromkeys(_KEYS, "zebrafish-of-the-pager"),
        }
        with started(folder, "-m", "bot", "run", **settings) as bot:
            bot.said("listening by Socket Mode")
            yield Stage(address, receiver)


@contextlib.contextmanager
def _receiver() -> Iterator[Receiver]:
    """A real server on this machine, which answers in a thread of its own."""
    loop, began = asyncio.new_event_loop(), threading.Event()
    found: list[Receiver] = []
    is_over = asyncio.Event()

    async def receive() -> None:
        async with receiving() as receiver:
            found.append(receiver)
            began.set()
            await is_over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(receive(),))
    thread.start()
    assert began.wait(_STOPS_WITHIN)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(is_over.set)
        thread.join(_STOPS_WITHIN)
        loop.close()


@contextlib.contextmanager
def started(folder: Path, *words: str, **settings: str) -> Iterator[Program]:
    """Start `python <words>`; stopped as Ctrl-C does, and that must go well."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    ours = {"PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        env={**kept, **ours, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    program = Program(process)
    try:
        yield program
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(_STOPS_WITHIN)
        program.reader.join(_STOPS_WITHIN)
    assert code == 0, program.text
    assert "Traceback" not in program.text, program.text


class Program:
    """A program, of which a thread reads what it says, lest it waits for a reader."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.text, self._has_ended = "", False
        self._process = process
        self._changed = threading.Condition()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def said(self, pattern: str) -> str:
        """Wait until it says this; the words that match."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._has_ended or re.search(pattern, self.text), _STARTS_WITHIN
            )
        found = re.search(pattern, self.text)
        assert found, f"it never said {pattern}: {self.text}"
        return found.group()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._changed:
                self.text += line
                self._changed.notify_all()
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()
