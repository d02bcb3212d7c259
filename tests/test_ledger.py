"""Is what is read of a chain whole, whoever writes meanwhile?"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection, event

from bot import registry
from bot.core import ids
from bot.core.facts import Recorded, Words
from bot.core.facts.timeline import NoteAdded
from bot.core.incident import Incident
from bot.core.outcome import Outcome
from bot.ledger import Ledger, Stamp
from runbooks import load
from storage.db import Database

AT = datetime(2026, 11, 21, 3, 12, tzinfo=UTC)
CHAIN = ids.talk(1)  # a chain beside an incident's owes no slots


def test_words_written_while_a_chain_is_read_do_not_read_as_erased(database: Database) -> None:
    ledger = Ledger(registry.house(load.policy(), "/incident", announces=False))

    def write(conn: Connection, words: str) -> None:
        note = NoteAdded(text=Words(words), happened_at=AT)
        case = ledger.case(Incident(1), [])
        ledger.append(conn, CHAIN, Outcome((note,)), case, Stamp(AT, "UMARA"))

    database.write_now(lambda conn: write(conn, "the first"))
    others = iter(["the second"])

    def meanwhile(*_: object) -> None:
        if words := next(others, None):
            database.write_now(partial(write, words=words))

    def read(conn: Connection) -> list[Recorded]:
        event.listen(conn, "after_cursor_execute", meanwhile)
        return ledger.facts(conn, CHAIN)

    seen = [one.fact for one in database.read_now(read)]
    assert [one.text for one in seen if isinstance(one, NoteAdded)] == ["the first"]
    seen = [one.fact for one in database.read_now(lambda conn: ledger.facts(conn, CHAIN))]
    assert [one.text for one in seen if isinstance(one, NoteAdded)] == ["the first", "the second"]
