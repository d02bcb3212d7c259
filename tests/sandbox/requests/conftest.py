"""What do tests of requests share?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import HandMovedClock
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
