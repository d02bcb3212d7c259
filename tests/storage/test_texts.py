"""Are people's words kept beside the log, and gone from the disk once they are erased?"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, text

from storage import outbox, texts
from storage.db import Database, LogBusy

MARKER = "Xanthippe-Ozymandias"
AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def put(database: Database, *bodies: str, chain: str = "incident/1") -> list[str]:
    return database.write_now(lambda conn: texts.put(conn, chain, bodies))


def erase(database: Database, *digests: str) -> int:
    return database.write_now(lambda conn: texts.erase(conn, digests))


def files_with_marker(database: Database) -> list[str]:
    """The files of a SQLite database that hold the marker, in UTF-8."""
    assert database.path is not None
    files = sorted(database.path.parent.glob(f"{database.path.name}*"))
    return [path.name for path in files if MARKER.encode() in path.read_bytes()]


def test_words_are_found_by_digest_and_by_chain(database: Database) -> None:
    first, second = put(database, "It gave a dose. ✓", "")
    (other,) = put(database, "elsewhere", chain="incident/2")
    wanted = [first, other, "gone"]
    assert database.read_now(lambda conn: texts.get(conn, "incident/1", wanted)) == {
        first: "It gave a dose. ✓"
    }
    assert database.read_now(lambda conn: texts.of_chain(conn, "incident/1")) == {
        first: "It gave a dose. ✓",
        second: "",
    }


def test_the_same_words_twice_have_two_digests(database: Database) -> None:
    # Else whoever can guess an erased text could confirm the guess by another one's digest.
    first, second = put(database, "yes", "yes")
    assert first != second


def test_putting_nothing_is_nothing(database: Database) -> None:
    assert put(database) == []


def test_erased_words_are_gone_and_the_others_stay(database: Database) -> None:
    first, second = put(database, "to be erased", "to be kept")
    assert erase(database, first, "unknown") == 1
    assert database.read_now(lambda conn: texts.get(conn, "incident/1", [first, second])) == {
        second: "to be kept"
    }


def test_erased_words_leave_no_bytes_in_the_files_of_sqlite(sqlite_database: Database) -> None:
    digests = put(sqlite_database, MARKER, "kept", MARKER * 1000)
    assert files_with_marker(sqlite_database) != []
    erase(sqlite_database, digests[0], digests[2])
    texts.scrub(sqlite_database)
    assert files_with_marker(sqlite_database) == []


@pytest.mark.parametrize("seed", range(3))
def test_no_bytes_stay_behind_where_pages_were_split_and_joined(
    sqlite_database: Database, seed: int
) -> None:
    chance = random.Random(seed)
    marked = []
    for _ in range(20):
        bodies = [MARKER * chance.randint(1, 30) for _ in range(20)]
        marked += put(sqlite_database, *bodies)
        put(sqlite_database, *("z" * chance.randint(1, 3000) for _ in range(5)))
        chance.shuffle(marked)
        for _ in range(8):
            erase(sqlite_database, marked.pop())
    erase(sqlite_database, *marked)
    texts.scrub(sqlite_database)
    assert files_with_marker(sqlite_database) == []


def test_delivered_bodies_leave_no_bytes_in_the_files_of_sqlite(
    sqlite_database: Database,
) -> None:
    def deliver(conn: Connection) -> None:
        posts = [outbox.Item(f"post/{n}", f"lane/{n}", "post", {"text": MARKER}) for n in range(9)]
        outbox.put(conn, posts, AT)

    def settle(conn: Connection) -> None:
        claimed = outbox.claim(conn, outbox.Worker("w", timedelta(seconds=30)), AT, 9)
        outbox.settle(
            conn, "w", [outbox.Done(row.id, row.attempts, row.version) for row in claimed], AT
        )

    sqlite_database.write_now(deliver)
    assert files_with_marker(sqlite_database) != []
    sqlite_database.write_now(settle)
    texts.scrub(sqlite_database)
    assert files_with_marker(sqlite_database) == []


def test_a_reader_in_the_middle_of_things_does_not_bring_the_words_back(
    sqlite_database: Database,
) -> None:
    (digest,) = put(sqlite_database, MARKER)
    sqlite_database.read_now(lambda conn: texts.get(conn, "incident/1", [digest]))
    erase(sqlite_database, digest)
    texts.scrub(sqlite_database)
    assert sqlite_database.read_now(lambda conn: texts.get(conn, "incident/1", [digest])) == {}
    assert files_with_marker(sqlite_database) == []


def test_a_writer_that_holds_up_the_scrubbing_is_told_as_such(sqlite_database: Database) -> None:
    (digest,) = put(sqlite_database, MARKER)
    erase(sqlite_database, digest)

    def work(conn: Connection) -> None:  # holds the file for the five seconds that scrubbing waits
        texts.put(conn, "incident/1", ["kept"])
        texts.scrub(sqlite_database)

    with pytest.raises(LogBusy, match="The words are erased, but"):
        sqlite_database.write_now(work)


def test_erased_words_leave_no_bytes_in_the_tables_of_postgres(
    postgres_database: Database, postgres_url: str
) -> None:
    def tables_with_marker() -> int:
        # Where the rows of the table are on disk now; the old file is gone with the old rows.
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            row = connection.execute(
                "SELECT current_setting('data_directory') || '/' || pg_relation_filepath('texts')"
            ).fetchone()
        assert row is not None
        return Path(row[0]).read_bytes().count(MARKER.encode())

    digest, _kept = put(postgres_database, MARKER, "kept")
    assert tables_with_marker() == 1
    erase(postgres_database, digest)
    assert tables_with_marker() == 1
    texts.scrub(postgres_database)
    assert tables_with_marker() == 0


def test_scrubbing_leaves_the_rest_as_it_was(database: Database) -> None:
    digest, erased = put(database, "kept", "erased")
    erase(database, erased)
    texts.scrub(database)
    count = text("SELECT count(*) FROM texts")
    assert database.read_now(lambda conn: conn.execute(count).scalar_one()) == 1
    assert database.read_now(lambda conn: texts.get(conn, "incident/1", [digest])) == {
        digest: "kept"
    }
