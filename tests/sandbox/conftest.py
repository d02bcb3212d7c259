"""Which parts do the sandbox's tests share?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import (
    Api,
    HandMovedClock,
    Meeting,
    over_http,
    over_socket_mode,
    write_manifest,
)


@pytest.fixture
def clock() -> HandMovedClock:
    return HandMovedClock()


@pytest.fixture
async def sandbox(tmp_path: Path, clock: HandMovedClock) -> AsyncIterator[Sandbox]:
    """A workspace whose app does not listen."""
    sandbox = Sandbox(write_manifest(tmp_path), now=clock.now)
    async with sandbox.running():
        yield sandbox


@pytest.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(sandbox.workspace.url, session)


@pytest.fixture(params=[over_socket_mode, over_http], ids=["socket-mode", "http"])
async def meeting(
    request: pytest.FixtureRequest, tmp_path: Path, clock: HandMovedClock
) -> AsyncIterator[Meeting]:
    """A plain Bolt app in the workspace, over each of the two transports."""
    async with request.param(write_manifest(tmp_path), clock) as meeting:
        yield meeting


@pytest.fixture
async def heard(meeting: Meeting) -> AsyncIterator[Api]:
    """The Web API of the workspace the foreign app is in."""
    async with aiohttp.ClientSession() as session:
        yield Api(meeting.base_url, session)
