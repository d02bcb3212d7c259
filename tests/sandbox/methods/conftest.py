"""Which parts do the tests of single methods share?"""

from __future__ import annotations

import pytest

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Api
from tests.sandbox.methods.world import World
from tests.sandbox.methods.world import world as built


@pytest.fixture
async def world(api: Api, sandbox: Sandbox) -> World:
    """A workspace with rooms and messages whose names tables use."""
    return await built(api, sandbox)
