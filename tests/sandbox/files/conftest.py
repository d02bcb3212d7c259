"""Which parts do the tests of files share?"""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.files.world import Sender
from tests.sandbox.foreign import Api, made


@pytest.fixture
async def sender(api: Api, sandbox: Sandbox) -> AsyncIterator[Sender]:
    async with aiohttp.ClientSession() as session:
        yield Sender(api, sandbox, session)


@pytest.fixture
async def room(api: Api) -> str:
    """A public channel the app is in."""
    return await made(api)
