"""In which room do the flows take place?"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.room import Room, war_room


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
