"""What do tests of requests share?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Api, HandMovedClock
from tests.sandbox.requests.listener import Listener, asked_over_http, listening


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with listening() as listener:
        yield listener


@pytest.fixture
async def asked(
    tmp_path: Path, clock: HandMovedClock, listener: Listener
) -> AsyncIterator[Sandbox]:
    """A workspace whose app is the listener."""
    async with asked_over_http(tmp_path, clock, listener) as sandbox:
        yield sandbox


@pytest.fixture
async def api_of_asked(asked: Sandbox) -> AsyncIterator[Api]:
    """The Web API of that workspace, whose app is in #general and has heard of that."""
    async with aiohttp.ClientSession() as session:
        api = Api(asked.workspace.url, session)
        await api.ok("conversations.join", channel="C0GENERAL")
        yield api
