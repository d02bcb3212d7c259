"""Which parts do the tests of the command line share?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.sandbox.sandbox import Sandbox
from bot.slack import manifest
from tests.cli.terminal import Terminal


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A workspace with the app of manifest.yaml, over Socket Mode."""
    sandbox = Sandbox(manifest.PATH, now=Clock().now)
    async with sandbox.running():
        yield sandbox


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """An empty folder with no settings."""
    return Terminal(tmp_path)


@pytest.fixture
def connected(terminal: Terminal, sandbox: Sandbox) -> Terminal:
    """Everything set that a bot in the sandbox needs."""
    return connect(terminal, sandbox)


def connect(terminal: Terminal, sandbox: Sandbox) -> Terminal:
    """Set what a bot in this sandbox needs."""
    return terminal.but(
        SLACK_BOT_TOKEN="xoxb-sandbox",
        SLACK_APP_TOKEN="xapp-sandbox",
        SLACK_API_URL=f"{sandbox.workspace.url}/api/",
        WARROOM_ANNOUNCE_CHANNEL="incidents",
    )
