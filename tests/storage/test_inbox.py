"""Is a request carried out once, however often and however fast it comes?"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from storage import inbox, lookup
from storage.db import Database

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def test_a_new_request_was_not_seen(database: Database) -> None:
    assert database.read_now(lambda conn: inbox.seen(conn, "view/V1")) is None


def test_a_request_is_remembered_with_what_it_led_to(database: Database) -> None:
    led_to = inbox.Seen("incident/12", 3, 4)
    database.write_now(lambda conn: inbox.remember(conn, "view/V1", led_to, AT))
    assert database.read_now(lambda conn: inbox.seen(conn, "view/V1")) == led_to


def test_old_requests_are_forgotten(database: Database) -> None:
    def work(conn: Connection) -> int:
        for days in (0, 1, 2):
            led_to = inbox.Seen("incident/12", 1, 0)
            inbox.remember(conn, f"event/{days}", led_to, AT + timedelta(days=days))
        return inbox.prune(conn, AT + timedelta(days=1))

    assert database.write_now(work) == 1
    assert database.read_now(lambda conn: inbox.seen(conn, "event/0")) is None
    assert database.read_now(lambda conn: inbox.seen(conn, "event/1")) is not None


def test_of_two_at_once_the_second_sees_what_the_first_did(database: Database) -> None:
    start_together = threading.Barrier(2, timeout=10)

    def declare(_thread: int) -> tuple[int, bool]:
        def work(conn: Connection) -> tuple[int, bool]:
            if seen := inbox.seen(conn, "view/V1"):
                return seen.first_seq, True
            number = lookup.next_number(conn, "incident")
            inbox.remember(conn, "view/V1", inbox.Seen("incident/1", number, number), AT)
            return number, False

        start_together.wait()
        return database.write_now(work)

    with ThreadPoolExecutor() as threads:
        assert sorted(threads.map(declare, range(2))) == [(1, False), (1, True)]
    assert database.write_now(lambda conn: lookup.next_number(conn, "incident")) == 2


def test_on_postgres_the_second_is_tried_again_when_both_began_before_either_was_there(
    postgres_database: Database,
) -> None:
    both_looked = threading.Barrier(2, timeout=10)
    tries: list[int] = []

    def declare(thread: int) -> bool:
        def work(conn: Connection) -> bool:
            if inbox.seen(conn, "view/V1"):
                return True
            if thread not in tries:
                tries.append(thread)
                both_looked.wait()
            inbox.remember(conn, "view/V1", inbox.Seen("incident/1", 1, 1), AT)
            return False

        return postgres_database.write_now(work)

    with ThreadPoolExecutor() as threads:
        assert sorted(threads.map(declare, range(2))) == [False, True]
