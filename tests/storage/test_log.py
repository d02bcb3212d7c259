"""Does the log keep what was appended, and show what was tampered with?"""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage import log
from storage.db import Database

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
DROP_TRIGGERS = {
    True: [
        "DROP TRIGGER facts_refuse_update",
        "DROP TRIGGER facts_refuse_delete",
        "DROP TRIGGER facts_refuse_replace",
    ],
    False: ["DROP TRIGGER facts_refuse_change ON facts"],
}
CHAIN = "incident/1"


def draft(kind: str = "Declared", **payload: Any) -> log.Draft:
    return log.Draft(kind, 1, "U1", AT, payload)


def append(database: Database, *drafts: log.Draft, chain: str = CHAIN) -> list[log.Fact]:
    return database.write_now(lambda conn: log.append(conn, chain, drafts))


def read(database: Database, after: int = 0) -> list[log.Fact]:
    return database.read_now(lambda conn: log.read(conn, CHAIN, after))


def verify(database: Database) -> log.Verification:
    return database.read_now(log.verify)


def run(database: Database, *statements: str) -> None:
    def work(conn: Any) -> None:
        for statement in statements:
            conn.execute(text(statement))

    database.write_now(work)


def tamper(database: Database, *statements: str) -> None:
    """Change facts as somebody would who owns the database and knows of the triggers."""
    run(database, *DROP_TRIGGERS[database.is_sqlite], *statements)


def three(database: Database) -> None:
    for severity in ("SEV3", "SEV2", "SEV1"):
        append(database, draft("SeverityChanged", severity=severity))


def test_many_who_append_to_one_chain_at_once_all_get_a_place(database: Database) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: append(database, draft(number=number)), range(64)))
    assert sorted(fact.payload["number"] for fact in read(database)) == list(range(64))
    assert verify(database) == log.Verification(chains=1, facts=64)


def test_facts_come_back_as_they_were_appended(database: Database) -> None:
    there = datetime(2026, 3, 1, 10, 30, tzinfo=timezone(timedelta(hours=2)))
    payload: dict[str, Any] = {
        "title": {"words": "ab"},
        "roles": ("ic", "scribe"),
        "b": 1.5,
        "a": None,
        "ä": "✓",
    }
    appended = append(database, draft(**payload), log.Draft("Closed", 3, "U2", there, {}))
    assert read(database) == appended
    assert [(fact.seq, fact.kind, fact.version, fact.actor) for fact in appended] == [
        (1, "Declared", 1, "U1"),
        (2, "Closed", 3, "U2"),
    ]
    assert appended[0].payload == {**payload, "roles": ["ic", "scribe"]}
    assert appended[1].at == datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    assert appended[1].at.tzinfo is UTC


def test_a_fact_is_sealed_over_everything_it_says(database: Database) -> None:
    (fact,) = append(database, draft(severity="SEV1"))
    sealed = {
        "actor": "U1",
        "at": "2026-03-01T09:00:00.000000+00:00",
        "chain": CHAIN,
        "kind": "Declared",
        "payload": '{"severity":"SEV1"}',
        "prev_hash": "0" * 64,
        "seq": 1,
        "version": 1,
    }
    as_text = json.dumps(sealed, separators=(",", ":"), sort_keys=True)
    assert fact.hash == hashlib.sha256(as_text.encode()).hexdigest()


def test_each_chain_counts_from_one_and_follows_its_own_last_fact(database: Database) -> None:
    first, second = append(database, draft(), draft())
    (other,) = append(database, draft(), chain="incident/2")
    (third,) = append(database, draft())
    assert [first.seq, second.seq, third.seq, other.seq] == [1, 2, 3, 1]
    assert third.prev_hash == second.hash
    assert other.prev_hash == "0" * 64
    assert database.read_now(log.chains) == ["incident/1", "incident/2"]


def test_reading_can_begin_behind_what_is_known(database: Database) -> None:
    append(database, draft("A"), draft("B"), draft("C"))
    assert [fact.kind for fact in read(database, after=1)] == ["B", "C"]


def test_appending_nothing_is_nothing(database: Database) -> None:
    assert append(database) == []
    assert read(database) == []


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = AT.replace(tzinfo=None)
    with pytest.raises(ValueError, match="no time zone"):
        append(database, log.Draft("Declared", 1, "U1", naive, {}))
    assert read(database) == []


COPY_OF_FIRST = (
    "INTO facts SELECT chain, seq, 'Forged', version, actor, at, payload, prev_hash, hash "
    "FROM facts"
)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE facts SET actor = 'U9'", "DELETE FROM facts", f"INSERT {COPY_OF_FIRST}"],
)
def test_the_log_refuses_to_be_changed(database: Database, statement: str) -> None:
    before = append(database, draft())
    with pytest.raises(DBAPIError):
        run(database, statement)
    assert read(database) == before


def test_sqlite_refuses_to_replace_a_fact_even_where_pragmas_are_off(
    sqlite_database: Database,
) -> None:
    before = append(sqlite_database, draft())
    with (
        pytest.raises(DBAPIError, match="append-only"),
        sqlite_database.unwrapped() as connection,
    ):
        connection.execute(text(f"INSERT OR REPLACE {COPY_OF_FIRST}"))
    assert read(sqlite_database) == before


def test_postgres_refuses_to_truncate_the_log(postgres_database: Database) -> None:
    before = append(postgres_database, draft())
    with pytest.raises(DBAPIError, match="append-only"):
        run(postgres_database, "TRUNCATE facts CASCADE")
    assert read(postgres_database) == before


def test_the_triggers_are_there_at_head_on_sqlite(sqlite_database: Database) -> None:
    query = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'facts'")
    found = sqlite_database.read_now(lambda conn: set(conn.execute(query).scalars()))
    assert found == {"facts_refuse_update", "facts_refuse_delete", "facts_refuse_replace"}


def test_the_triggers_are_there_at_head_on_postgres(postgres_database: Database) -> None:
    query = text(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'facts'::regclass AND tgenabled = 'O'"
    )
    found = postgres_database.read_now(lambda conn: set(conn.execute(query).scalars()))
    assert found == {"facts_refuse_change", "facts_refuse_truncate"}


def test_an_untouched_log_is_whole(database: Database) -> None:
    three(database)
    append(database, draft(), chain="incident/2")
    assert verify(database) == log.Verification(chains=2, facts=4)


CHANGED = "It was changed after it was written."
TAMPERINGS = {
    "a payload": (['UPDATE facts SET payload = \'{"severity":"SEV4"}\' WHERE seq = 2'], 2, CHANGED),
    "an actor": (["UPDATE facts SET actor = 'U9' WHERE seq = 1"], 1, CHANGED),
    "a kind": (["UPDATE facts SET kind = 'Closed' WHERE seq = 3"], 3, CHANGED),
    "a time": (
        ["UPDATE facts SET at = '2026-03-01T09:00:00.000001+00:00' WHERE seq = 3"],
        3,
        CHANGED,
    ),
    "a time into nonsense": (["UPDATE facts SET at = 'noon' WHERE seq = 3"], 3, CHANGED),
    "a payload into nonsense": (
        ["UPDATE facts SET payload = 'hello' WHERE seq = 1"],
        1,
        "It cannot be read.",
    ),
    "a hash": (
        [f"UPDATE facts SET hash = '{'f' * 64}' WHERE seq = 2"],
        2,
        CHANGED,
    ),
    "one fact taken out": (
        ["DELETE FROM facts WHERE seq = 2"],
        2,
        "It is missing; the next one there is fact 3.",
    ),
    "one fact taken out and the rest moved up": (
        ["DELETE FROM facts WHERE seq = 2", "UPDATE facts SET seq = 2 WHERE seq = 3"],
        2,
        "It does not follow the fact before it.",
    ),
    "the beginning taken off": (
        ["DELETE FROM facts WHERE seq = 1"],
        1,
        "It is missing; the next one there is fact 2.",
    ),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_verifying_finds(database: Database, what: str) -> None:
    statements, seq, reason = TAMPERINGS[what]
    three(database)
    tamper(database, *statements)
    assert verify(database).broken == log.Broken(CHAIN, seq, reason)


def test_verifying_finds_a_fact_that_was_sealed_anew_by_the_one_behind_it(
    database: Database,
) -> None:
    three(database)
    forged = append(database, draft("SeverityChanged", severity="SEV4"), chain="elsewhere")[0]
    tamper(
        database,
        f"UPDATE facts SET hash = '{forged.hash}', chain = 'elsewhere', seq = 2 "
        f"WHERE chain = '{CHAIN}' AND seq = 3",
    )
    assert verify(database).broken == log.Broken(
        "elsewhere", 2, "It does not follow the fact before it."
    )


def test_verifying_tells_how_far_it_is(database: Database) -> None:
    append(database, *[draft() for _ in range(1500)])
    heard: list[tuple[int, int]] = []
    database.read_now(lambda conn: log.verify(conn, lambda at, of: heard.append((at, of))))
    assert heard == [(1000, 1500), (1500, 1500)]
