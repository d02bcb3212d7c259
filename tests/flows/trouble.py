"""How does a database really stop taking anything?"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psycopg

from storage.db import Database


@contextlib.contextmanager
def taking_nothing(database: Database) -> Iterator[str]:
    """Nothing can be written meanwhile; the cause as people read it."""
    if database.is_sqlite:
        _limit_pages(database, 1)  # SQLite takes the size it has
        yield "the disk is full"
        _limit_pages(database, 2**30)
        return
    name = database.url.rpartition("/")[2].partition("?")[0]
    server = database.url.replace("+psycopg", "").replace(f"/{name}?", "/postgres?")
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        gone = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
        admin.execute(gone, [name])
        yield "the database does not answer"
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())


def _limit_pages(database: Database, most: int) -> None:
    # The writer has one connection, and it keeps the limit.
    database.write_now(lambda conn: conn.exec_driver_sql(f"PRAGMA max_page_count = {most}").all())
