"""Does each lock hold up those alone whom it is for?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

import storage
from storage import locks, looks, outbox
from storage.db import Database
from storage.locks import Lock
from tests.storage.owed import AT, LEASE, Outbox, post


def test_each_lock_has_a_number_of_its_own() -> None:
    numbers = [int(lock) for lock in Lock.__members__.values()]
    assert len(set(numbers)) == len(numbers) > 3


def test_locks_are_taken_where_their_numbers_are_listed_and_in_the_log_alone() -> None:
    folder = Path(storage.__file__).parent
    naming = {
        path.name for path in folder.rglob("*.py") if "pg_advisory" in path.read_text("utf-8")
    }
    assert naming == {"locks.py", "log.py"}


@pytest.mark.parametrize("held", Lock)
def test_who_holds_one_holds_up_nobody_who_wants_another(
    held: Lock, postgres_database: Database
) -> None:
    def free(conn: Connection) -> set[Lock]:
        tried = text("SELECT pg_try_advisory_xact_lock(:lock)")
        return {one for one in Lock if conn.execute(tried, {"lock": int(one)}).scalar_one()}

    def work(conn: Connection) -> set[Lock]:
        locks.hold(conn, held)
        return postgres_database.write_now(free)

    assert postgres_database.write_now(work) == set(Lock) - {held}


def test_what_is_owed_is_claimed_while_somebody_chooses_which_rooms_to_look_at(
    postgres_database: Database,
) -> None:
    box, toll = Outbox(postgres_database), outbox.Toll("pins.add", timedelta(seconds=3))
    box.put(post("hello"))

    def claim(conn: Connection) -> list[str]:
        conn.execute(text("SET LOCAL lock_timeout = '2s'"))
        rows = outbox.claim(conn, outbox.Worker("w1", LEASE), AT, 1, lambda _: [toll])
        return [row.name for row in rows]

    def work(conn: Connection) -> list[str]:
        looks.guard(conn)
        return postgres_database.write_now(claim)

    assert postgres_database.write_now(work) == ["hello"]
