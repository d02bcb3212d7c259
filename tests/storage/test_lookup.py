"""Are subjects numbered without gaps, and listed without folding their facts?"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from storage import lookup, texts
from storage.db import Database

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def entry(number: int, status: str = "investigating", label: str | None = None) -> lookup.Entry:
    return lookup.Entry(number, f"incident/{number}", status, 1, False, True, label, AT, 2, None)


def save(database: Database, *entries: lookup.Entry) -> None:
    def work(conn: Connection) -> None:
        for one in entries:
            lookup.save(conn, one)

    database.write_now(work)


async def test_fifty_at_once_are_numbered_without_gap_or_double(database: Database) -> None:
    taking = [database.write(lambda conn: lookup.next_number(conn, "incident")) for _ in range(50)]
    assert sorted(await asyncio.gather(*taking)) == list(range(1, 51))


def test_each_counter_counts_for_itself(database: Database) -> None:
    def work(conn: Connection) -> list[int]:
        return [lookup.next_number(conn, name) for name in ("incident", "near-miss", "incident")]

    assert database.write_now(work) == [1, 1, 2]


def test_a_number_goes_back_when_its_transaction_does(database: Database) -> None:
    def work(conn: Connection) -> None:
        lookup.next_number(conn, "incident")
        raise LookupError

    with pytest.raises(LookupError):
        database.write_now(work)
    assert database.write_now(lambda conn: lookup.next_number(conn, "incident")) == 1


def test_saving_again_replaces_the_row(database: Database) -> None:
    save(database, entry(1), entry(2))
    later = replace(entry(1), status="resolved", last_seq=9, next_due_at=AT, is_private=True)
    save(database, later)
    assert database.write_now(lambda conn: lookup.lock(conn, 1)) == later
    assert database.write_now(lambda conn: lookup.lock(conn, 2)) == entry(2)
    assert database.write_now(lambda conn: lookup.lock(conn, 3)) is None


def test_the_newest_comes_first_with_its_name(database: Database) -> None:
    names = ["Bot gives doses", "Erased one"]
    kept, erased = database.write_now(lambda conn: texts.put(conn, "incident/1", names))
    rows = [entry(1, label=kept), entry(2, "resolved"), entry(3, label=erased)]
    save(database, *rows)
    database.write_now(lambda conn: texts.erase(conn, [erased]))
    listed = database.read_now(lookup.entries)
    assert listed == [(rows[2], None), (rows[1], None), (rows[0], "Bot gives doses")]


def test_the_list_can_be_narrowed_to_some_statuses(database: Database) -> None:
    save(database, entry(1), entry(2, "resolved"), entry(3, "closed"))
    numbers = database.read_now(
        lambda conn: [one.number for one, _ in lookup.entries(conn, ["resolved", "closed"])]
    )
    assert numbers == [3, 2]
    assert database.read_now(lambda conn: lookup.entries(conn, [])) == []


def test_two_decisions_about_one_subject_come_one_after_the_other(database: Database) -> None:
    save(database, entry(1))
    start_together = threading.Barrier(4, timeout=10)

    def decide(_thread: int) -> None:
        def work(conn: Connection) -> None:
            before = lookup.lock(conn, 1)
            assert before is not None
            lookup.save(conn, replace(before, last_seq=before.last_seq + 1))

        start_together.wait()
        for _ in range(10):
            database.write_now(work)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(decide, range(4)))
    after = database.write_now(lambda conn: lookup.lock(conn, 1))
    assert after == replace(entry(1), last_seq=42)
