"""Which server is asked, and how long does whoever asks wait?"""

from __future__ import annotations

import asyncio
import threading
from functools import partial

import pytest
from sqlalchemy import Connection

from storage import dialects
from storage.db import Database, LogBusy, Unanswered
from tests.storage.test_db import keys, remember


def test_several_servers_are_named_as_postgres_names_them() -> None:
    given = "postgresql://bot:a%2Cb@one:5432,two:5433/rooms?sslmode=require"
    where = dialects.address(given)
    _, arguments = where.get_dialect()().create_connect_args(where)
    assert arguments["host"] == "one,two"
    assert arguments["port"] == "5432,5433"
    assert arguments["password"] == "a,b"
    assert arguments["dbname"] == "rooms"
    assert arguments["target_session_attrs"] == "read-write"
    assert arguments["sslmode"] == "require"


async def test_what_waits_too_long_is_given_up_before_it_began(database: Database) -> None:
    release, begun = threading.Event(), [threading.Event() for _ in range(4)]

    def hold(conn: Connection, number: int) -> None:
        begun[number].set()
        release.wait()

    busy = 1 if database.is_sqlite else 4
    held = [asyncio.create_task(database.write(partial(hold, number=one))) for one in range(busy)]
    for one in begun[:busy]:
        await asyncio.to_thread(one.wait)
    with pytest.raises(LogBusy):
        await database.write(remember("view/1"), patience=0.05)
    with pytest.raises(Unanswered):
        await slow(database)
    release.set()
    await asyncio.gather(*held)
    await database.write(remember("view/2"), patience=20)
    assert keys(database) == ["view/2"]


async def slow(database: Database) -> None:
    """Ask for something that takes longer than whoever asks has patience."""
    asked = threading.Event()

    def work(_conn: Connection) -> None:
        asked.wait()

    try:
        await database.read(work, patience=0.05)
    finally:
        asked.set()
