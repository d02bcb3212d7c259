"""Are subjects numbered without gaps, and listed without folding their facts?"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection

from storage import log, lookup, texts
from storage.db import Database

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def entry(number: int, status: str = "investigating", label: str | None = None) -> lookup.Entry:
    return lookup.Entry(number, f"incident/{number}", status, 1, False, True, label, AT, 2, None)


def save(database: Database, *entries: lookup.Entry) -> None:
    def work(conn: Connection) -> None:
        for one in entries:
            lookup.save(conn, lookup.Saved(one))

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


def test_whoever_holds_a_subject_is_told_the_end_of_its_chain(database: Database) -> None:
    draft = log.Draft("NoteAdded", 1, "U1", AT, {"text": "It gives doses"})
    facts = database.write_now(lambda conn: log.append(conn, "incident/1", [draft, draft]))
    save(database, replace(entry(1), last_seq=2), replace(entry(2), last_seq=5))
    held = database.write_now(lambda conn: [lookup.hold(conn, number) for number in (1, 2, 3)])
    assert held == [(2, facts[-1].hash), (5, None), None]


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
            lookup.save(conn, lookup.Saved(replace(before, last_seq=before.last_seq + 1)))

        start_together.wait()
        for _ in range(10):
            database.write_now(work)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(decide, range(4)))
    after = database.write_now(lambda conn: lookup.lock(conn, 1))
    assert after == replace(entry(1), last_seq=42)


def test_what_is_due_is_taken_the_longest_overdue_first_and_never_by_two(
    postgres_database: Database,
) -> None:
    later = AT + timedelta(minutes=1)
    rows = [replace(entry(number), next_due_at=AT) for number in (1, 2)]
    save(postgres_database, *rows, replace(entry(3), next_due_at=later), entry(4))

    def take(conn: Connection, limit: int = 10) -> list[int]:
        return list(lookup.take_due(conn, later, limit))

    with ThreadPoolExecutor(1) as other:

        def hold(conn: Connection) -> tuple[list[int], list[int]]:
            mine = take(conn, 2)
            theirs = other.submit(postgres_database.write_now, take).result(timeout=10)
            return mine, theirs

        assert postgres_database.write_now(hold) == ([1, 2], [3])
    assert postgres_database.write_now(lambda conn: lookup.take_due(conn, AT, 10)) == {
        1: (2, None),
        2: (2, None),
    }


def test_what_goes_on_or_has_still_to_be_looked_at_comes_the_next_due_first(
    database: Database,
) -> None:
    archived = replace(entry(2, "closed"), next_due_at=AT + timedelta(days=7))
    save(database, entry(1), archived, entry(3, "closed"), replace(entry(4), next_due_at=AT))
    assert database.read_now(lambda conn: lookup.going(conn, ["closed"])) == [4, 2, 1]


def test_by_what_deadlines_were_reckoned_is_remembered(database: Database) -> None:
    assert database.read_now(lookup.reckoned_by) is None
    for by in (2**31 - 1, 7):
        database.write_now(partial(lookup.set_reckoned_by, by=by))
        assert database.read_now(lookup.reckoned_by) == by


def test_several_are_saved_at_once_those_that_are_not_there_yet_too(database: Database) -> None:
    save(database, entry(1, label="name of 1"), entry(2, label="name of 2"))
    changed = [
        lookup.Saved(entry(2, "resolved"), keeps_label=True),
        lookup.Saved(entry(4, label="name of 4"), is_new=True),
        lookup.Saved(entry(1, "resolved", "another")),
        lookup.Saved(entry(3, label="name of 3")),
    ]
    database.write_now(lambda conn: lookup.save(conn, *changed))
    rows = database.read_now(lookup.entries)
    assert [(one.number, one.status, one.label_digest) for one, _ in reversed(rows)] == [
        (1, "resolved", "another"),
        (2, "resolved", "name of 2"),
        (3, "investigating", "name of 3"),
        (4, "investigating", "name of 4"),
    ]
