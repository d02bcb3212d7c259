"""Is what was written on disk, and does a person learn why when it is not?"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import IntegrityError

from storage import inbox, lookup, texts
from storage.backup import backup
from storage.db import (
    AlreadyOwned,
    Database,
    LogBusy,
    StorageError,
    Unwritable,
)
from storage.tables import inbox as inbox_table
from storage.tables import texts as texts_table

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def remember(key: str) -> Callable[[Connection], None]:
    """Work that writes one row."""
    return lambda conn: inbox.remember(conn, key, inbox.Seen("incident/1", 1, 1), AT)


def keys(database: Database) -> list[str]:
    """The rows that `remember` wrote."""
    return list(database.read_now(lambda conn: conn.execute(select(inbox_table.c.key)).scalars()))


def pragma(database: Database, setting: str) -> None:
    """Set something for the one connection that writes."""
    database.write_now(lambda conn: conn.exec_driver_sql(f"PRAGMA {setting}").close())


async def test_a_write_is_there_for_everyone_when_it_returns(database: Database) -> None:
    await database.write(remember("view/1"))
    beside = Database.open(database.url)
    assert await beside.read(lambda conn: inbox.seen(conn, "view/1")) is not None
    beside.close()


async def test_what_comes_after_the_end_is_told_that_it_was_not_taken(database: Database) -> None:
    database.close()
    with pytest.raises(Unwritable, match="closed"):
        await database.write(remember("late"))
    with pytest.raises(Unwritable, match="closed"):
        await database.read(lambda conn: None)


async def test_what_raises_leaves_nothing_behind(database: Database) -> None:
    def work(conn: Connection) -> None:
        remember("view/1")(conn)
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(work)
    assert keys(database) == []


async def test_a_reading_connection_cannot_write(database: Database) -> None:
    with pytest.raises(Unwritable):
        await database.read(remember("view/1"))
    assert keys(database) == []


def test_a_fault_of_ours_is_not_taken_for_a_full_disk(database: Database) -> None:
    database.write_now(remember("view/1"))
    with pytest.raises(IntegrityError):
        database.write_now(remember("view/1"))


def test_an_error_does_not_quote_what_people_typed(database: Database) -> None:
    def work(conn: Connection) -> None:
        row = {"digest": "d", "chain": "c", "salt": b"s", "body": "It gave a dose."}
        conn.execute(insert(texts_table), row)
        conn.execute(insert(texts_table), row)

    with pytest.raises(IntegrityError) as caught:
        database.write_now(work)
    assert "dose" not in str(caught.value)


def test_every_sqlite_connection_keeps_what_it_promised(sqlite_database: Database) -> None:
    names = "journal_mode synchronous busy_timeout foreign_keys recursive_triggers secure_delete"

    def settings(conn: Connection) -> list[object]:
        return [conn.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names.split()]

    assert sqlite_database.write_now(settings) == ["wal", 2, 2000, 1, 1, 1]
    assert sqlite_database.read_now(settings) == ["wal", 2, 2000, 1, 1, 1]


def test_a_second_bot_on_the_same_file_is_refused(sqlite_database: Database) -> None:
    with ThreadPoolExecutor() as threads:  # who closes it may be another thread
        threads.submit(sqlite_database.own).result()
    second = Database.open(sqlite_database.url)
    with pytest.raises(AlreadyOwned, match="Another bot is running on .*warroom.db"):
        second.own()
    sqlite_database.close()
    second.own()
    second.close()


def test_reading_and_backing_up_beside_the_owner_is_welcome(
    sqlite_database: Database, tmp_path: Path
) -> None:
    sqlite_database.own()
    sqlite_database.write_now(remember("view/1"))
    beside = Database.open(sqlite_database.url)
    assert keys(beside) == ["view/1"]
    backup(beside, tmp_path / "copy.db")
    beside.close()
    assert (tmp_path / "copy.db").exists()


def test_several_bots_may_own_a_postgres_database(postgres_database: Database) -> None:
    second = Database.open(postgres_database.url)
    postgres_database.own()
    second.own()
    second.close()


def test_a_full_disk_is_told_and_nothing_is_half_written(sqlite_database: Database) -> None:
    pragma(sqlite_database, "max_page_count=1")  # SQLite takes the pages there are as the least
    bodies = ["x" * 100_000]
    with pytest.raises(Unwritable) as caught:
        sqlite_database.write_now(lambda conn: texts.put(conn, "incident/1", bodies))
    assert caught.value.sentence == "The log cannot be written: the disk is full."
    pragma(sqlite_database, "max_page_count=100000")
    sqlite_database.write_now(lambda conn: texts.put(conn, "incident/1", bodies))
    assert len(sqlite_database.read_now(lambda conn: texts.of_chain(conn, "incident/1"))) == 1


def test_a_read_only_file_is_told(sqlite_database: Database) -> None:
    pragma(sqlite_database, "query_only=ON")
    with pytest.raises(Unwritable, match="cannot be written: the file is read-only"):
        sqlite_database.write_now(remember("view/1"))


def test_a_folder_that_is_gone_is_told(sqlite_url: str, tmp_path: Path) -> None:
    database = Database.open(sqlite_url)
    database.make()
    shutil.rmtree(tmp_path / "var")
    with pytest.raises(Unwritable, match="cannot be written: the file cannot be opened"):
        database.write_now(remember("view/1"))
    database.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")
    database = Database.open(f"sqlite:///{tmp_path}/var/warroom.db")
    with pytest.raises(Unwritable, match="var cannot be made"):
        database.make()
    with pytest.raises(Unwritable, match="var cannot be made"):
        database.own()
    database.close()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "warroom.db").write_text("Dear diary, " * 100)
    database = Database.open(f"sqlite:///{tmp_path}/warroom.db")
    with pytest.raises(Unwritable, match="cannot be read: the file is not a database"):
        keys(database)
    database.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://here/db", "warroom"])
def test_an_address_that_is_neither_is_refused(url: str) -> None:
    with pytest.raises(StorageError, match="DATABASE_URL has to look like"):
        Database.open(url)


def test_a_locked_file_is_told_as_busy(sqlite_database: Database) -> None:
    pragma(sqlite_database, "busy_timeout=50")
    other = sqlite3.connect(str(sqlite_database.path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LogBusy):
        sqlite_database.write_now(remember("view/1"))
    other.close()
    sqlite_database.write_now(remember("view/1"))
    assert keys(sqlite_database) == ["view/1"]


def test_a_locked_row_is_told_as_busy(postgres_database: Database, postgres_url: str) -> None:
    postgres_database.write_now(lambda conn: lookup.next_number(conn, "incident"))
    with psycopg.connect(postgres_url) as other:
        other.execute("UPDATE counters SET value = 7")

        def count(conn: Connection) -> int:
            conn.execute(text("SET LOCAL lock_timeout = '50ms'"))
            return lookup.next_number(conn, "incident")

        with pytest.raises(LogBusy):
            postgres_database.write_now(count)
    assert postgres_database.write_now(count) == 8


def test_waiting_for_a_lock_ends_after_two_seconds_on_postgres(
    postgres_database: Database,
) -> None:
    shown = postgres_database.write_now(
        lambda conn: conn.execute(text("SHOW lock_timeout")).scalar_one()
    )
    assert shown == "2s"


def test_a_server_that_does_not_answer_is_told() -> None:
    database = Database.open("postgres://nobody@127.0.0.1:1/none")
    with pytest.raises(Unwritable, match="cannot be written: the database does not answer"):
        database.write_now(remember("view/1"))
    database.close()


def test_a_database_that_is_not_there_is_told(postgres_url: str) -> None:
    database = Database.open(postgres_url.replace("/warroom_", "/elsewhere_"))
    with pytest.raises(Unwritable):
        database.read_now(lambda conn: inbox.seen(conn, "view/1"))
    database.close()


def test_a_broken_connection_is_made_anew(postgres_database: Database, postgres_url: str) -> None:
    postgres_database.write_now(remember("view/1"))
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    postgres_database.write_now(remember("view/2"))
    assert sorted(keys(postgres_database)) == ["view/1", "view/2"]


def test_two_that_lock_each_other_out_are_both_done_in_the_end(
    postgres_database: Database,
) -> None:
    for name in ("incident", "near-miss"):
        postgres_database.write_now(partial(lookup.next_number, counter=name))
    both_hold_one = threading.Barrier(2, timeout=10)
    tries: list[str] = []

    def count(first: str, second: str) -> int:
        def work(conn: Connection) -> int:
            tries.append(first)
            lookup.next_number(conn, first)
            if tries.count(first) == 1:
                both_hold_one.wait()
            return lookup.next_number(conn, second)

        return postgres_database.write_now(work)

    with ThreadPoolExecutor() as threads:
        results = list(threads.map(count, ["incident", "near-miss"], ["near-miss", "incident"]))
    assert sorted(results) == [2, 3]
    assert len(tries) >= 3


def test_what_can_never_succeed_is_tried_three_times_at_most(postgres_database: Database) -> None:
    tries = []

    def work(conn: Connection) -> None:
        tries.append(1)
        row = {"key": "k", "chain": "c", "first_seq": 1, "last_seq": 1, "at": AT}
        conn.execute(insert(inbox_table), [row, row])

    with pytest.raises(IntegrityError):
        postgres_database.write_now(work)
    assert len(tries) == 3


def test_one_snapshot_too_many_is_told_as_busy(sqlite_database: Database) -> None:
    with contextlib.ExitStack() as held:
        held.enter_context(pytest.raises(LogBusy))
        for _ in range(9):
            lookup.next_due_at(held.enter_context(sqlite_database.snapshot()))
