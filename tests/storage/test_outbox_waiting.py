"""Does what waits for a subject come at once when it can, or go where it cannot?"""

from __future__ import annotations

from storage import outbox
from storage.db import Database
from tests.storage.owed import ALL, AT, Outbox, keep, later, post, refusal


def test_what_was_put_off_is_due_at_once_and_nothing_of_another_subject(
    database: Database,
) -> None:
    box = Outbox(database)
    box.put(post("mine", subject="incident/1"), post("theirs", subject="incident/2"))
    claimed = box.claim()
    put_off = [
        outbox.Later(one.id, one.attempts, later(300), "not now", False) for one in claimed.values()
    ]
    database.write_now(lambda conn: outbox.settle(conn, "w1", put_off, AT))
    assert box.claim(later(1)) == {}
    assert database.write_now(lambda conn: outbox.hurry(conn, "incident/1", later(2))) == 1
    assert list(box.claim(later(2))) == ["mine"]


def test_what_may_have_happened_is_hurried_no_more_than_it_can_be_looked_for(
    database: Database,
) -> None:
    box = Outbox(database)
    box.put(post("mine", subject="incident/1"))
    held = box.claim()["mine"]
    box.settle(outbox.Later(held.id, held.attempts, later(90), "timed out", is_uncertain=True))
    database.write_now(lambda conn: outbox.hurry(conn, "incident/1", later(1)))
    database.write_now(lambda conn: outbox.hurry(conn, "incident/1", later(2)))
    assert box.claim(later(2.9)) == {}
    assert list(box.claim(later(3))) == ["mine"]


def test_what_is_under_way_to_a_subject_is_known_by_name(database: Database) -> None:
    box = Outbox(database)
    box.put(post("a", subject="incident/1"), post("b", subject="incident/2"))
    assert database.read_now(lambda conn: outbox.open_names(conn, "incident/1")) == {"a"}
    [one] = [row for row in box.claim().values() if row.name == "a"]
    assert database.read_now(lambda conn: outbox.open_names(conn, "incident/1")) == {"a"}
    database.write_now(
        lambda conn: outbox.settle(conn, "w1", [outbox.Done(one.id, one.attempts, 1)], AT)
    )
    assert database.read_now(lambda conn: outbox.open_names(conn, "incident/1")) == set()


def test_a_refused_slot_that_another_shows_is_let_go_and_nothing_else(database: Database) -> None:
    box = Outbox(database)
    box.put(keep("summary/1", "x"), keep("summary/2", "y"))
    [first, _] = box.claim().values()
    failed = [refusal(first, "message_not_found")]
    database.write_now(lambda conn: outbox.settle(conn, "w1", failed, AT))
    assert database.write_now(lambda conn: outbox.let_go(conn, "summary/1"))
    assert not database.write_now(lambda conn: outbox.let_go(conn, "summary/2"))
    rows = database.read_now(lambda conn: outbox.listing(conn, ALL))
    assert [row.state for row in rows] == ["dropped", "claimed"]
