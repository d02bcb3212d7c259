"""Is a copy whole, though a bot writes meanwhile, and does it become a database again?"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, text

from storage import inbox, log, lookup, migrate, outbox, schema, texts
from storage.backup import backup
from storage.db import AlreadyOwned, Database, StorageError
from storage.restore import restore
from storage.tables import facts
from tests.storage.test_schema import pretend

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)
WORDS = "It gave a dose. \u2068\U0001f9ea\u2069"


def append(database: Database, chain: str = "incident/1") -> None:
    """One fact with words of its own."""

    def work(conn: Connection) -> None:
        [digest] = texts.put(conn, chain, [WORDS])
        draft = log.Draft("Declared", 1, "U1", AT, {"title": {"words": digest}})
        log.append(conn, chain, [draft])

    database.write_now(work)


def fill(database: Database) -> None:
    """Something in every table, and deliveries in every state."""
    for _ in range(3):
        append(database)
    append(database, "talk/1")

    def work(conn: Connection) -> None:
        number = lookup.next_number(conn, "incident")
        entry = lookup.Entry(number, "incident/1", "open", 1, False, True, None, AT, 3, AT)
        lookup.save(conn, lookup.Saved(entry, is_new=True))
        inbox.remember(conn, "view/1", inbox.Seen("incident/1", 1, 3), AT)
        for name in ("delivered", "under way", "waiting"):
            outbox.put(conn, [outbox.Item(name, name, "post", {"text": name}, gives=name)], AT)
        [first, _] = outbox.claim(conn, outbox.Worker("gone", LEASE), AT, 2)
        done = outbox.Done(first.id, first.attempts, 1, {"channel": "C1"})
        outbox.settle(conn, "gone", [done], AT)

    database.write_now(work)


@contextlib.contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database.open(url)
    yield database
    database.close()


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """A database without tables, once on SQLite and once on Postgres."""
    with opened(database_url) as database:
        yield database


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Database]:
    """A SQLite database with something in every table."""
    with opened(f"sqlite:///{tmp_path}/full/warroom.db") as database:
        migrate.upgrade(database)
        fill(database)
        yield database


def contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the tables that a delivery does not change."""
    names = ("facts", "texts", "inbox", "lookup", "counters", "refs")

    def rows(conn: Connection, name: str) -> list[tuple[object, ...]]:
        found = conn.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2"))
        return [tuple(1 if one is True else one or 0 for one in row) for row in found]

    return database.read_now(lambda conn: {name: rows(conn, name) for name in names})


def test_a_copy_holds_what_was_committed_and_verifies(database: Database, tmp_path: Path) -> None:
    append(database)
    assert backup(database, tmp_path / "copy.db") == log.Verification(chains=1, facts=1)
    append(database)
    with opened(f"sqlite:///{tmp_path}/copy.db") as copy:
        schema.require_current(copy)
        assert copy.read_now(log.verify) == log.Verification(chains=1, facts=1)
    assert database.read_now(log.verify) == log.Verification(chains=1, facts=2)


def test_a_copy_is_one_file_that_only_its_owner_reads(database: Database, tmp_path: Path) -> None:
    append(database)
    (tmp_path / "copies").mkdir()
    backup(database, tmp_path / "copies" / "of [today].db")
    assert os.listdir(tmp_path / "copies") == ["of [today].db"]
    assert (tmp_path / "copies" / "of [today].db").stat().st_mode & 0o777 == 0o600


def test_a_copy_can_be_made_while_a_write_is_under_way(database: Database, tmp_path: Path) -> None:
    append(database)

    def work(conn: Connection) -> None:
        log.append(conn, "incident/1", [log.Draft("Declared", 1, "U1", AT, {})])
        backup(database, tmp_path / "copy.db")

    database.write_now(work)
    with opened(f"sqlite:///{tmp_path}/copy.db") as copy:
        assert copy.read_now(log.verify) == log.Verification(chains=1, facts=1)


def test_a_copy_of_a_bot_that_is_down_holds_everything(
    sqlite_database: Database, tmp_path: Path
) -> None:
    append(sqlite_database)
    sqlite_database.close()
    with opened(sqlite_database.url) as again:
        assert backup(again, tmp_path / "copy.db").facts == 1


def test_a_broken_log_is_copied_all_the_same_and_said_to_be_broken(
    full: Database, tmp_path: Path
) -> None:
    tamper(full)
    found = backup(full, tmp_path / "copy.db")
    assert found.broken == log.Broken("incident/1", 2, "It was changed after it was written.")
    assert (tmp_path / "copy.db").exists()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_copy_becomes_a_database_again_on_either(
    kind: str, database: Database, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    fill(database)
    backup(database, tmp_path / "copy.db")
    url = f"sqlite:///{tmp_path}/again/warroom.db"
    if kind == "postgres":
        url = second_postgres(request.getfixturevalue("postgres_server"))
    with opened(url) as again:
        assert restore(again, tmp_path / "copy.db") == log.Verification(chains=2, facts=4)
        assert contents(again) == contents(database)
        append(again)
        owe_one_more(again)
        assert again.read_now(log.verify).broken is None


def test_what_was_owed_is_looked_for_before_it_is_sent_again(
    full: Database, empty: Database, tmp_path: Path
) -> None:
    backup(full, tmp_path / "copy.db")
    restore(empty, tmp_path / "copy.db")
    new = outbox.Worker("new", LEASE)
    claimed = empty.write_now(lambda conn: outbox.claim(conn, new, AT, limit=10))
    assert [(one.name, one.is_uncertain, one.first_claimed_at) for one in claimed] == [
        ("under way", True, AT),
        ("waiting", True, AT),
    ]


def test_a_database_that_holds_something_is_left_alone(
    full: Database, database: Database, tmp_path: Path
) -> None:
    backup(full, tmp_path / "copy.db")
    append(database, "incident/9")
    with pytest.raises(StorageError, match="The database is not empty"):
        restore(database, tmp_path / "copy.db")
    assert database.read_now(log.chains) == ["incident/9"]


def test_a_database_that_has_only_tables_is_loaded(
    full: Database, database: Database, tmp_path: Path
) -> None:
    backup(full, tmp_path / "copy.db")
    restore(database, tmp_path / "copy.db")
    assert contents(database) == contents(full)


def test_a_copy_whose_log_is_broken_is_not_loaded(
    full: Database, empty: Database, tmp_path: Path
) -> None:
    tamper(full)
    backup(full, tmp_path / "copy.db")
    with pytest.raises(StorageError) as caught:
        restore(empty, tmp_path / "copy.db")
    assert caught.value.sentence == (
        f"The log in {tmp_path}/copy.db is broken: incident/1, fact 2. It was changed after it "
        "was written. Nothing was loaded; take an older copy."
    )
    assert empty.read_now(schema.found) is None


def test_what_goes_wrong_while_loading_leaves_an_empty_database(
    full: Database, database: Database, tmp_path: Path
) -> None:
    backup(full, tmp_path / "copy.db")
    database.write_now(lambda conn: conn.execute(text(LOSING[conn.dialect.name])))
    with pytest.raises(StorageError, match="The copy lacks facts of incident/1"):
        restore(database, tmp_path / "copy.db")
    assert database.read_now(log.chains) == []


# A disk that takes a row and forgets it.
LOSING = {
    "sqlite": "CREATE TRIGGER losing BEFORE INSERT ON facts WHEN NEW.seq = 3 "
    "BEGIN SELECT RAISE(IGNORE); END",
    "postgresql": "CREATE RULE losing AS ON INSERT TO facts WHERE NEW.seq = 3 DO INSTEAD NOTHING",
}


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("nothing", "There is no copy at"),
        ("a letter", "The log cannot be copied: the file is not a database."),
        ("another database", "is no copy that `warroom backup` made"),
        ("a copy of tomorrow", "newer than this version"),
    ],
)
def test_what_is_no_copy_is_told(
    what: str, told: str, full: Database, empty: Database, tmp_path: Path
) -> None:
    source = tmp_path / "copy.db"
    if what == "a letter":
        source.write_text("Dear diary, " * 100)
    if what == "another database":
        with contextlib.closing(sqlite3.connect(source)) as other:
            other.execute("CREATE TABLE diary (day TEXT)")
    if what == "a copy of tomorrow":
        pretend(full, "9999")
        backup_as_is(full, source)
    with pytest.raises(StorageError, match=told):
        restore(empty, source)


def test_a_running_bot_is_not_loaded_over(
    full: Database, sqlite_database: Database, tmp_path: Path
) -> None:
    backup(full, tmp_path / "copy.db")
    sqlite_database.own()
    with opened(sqlite_database.url) as beside, pytest.raises(AlreadyOwned):
        restore(beside, tmp_path / "copy.db")


def tamper(database: Database) -> None:
    """Put a fact into the chain that does not follow the first."""

    def work(conn: Connection) -> None:
        row = {"chain": "incident/1", "seq": 2, "kind": "Declared", "version": 1, "actor": "U1"}
        conn.execute(text("DROP TRIGGER facts_refuse_delete"))
        conn.execute(text("DELETE FROM facts WHERE chain = 'incident/1' AND seq >= 2"))
        [first] = log.read(conn, "incident/1")
        forged = {"at": AT, "payload": "{}", "prev_hash": first.hash, "hash": "f" * 64}
        conn.execute(insert(facts), {**row, **forged})

    database.write_now(work)


def owe_one_more(database: Database) -> None:
    """Owe something new, whose id must not be one that was loaded."""
    item = outbox.Item("new", "new", "post", {"text": "new"})
    assert database.write_now(lambda conn: outbox.put(conn, [item], AT)) == 1


def backup_as_is(database: Database, target: Path) -> None:
    with database.snapshot() as source, contextlib.closing(sqlite3.connect(target)) as copy:
        source.connection.driver_connection.backup(copy)  # type: ignore[union-attr]


def second_postgres(server: object) -> str:
    """The address of another empty Postgres database."""
    uri = server.get_uri()  # type: ignore[attr-defined]
    with opened(uri) as admin, admin.unwrapped() as conn:
        conn.execute(text("DROP DATABASE IF EXISTS loaded_again"))
        conn.execute(text("CREATE DATABASE loaded_again"))
    return str(server.get_uri("loaded_again"))  # type: ignore[attr-defined]
