"""In which room do the flows take place?"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.flows.story import TITLE
from tests.room import Room, StillClock, war_room


@pytest.fixture
async def room(sqlite_url: str) -> AsyncIterator[Room]:
    """A workspace with the bot in it, on SQLite."""
    async with war_room(sqlite_url) as room:
        yield room


@pytest.fixture
async def any_room(database_url: str) -> AsyncIterator[Room]:
    """The same, once on SQLite and once on Postgres."""
    async with war_room(database_url) as room:
        yield room


@pytest.fixture
async def quiet_room(database_url: str) -> AsyncIterator[Room]:
    """A room that Mara declared, with everything in it, on a clock that stands still."""
    async with war_room(database_url, clock=StillClock()) as room:
        await room.declare(TITLE, severity="SEV3")
        await room.settled()
        yield room
