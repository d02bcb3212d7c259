"""Do words that were changed, moved or taken without an erasure show?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from storage import log, texts
from storage.db import Database

CHAIN = "incident/1"
AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def draft(kind: str = "Declared", **payload: Any) -> log.Draft:
    return log.Draft(kind, 1, "U1", AT, payload)


def append(database: Database, *drafts: log.Draft, chain: str = CHAIN) -> None:
    database.write_now(lambda conn: log.append(conn, chain, drafts))


def change(database: Database, statement: str) -> None:
    """As somebody does who owns the database; no trigger guards words."""
    database.write_now(lambda conn: conn.execute(text(statement)))


def verify(database: Database) -> log.Verification:
    return database.read_now(log.verify)


def test_verifying_finds_words_that_were_changed_at_any_depth(database: Database) -> None:
    digest = database.write_now(lambda conn: texts.put(conn, CHAIN, ["It gave a dose."]))[0]
    append(database, draft(), draft(quotes=[{"said": {"words": digest}}]))
    assert verify(database).broken is None
    change(database, "UPDATE texts SET body = 'It gave no dose.'")
    reason = "Its words were changed after they were written."
    assert verify(database).broken == log.Broken(CHAIN, 2, reason)


def noted(database: Database, *bodies: str) -> list[str]:
    """A fact for each of these texts; their digests."""
    digests = database.write_now(lambda conn: texts.put(conn, CHAIN, bodies))
    append(database, *[draft(title={"words": digest}) for digest in digests])
    return digests


def test_erased_words_leave_the_chain_whole(database: Database) -> None:
    digest, _ = noted(database, "It gave a dose.", "It was stopped.")
    database.write_now(lambda conn: texts.erase(conn, [digest]))
    append(database, draft(log.ERASURE, places=["1.title"]))
    assert verify(database) == log.Verification(chains=1, facts=3)


def test_words_that_went_without_an_erasure_show(database: Database) -> None:
    _, digest = noted(database, "It gave a dose.", "It was stopped.")
    database.write_now(lambda conn: texts.erase(conn, [digest]))
    append(database, draft(log.ERASURE, places=["1.title"]))
    append(database, draft(), chain="incident/2")
    reason = "Its words are missing, and no erasure says why."
    assert verify(database).broken == log.Broken(CHAIN, 2, reason)


def test_words_put_into_another_chain_are_missing_in_their_own(database: Database) -> None:
    [digest] = noted(database, "Do not roll back.")
    change(database, "UPDATE texts SET chain = 'elsewhere', body = 'Roll back.'")
    assert database.read_now(lambda conn: texts.get(conn, CHAIN, [digest])) == {}
    assert database.read_now(lambda conn: texts.of_chain(conn, CHAIN)) == {}
    assert verify(database).broken == log.Broken(
        CHAIN, 1, "Its words are missing, and no erasure says why."
    )


@pytest.mark.parametrize(
    "what",
    [
        "salt = CAST(salt || CAST('Do not ' AS BLOB) AS BLOB), body = substr(body, 8)",
        "salt = 'a text'",
        "salt = CAST('' AS BLOB)",
        "body = CAST(body AS BLOB)",
    ],
)
def test_words_whose_salt_is_none_show(sqlite_database: Database, what: str) -> None:
    noted(sqlite_database, "Do not roll back.")
    change(sqlite_database, f"UPDATE texts SET {what}")
    reason = "Its words were changed after they were written."
    assert verify(sqlite_database).broken == log.Broken(CHAIN, 1, reason)
